"""What every shelf of summaries must do."""

from datetime import date, timedelta

import pytest

from application.faults import Unavailable
from application.ports.day_summaries import DaySummaries, KeptSummary
from tests.contracts.assembly import Assembly, StoreContract
from tests.contracts.builders import ACCOUNT, OTHER_ACCOUNT

ANA, BOR = "person-ana", "person-bor"
DAY = date(2026, 9, 20)
EVER = (date.min, date.max)


def summary(name: str = "a", size: int = 100) -> KeptSummary:
    return KeptSummary(f"version-{name}", (name * size).encode())


class DaySummariesContract(StoreContract):
    PORT = DaySummaries

    async def test_what_was_kept_is_there_by_its_day(self, assembly: Assembly) -> None:
        days = {DAY + timedelta(days=n): summary("xyz"[n % 3]) for n in range(70)}
        async with assembly.opened() as stores:
            await stores.summaries.keep(ACCOUNT, ANA, days)
        async with assembly.opened() as stores:
            assert await stores.summaries.between(ACCOUNT, ANA, *EVER) == days

    async def test_a_range_has_both_its_ends(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            kept = {DAY + timedelta(days=n): summary() for n in (0, 1, 2, 30)}
            await stores.summaries.keep(ACCOUNT, ANA, kept)
            first, last = DAY + timedelta(days=1), DAY + timedelta(days=2)
            assert set(await stores.summaries.between(ACCOUNT, ANA, first, last)) == {first, last}
            assert await stores.summaries.between(ACCOUNT, ANA, last, first) == {}

    async def test_a_day_has_the_summary_that_was_kept_last(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.summaries.keep(ACCOUNT, ANA, {DAY: summary("a", 5_000)})
            await stores.summaries.keep(ACCOUNT, ANA, {DAY: summary("b", 0)})
            assert await stores.summaries.between(ACCOUNT, ANA, *EVER) == {DAY: summary("b", 0)}

    async def test_summaries_are_of_one_person_and_account(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.summaries.keep(ACCOUNT, ANA, {DAY: summary("a")})
            await stores.summaries.keep(OTHER_ACCOUNT, ANA, {DAY: summary("o")})
            assert await stores.summaries.between(ACCOUNT, BOR, *EVER) == {}
            found = [
                await stores.summaries.between(one, ANA, *EVER) for one in (ACCOUNT, OTHER_ACCOUNT)
            ]
            assert found == [{DAY: summary("a")}, {DAY: summary("o")}]

    async def test_nothing_is_kept_without_complaint(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.summaries.keep(ACCOUNT, ANA, {})
            assert await stores.summaries.between(ACCOUNT, ANA, *EVER) == {}

    async def test_while_the_store_is_unavailable_nothing_is_kept(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            with assembly.unavailable(), pytest.raises(Unavailable):
                await stores.summaries.keep(ACCOUNT, ANA, {DAY: summary()})
            assert await stores.summaries.between(ACCOUNT, ANA, *EVER) == {}
