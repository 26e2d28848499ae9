"""What every device ledger must do."""

import asyncio

import attrs
import pytest

from application.faults import Unavailable
from application.ports.device_ledger import DeviceLedger, Effects
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.rules.judge import Cleared, Memory
from domain.rules.leaves import Belief
from domain.rules.track import Line, Track
from tests.contracts.assembly import Assembly, StoreContract, Stores
from tests.contracts.builders import (
    ACCOUNT,
    DEVICE,
    NOW_MS,
    OTHER_ACCOUNT,
    accepted,
    alert,
    batch,
    effect,
    history,
    quarantined,
    stored,
)

_ALL_MS = (0, 2**52)


class DeviceLedgerContract(StoreContract):
    PORT = DeviceLedger

    async def test_a_device_without_a_history_has_an_empty_one(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            found = await stores.ledger.histories([(ACCOUNT, "a"), (ACCOUNT, "b")])
            assert found == {name: history(0, device=name) for name in ("a", "b")}
            assert await stores.ledger.histories([]) == {}

    async def test_a_history_comes_back_as_it_was_put(self, assembly: Assembly) -> None:
        memory = Memory(
            3, True, NOW_MS, True, True, NOW_MS, (Belief(True, NOW_MS, False, 0.5, 7, 8, 1),)
        )
        line = Line(NOW_MS - 5, NOW_MS)
        whole = history(
            1,
            seen_ms=NOW_MS,
            received_ms=NOW_MS + 1,
            latest={Kind.LOCATION: {"time_ms": NOW_MS, "lat": 45.8, "source": "é"}},
            tracks={Kind.LOCATION: Track(line, line)},
            live={"rule-1": memory},
            backfill={"rule-1": memory, "rule-2": Memory(1)},
            silence={"rule-2": memory},
            untold=("alert-1", "alert-2"),
            silence_due_ms=NOW_MS + 9,
        )
        async with assembly.opened() as stores:
            assert await stores.ledger.apply([Effects(whole)]) == [True]
            assert await _history(stores) == whole
        async with assembly.opened() as stores:
            assert await _history(stores) == whole

    async def test_a_history_is_not_shown_to_another_account(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await effect(stores)
            found = await stores.ledger.histories([(OTHER_ACCOUNT, DEVICE)])
            assert found[DEVICE] == history(0, account=OTHER_ACCOUNT)

    async def test_effects_on_an_old_version_are_none_at_all(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, batch(1), batch(2))
            await effect(stores, batches=[batch(1)])
            late = Effects(
                history(1),
                [batch(2)],
                [stored(stores.codec, 2, [NOW_MS])],
                [alert()],
                quarantined=[quarantined()],
            )
            for version in (1, 3, 7):
                stale = attrs.evolve(late, history=history(version))
                assert await stores.ledger.apply([stale]) == [False]
            assert await stores.ledger.unapplied([batch(1), batch(2)]) == [batch(2)]
            assert (await _history(stores)).version == 1
            assert await _nothing_else(stores)
            await stores.ledger.apply([attrs.evolve(late, history=history(2))])
            assert not await _nothing_else(stores)

    async def test_a_batch_has_its_effects_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, batch(1))
            assert await stores.ledger.unapplied([batch(1)]) == [batch(1)]
            await effect(stores, batches=[batch(1)])
            assert await stores.ledger.unapplied([batch(1)]) == []
            again = Effects(history(2), [batch(1)], alerts=[alert()])
            assert await stores.ledger.apply([again]) == [False]
            assert await _nothing_else(stores)
        async with assembly.opened() as stores:
            assert await stores.ledger.apply([again]) == [False]
            assert await stores.ledger.unapplied([batch(1)]) == []

    async def test_each_device_stands_or_falls_by_itself(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            names = [f"device-{n}" for n in range(10)]
            await accepted(stores, *(batch(1, device=name) for name in names))
            await effect(stores, device=names[3])
            await effect(stores, device=names[7])
            done = await stores.ledger.apply(
                [
                    Effects(
                        history(1, device=name),
                        [batch(1, device=name)],
                        alerts=[alert(device=name)],
                    )
                    for name in names
                ]
            )
            assert done == [name not in (names[3], names[7]) for name in names]
            page = await stores.alert_book.alerts(ACCOUNT, None, None, 100)
            assert {one.device_id for one in page.items} == set(names) - {names[3], names[7]}
            left = await stores.ledger.unapplied([batch(1, device=name) for name in names])
            assert [one.device_id for one in left] == [names[3], names[7]]

    async def test_alerts_and_blocks_that_exist_are_left_as_they_are(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            block = stored(stores.codec, 1, [NOW_MS])
            await effect(stores, alerts=[alert()], blocks=[block])
            await stores.alert_book.acknowledge(ACCOUNT, alert().id, "ana@example.org", NOW_MS)
            changed = stored(stores.codec, 1, [NOW_MS, NOW_MS + 1_000])
            await effect(stores, alerts=[alert(text="another text")], blocks=[changed])
            (seen,) = (await stores.alert_book.alerts(ACCOUNT, None, None, 10)).items
            assert (seen.text, seen.acknowledged_by) == (alert().text, "ana@example.org")
            blocks = await stores.blocks.blocks(ACCOUNT, DEVICE, Kind.LOCATION, *_ALL_MS)
            assert blocks == [block.block]

    async def test_a_cleared_alert_says_since_when(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            others = [alert(rule="rule-2"), alert(NOW_MS + 1), alert(NOW_MS - 1)]
            await effect(stores, alerts=[alert(), *others])
            await effect(stores, cleared=[Cleared("rule-1", NOW_MS, NOW_MS + 60_000)])
            await effect(stores, cleared=[Cleared("rule-9", NOW_MS, NOW_MS + 90_000)])
            page = await stores.alert_book.alerts(ACCOUNT, None, None, 10)
            cleared = {one.id: one.cleared_at_ms for one in page.items if one.cleared_at_ms}
            assert cleared == {alert().id: NOW_MS + 60_000}

    async def test_what_could_not_be_processed_is_on_the_shelf(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await effect(stores, quarantined=[quarantined(1), quarantined(2)])
            page = await stores.quarantine.page(ACCOUNT, None, 10)
            assert page.items == [quarantined(2), quarantined(1)]

    async def test_many_at_once_on_one_device_have_their_effects_one_after_the_other(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            batches = [batch(n) for n in range(15)]
            await accepted(stores, *batches)

            async def process(number: int) -> None:
                while True:
                    before = await _history(stores)
                    block = stored(stores.codec, number, [NOW_MS + 1_000 * number])
                    one = Effects(history(before.version + 1), [batches[number]], [block])
                    if await stores.ledger.apply([one]) == [True]:
                        return

            await asyncio.gather(*(process(n) for n in range(15)))
            assert (await _history(stores)).version == 15
            blocks = await stores.blocks.blocks(ACCOUNT, DEVICE, Kind.LOCATION, *_ALL_MS)
            assert len(blocks) == 15

    async def test_silent_devices_longest_due_first(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            due = {"a": NOW_MS - 5, "b": NOW_MS - 50, "c": NOW_MS + 1, "d": None, "e": NOW_MS}
            put = [
                Effects(history(1, device=name, silence_due_ms=due_ms))
                for name, due_ms in due.items()
            ]
            assert await stores.ledger.apply(put) == [True] * 5
            found = await stores.ledger.silent(NOW_MS, 10)
            assert [one.device_id for one in found] == ["b", "a", "e"]
            assert [one.device_id for one in await stores.ledger.silent(NOW_MS, 1)] == ["b"]
            later = history(2, device="b", silence_due_ms=None)
            assert await stores.ledger.apply([Effects(later)]) == [True]
            found = await stores.ledger.silent(NOW_MS, 10)
            assert [one.device_id for one in found] == ["a", "e"]

    async def test_nothing_happens_while_the_store_is_unavailable(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, batch(1))
            one = Effects(history(1), [batch(1)], alerts=[alert()])
            with assembly.unavailable(), pytest.raises(Unavailable):
                await stores.ledger.apply([one])
            assert (await _history(stores)).version == 0
            assert await stores.ledger.unapplied([batch(1)]) == [batch(1)]
            assert await _nothing_else(stores)
            assert await stores.ledger.apply([one]) == [True]

    async def test_a_caller_that_goes_leaves_all_or_nothing(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            for number in range(25):
                await accepted(stores, batch(number))
                before = await _history(stores)
                one = Effects(history(before.version + 1), [batch(number)])
                caller = asyncio.create_task(stores.ledger.apply([one]))
                for _ in range(number):
                    await asyncio.sleep(0)
                caller.cancel()
                await asyncio.gather(caller, return_exceptions=True)
                while await stores.ledger.unapplied([batch(number)]):
                    version = (await _history(stores)).version
                    one = Effects(history(version + 1), [batch(number)])
                    await stores.ledger.apply([one])
                after = await _history(stores)
                assert after.version == before.version + 1, f"after {number} steps"


async def _history(stores: Stores) -> DeviceHistory:
    return (await stores.ledger.histories([(ACCOUNT, DEVICE)]))[DEVICE]


async def _nothing_else(stores: Stores) -> bool:
    """No block, no alert, nothing in quarantine."""
    blocks = await stores.blocks.blocks(ACCOUNT, DEVICE, Kind.LOCATION, *_ALL_MS)
    alerts = (await stores.alert_book.alerts(ACCOUNT, None, None, 10)).items
    shelf = (await stores.quarantine.page(ACCOUNT, None, 10)).items
    return not (blocks or alerts or shelf)
