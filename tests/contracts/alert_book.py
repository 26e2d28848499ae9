"""What every alert book must do."""

import asyncio

import attrs
import pytest

from application.faults import Unavailable
from application.ports.alert_book import AlertBook
from domain.alert import Alert, AlertState
from tests.contracts.assembly import Assembly, StoreContract, Stores
from tests.contracts.builders import ACCOUNT, NOW_MS, OTHER_ACCOUNT, alert, effect

ANA, BOR = "ana@example.org", "bor@example.org"


class AlertBookContract(StoreContract):
    PORT = AlertBook

    async def test_an_alert_comes_back_as_it_was_raised(self, assembly: Assembly) -> None:
        raised = alert(value=37.5, threshold=36.0)
        plain = alert(NOW_MS - 1, observation=None)
        async with assembly.opened() as stores:
            await effect(stores, alerts=[raised, plain])
            assert await _all(stores) == [raised, plain]
        async with assembly.opened() as stores:
            assert await _all(stores) == [raised, plain]

    async def test_newest_first_by_the_time_at_which_they_occurred(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            for occurred_ms in (5, 1, 9, 3):
                await effect(stores, alerts=[alert(NOW_MS + occurred_ms)])
            found = [one.occurred_at_ms - NOW_MS for one in await _all(stores)]
            assert found == [9, 5, 3, 1]

    async def test_pages_hold_each_alert_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            raised = [alert(NOW_MS + n // 3, rule=f"rule-{n % 3}") for n in range(25)]
            await effect(stores, alerts=raised)
            found: list[Alert] = []
            cursor = None
            while True:
                page = await stores.alert_book.alerts(ACCOUNT, None, cursor, 7)
                assert len(page.items) <= 7
                found += page.items
                cursor = page.next_cursor
                if cursor is None:
                    break
                # What is raised meanwhile does not shift the pages.
                await effect(stores, alerts=[alert(NOW_MS + 10_000 + len(found))])
            assert sorted(one.id for one in found) == sorted(one.id for one in raised)
            assert found == sorted(found, key=lambda one: one.id, reverse=True)

    async def test_one_alert_by_its_id(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            raised = [alert(NOW_MS + n) for n in range(3)]
            await effect(stores, alerts=raised)
            book = stores.alert_book
            assert await book.get(ACCOUNT, raised[1].id) == raised[1]
            acknowledged = await book.acknowledge(ACCOUNT, raised[1].id, ANA, NOW_MS)
            assert await book.get(ACCOUNT, raised[1].id) == acknowledged
            for nothing in ("", "nothing", "'; --", "é" * 2_000):
                assert await book.get(ACCOUNT, nothing) is None
            assert await book.get(OTHER_ACCOUNT, raised[1].id) is None

    async def test_an_account_sees_its_own(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await effect(stores, alerts=[alert()])
            theirs = alert(account=OTHER_ACCOUNT, device="device-2")
            await effect(stores, alerts=[theirs], account=OTHER_ACCOUNT, device="device-2")
            assert await _all(stores) == [alert()]
            book = stores.alert_book
            assert (await book.alerts(OTHER_ACCOUNT, None, None, 10)).items == [theirs]
            assert await book.acknowledge(OTHER_ACCOUNT, alert().id, BOR, NOW_MS) is None
            assert await book.acknowledge(ACCOUNT, theirs.id, BOR, NOW_MS) is None
            assert await _all(stores) == [alert()]

    async def test_an_alert_is_acknowledged_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await effect(stores, alerts=[alert()])
            first = await stores.alert_book.acknowledge(ACCOUNT, alert().id, ANA, NOW_MS + 5)
            expected = attrs.evolve(
                alert(),
                state=AlertState.ACKNOWLEDGED,
                acknowledged_at_ms=NOW_MS + 5,
                acknowledged_by=ANA,
            )
            assert first == expected
            again = await stores.alert_book.acknowledge(ACCOUNT, alert().id, BOR, NOW_MS + 9)
            assert again == expected
        async with assembly.opened() as stores:
            assert await _all(stores) == [expected]

    async def test_many_acknowledge_at_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await effect(stores, alerts=[alert()])
            answers = await asyncio.gather(
                *(
                    stores.alert_book.acknowledge(ACCOUNT, alert().id, f"user-{n}", NOW_MS + n)
                    for n in range(20)
                )
            )
            assert len({one.acknowledged_by for one in answers if one is not None}) == 1

    async def test_by_state(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            one, another = alert(NOW_MS), alert(NOW_MS + 1)
            await effect(stores, alerts=[one, another])
            await stores.alert_book.acknowledge(ACCOUNT, one.id, ANA, NOW_MS)
            assert [a.id for a in await _all(stores, AlertState.OPEN)] == [another.id]
            assert [a.id for a in await _all(stores, AlertState.ACKNOWLEDGED)] == [one.id]

    async def test_there_is_no_such_alert(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            assert await stores.alert_book.acknowledge(ACCOUNT, "nothing", ANA, NOW_MS) is None
            assert (await stores.alert_book.alerts(ACCOUNT, None, "'; --", 10)).items == []

    async def test_while_the_store_is_unavailable_nothing_is_acknowledged(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            await effect(stores, alerts=[alert()])
            with assembly.unavailable(), pytest.raises(Unavailable):
                await stores.alert_book.acknowledge(ACCOUNT, alert().id, ANA, NOW_MS)
            assert await _all(stores) == [alert()]


async def _all(stores: Stores, state: AlertState | None = None) -> list[Alert]:
    return (await stores.alert_book.alerts(ACCOUNT, state, None, 100)).items
