"""What every delivery log must do."""

import asyncio
from typing import Any

import attrs
import pytest

from application.faults import Unavailable
from application.ports.delivery_log import Claim, DeliveryLog
from domain.delivery import Delivery, DeliveryState, delivery_id
from tests.contracts.assembly import Assembly, StoreContract
from tests.contracts.builders import ACCOUNT, NOW_MS, OTHER_ACCOUNT

LEASE_MS = 120_000


def delivery(
    alert: str = "a", channel: str = "c", *, account: str = ACCOUNT, **fields: Any
) -> Delivery:
    """One that is due now, unless it says otherwise."""
    values: dict[str, Any] = {"created_at_ms": NOW_MS, "due_at_ms": NOW_MS, **fields}
    return Delivery(delivery_id(alert, channel), account, channel, alert, **values)


def claim(
    message: str = "m",
    *,
    channel: str = "c",
    now_ms: int = NOW_MS,
    together_ms: int = 0,
    limit: int = 100,
) -> Claim:
    return Claim(ACCOUNT, channel, message, now_ms, now_ms + together_ms, now_ms + LEASE_MS, limit)


def alerts(deliveries: list[Delivery]) -> list[str]:
    return [one.alert_id for one in deliveries]


class DeliveryLogContract(StoreContract):
    PORT = DeliveryLog

    async def test_a_delivery_comes_back_as_it_was_added(self, assembly: Assembly) -> None:
        plain = delivery("a")
        whole = delivery(
            "b",
            due_at_ms=NOW_MS + 5,
            state=DeliveryState.FAILED,
            attempts=3,
            ended_at_ms=NOW_MS + 9,
            detail="no answer “é”",
            message_id="m",
        )
        async with assembly.opened() as stores:
            assert await stores.deliveries.add([plain, whole]) == 2
        async with assembly.opened() as stores:
            log = stores.deliveries
            assert await log.get(ACCOUNT, plain.id) == plain
            assert await log.get(ACCOUNT, whole.id) == whole
            assert await log.get(OTHER_ACCOUNT, plain.id) is None
            assert await log.get(ACCOUNT, "nothing") is None

    async def test_one_alert_is_on_one_channel_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            assert await log.add([]) == 0
            assert await log.add([delivery("a")]) == 1
            (claimed,) = await log.claim(claim())
            changed = delivery("a", due_at_ms=1, detail="again")
            assert await log.add([changed, delivery("b")]) == 1
            assert await log.get(ACCOUNT, changed.id) == claimed
            assert await log.add([delivery("a", account=OTHER_ACCOUNT)]) == 1

    async def test_many_add_the_same_at_once(self, assembly: Assembly) -> None:
        some = [delivery(f"a{number:03}") for number in range(150)]
        async with assembly.opened() as stores:
            await asyncio.gather(*(stores.deliveries.add(some) for _ in range(5)))
            page = await stores.deliveries.page(ACCOUNT, "c", None, 1_000)
            assert page.items == some[::-1]

    async def test_channels_with_something_due(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery("a", "late", due_at_ms=NOW_MS - 5)])
            await log.add([delivery("b", "late", due_at_ms=NOW_MS)])
            await log.add([delivery("a", "later", due_at_ms=NOW_MS + 1)])
            await log.add([delivery("a", "now", account=OTHER_ACCOUNT)])
            await log.add([delivery("a", "ended", state=DeliveryState.SENT)])
            due = [(ACCOUNT, "late"), (OTHER_ACCOUNT, "now")]
            assert await log.waiting(NOW_MS, 10) == due
            assert await log.waiting(NOW_MS, 1) == due[:1]
            assert await log.waiting(NOW_MS - 6, 10) == []

    async def test_a_channel_on_which_somebody_is_at_it_does_not_wait(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery("a")])
            assert alerts(await log.claim(claim())) == ["a"]
            await log.add([delivery("b")])
            assert await log.waiting(NOW_MS, 10) == []
            assert await log.waiting(NOW_MS + LEASE_MS, 10) == [(ACCOUNT, "c")]

    async def test_a_burst_is_claimed_together(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery(f"a{n}", due_at_ms=NOW_MS + n * 10) for n in range(5)])
            await log.add([delivery("x", "another"), delivery("y", account=OTHER_ACCOUNT)])
            claimed = await log.claim(claim("m", together_ms=20))
            assert alerts(claimed) == ["a0", "a1", "a2"]
            for one in claimed:
                expected = attrs.evolve(
                    delivery(one.alert_id, due_at_ms=one.due_at_ms),
                    attempts=1,
                    claimed_until_ms=NOW_MS + LEASE_MS,
                    message_id="m",
                )
                assert one == expected == await log.get(ACCOUNT, one.id)

    async def test_nothing_that_is_due_later_sets_it_off(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.deliveries.add([delivery(due_at_ms=NOW_MS + 1)])
            assert await stores.deliveries.claim(claim(together_ms=1_000)) == []

    async def test_a_message_is_bounded(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery(f"a{n}") for n in range(5)])
            assert len(await log.claim(claim(limit=3))) == 3
            assert len(await log.claim(claim(limit=3))) == 2
            assert await log.claim(claim(limit=3)) == []

    async def test_of_those_who_claim_at_once_one_has_it(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            some = [delivery(f"a{n}") for n in range(20)]
            await log.add(some)
            claims = await asyncio.gather(*(log.claim(claim(f"m{n}")) for n in range(8)))
            assert sorted(map(len, claims)) == [0] * 7 + [20]
            found = await log.page(ACCOUNT, "c", None, 100)
            assert {one.attempts for one in found.items} == {1}

    async def test_who_comes_after_the_claim_was_over_has_it(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.deliveries.add([delivery("a"), delivery("b")])
            first = await stores.deliveries.claim(claim("m"))
            assert await stores.deliveries.claim(claim("n", now_ms=NOW_MS + 1)) == []
        async with assembly.opened() as stores:
            log = stores.deliveries
            over_ms = NOW_MS + LEASE_MS
            again = await log.claim(claim("n", now_ms=over_ms))
            assert alerts(again) == ["a", "b"]
            assert {(one.message_id, one.attempts) for one in again} == {("m", 2)}
            sent = [attrs.evolve(one, state=DeliveryState.SENT) for one in first]
            assert not await log.settle(sent)
            assert await log.get(ACCOUNT, first[0].id) == again[0]
            failed = [attrs.evolve(one, state=DeliveryState.FAILED) for one in again]
            assert await log.settle(failed)
            kept = attrs.evolve(failed[0], claimed_until_ms=0)
            assert await log.get(ACCOUNT, first[0].id) == kept

    async def test_all_of_a_claim_is_settled_or_nothing(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery("a"), delivery("b")])
            claimed = await log.claim(claim())
            stale = [claimed[0], attrs.evolve(claimed[1], claimed_until_ms=1)]
            assert not await log.settle([attrs.evolve(s, detail="x") for s in stale])
            assert await log.get(ACCOUNT, claimed[0].id) == claimed[0]

    async def test_a_message_that_failed_is_tried_again_as_it_was(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery("a"), delivery("b")])
            claimed = await log.claim(claim("m"))
            again_ms = NOW_MS + 5_000
            later = [attrs.evolve(one, due_at_ms=again_ms, detail="busy") for one in claimed]
            assert await log.settle(later)
            await log.add([delivery("c", due_at_ms=again_ms + 1)])
            assert await log.claim(claim("n")) == []
            again = await log.claim(claim("n", now_ms=again_ms, together_ms=1_000))
            assert alerts(again) == ["a", "b"]
            assert {(one.message_id, one.attempts) for one in again} == {("m", 2)}

    async def test_what_was_tried_least_comes_first(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery("a")])
            (bad,) = await log.claim(claim("m"))
            await log.settle([attrs.evolve(bad, due_at_ms=NOW_MS)])
            await log.add([delivery("b", due_at_ms=NOW_MS)])
            assert alerts(await log.claim(claim("n"))) == ["b"]
            assert alerts(await log.claim(claim("o"))) == ["a"]

    async def test_postponed_and_hastened(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            later_ms = NOW_MS + 60_000
            await log.add([delivery("a"), delivery("b", due_at_ms=later_ms + 1)])
            await log.add([delivery("x", "another"), delivery("y", account=OTHER_ACCOUNT)])
            await log.postpone(ACCOUNT, "c", later_ms)
            assert await log.claim(claim(now_ms=later_ms - 1)) == []
            assert (ACCOUNT, "another") in await log.waiting(NOW_MS, 10)
            assert (OTHER_ACCOUNT, "c") in await log.waiting(NOW_MS, 10)
            await log.add([delivery("p", due_at_ms=later_ms - 1)])
            await log.hasten(ACCOUNT, "c", later_ms, NOW_MS)
            assert alerts(await log.claim(claim())) == ["a"]
            assert await log.claim(claim()) == []

    async def test_what_is_dropped_is_not_sent(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            sent = delivery("z", state=DeliveryState.SENT, ended_at_ms=NOW_MS)
            await log.add([delivery("a"), sent, delivery("x", "another")])
            await log.add([delivery("a", account=OTHER_ACCOUNT)])
            (claimed,) = await log.claim(claim())
            await log.add([delivery("b", due_at_ms=NOW_MS + 9)])
            await log.drop(ACCOUNT, "c", "the channel is off", NOW_MS + 1)
            dropped = await log.get(ACCOUNT, delivery_id("b", "c"))
            assert dropped == delivery(
                "b",
                due_at_ms=NOW_MS + 9,
                state=DeliveryState.NOT_SENT,
                detail="the channel is off",
                ended_at_ms=NOW_MS + 1,
            )
            assert await log.get(ACCOUNT, claimed.id) == claimed
            assert await log.get(ACCOUNT, sent.id) == sent
            assert await log.waiting(NOW_MS, 10) == [(ACCOUNT, "another"), (OTHER_ACCOUNT, "c")]

    async def test_what_has_ended_can_be_sent_again(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery("a")])
            assert await log.resend(ACCOUNT, delivery_id("a", "c"), NOW_MS + 7) is None
            claimed = await log.claim(claim("m"))
            await log.settle(
                [attrs.evolve(o, state=DeliveryState.FAILED, ended_at_ms=1) for o in claimed]
            )
            assert await log.resend(OTHER_ACCOUNT, claimed[0].id, NOW_MS + 7) is None
            anew = await log.resend(ACCOUNT, claimed[0].id, NOW_MS + 7)
            assert anew == delivery("a", due_at_ms=NOW_MS + 7)
            assert await log.get(ACCOUNT, claimed[0].id) == anew
            (again,) = await log.claim(claim("n", now_ms=NOW_MS + 7))
            assert (again.message_id, again.attempts) == ("n", 1)

    async def test_pages_hold_each_delivery_of_a_channel_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            await log.add([delivery(f"a{n:02}") for n in range(20)])
            await log.add([delivery("x", "another"), delivery("y", account=OTHER_ACCOUNT)])
            found: list[Delivery] = []
            cursor = None
            while True:
                page = await log.page(ACCOUNT, "c", cursor, 6)
                assert len(page.items) <= 6
                found += page.items
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert alerts(found) == [f"a{n:02}" for n in range(20)][::-1]
            assert (await log.page(ACCOUNT, "c", "'; --", 6)).items == []

    async def test_what_ended_long_ago_is_forgotten(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.deliveries
            old: dict[str, Any] = {"due_at_ms": NOW_MS - 1, "state": DeliveryState.SENT}
            await log.add([delivery(f"a{n}", **old) for n in range(3)])
            await log.add([delivery("w", due_at_ms=1), delivery("n", state=DeliveryState.FAILED)])
            assert await log.forget(NOW_MS, 2) == 2
            assert await log.forget(NOW_MS, 2) == 1
            assert await log.forget(NOW_MS, 2) == 0
            assert alerts((await log.page(ACCOUNT, "c", None, 10)).items) == ["w", "n"]

    async def test_while_the_store_is_unavailable_nothing_is_claimed(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            await stores.deliveries.add([delivery("a")])
            with assembly.unavailable(), pytest.raises(Unavailable):
                await stores.deliveries.claim(claim())
            (claimed,) = await stores.deliveries.claim(claim())
            assert claimed.attempts == 1
