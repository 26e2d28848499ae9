"""What every intake log must do."""

import asyncio
from typing import Any

import pytest

from application.faults import Unavailable
from application.ports.intake_log import IntakeLog
from domain.intake_line import IntakeLine
from tests.contracts.assembly import Assembly, StoreContract
from tests.contracts.builders import ACCOUNT, NOW_MS, OTHER_ACCOUNT

DAY = "2026-10-05"
EVER = "0001-01-01"


def line(day: str = DAY, kind: str = "location", **fields: Any) -> IntakeLine:
    values: dict[str, Any] = {"first_at_ms": NOW_MS, "last_at_ms": NOW_MS, **fields}
    values = {"account_id": ACCOUNT, "device_id": "phone", **values}
    return IntakeLine(day=day, kind=kind, **values)


class IntakeLogContract(StoreContract):
    PORT = IntakeLog

    async def test_a_line_comes_back_as_it_was_added(self, assembly: Assembly) -> None:
        plain = line(accepted_batches=1, accepted=10)
        whole = line(
            kind="call",
            last_at_ms=NOW_MS + 5,
            accepted_batches=1,
            duplicate_batches=2,
            refused_batches=3,
            accepted=2**40,
            refused=5,
            reason="no_consent",
        )
        async with assembly.opened() as stores:
            await stores.intake_log.add([plain, whole])
        async with assembly.opened() as stores:
            assert await stores.intake_log.lines(ACCOUNT, "phone", DAY) == [whole, plain]

    async def test_what_is_added_of_the_same_is_added_up(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.intake_log
            await log.add([line(accepted=1, accepted_batches=1, refused=4, reason="too_late")])
            await log.add([line(duplicate_batches=1, first_at_ms=NOW_MS - 9, last_at_ms=NOW_MS)])
            await log.add([line(refused_batches=1, reason="malformed", last_at_ms=NOW_MS + 9)])
            assert await log.lines(ACCOUNT, "phone", DAY) == [
                line(
                    first_at_ms=NOW_MS - 9,
                    last_at_ms=NOW_MS + 9,
                    accepted_batches=1,
                    duplicate_batches=1,
                    refused_batches=1,
                    accepted=1,
                    refused=4,
                    reason="malformed",
                )
            ]

    async def test_those_that_write_at_once_lose_nothing(self, assembly: Assembly) -> None:
        kinds = [f"kind {number:03}" for number in range(150)]
        some = [line(kind=kind, accepted=1) for kind in kinds]
        async with assembly.opened() as stores:
            log = stores.intake_log
            await asyncio.gather(*(log.add(some[::step]) for step in (1, -1, 1, -1)))
            found = await log.lines(ACCOUNT, "phone", DAY)
            assert [(one.kind, one.accepted) for one in found] == [(kind, 4) for kind in kinds]

    async def test_lines_are_of_one_device_and_newest_first(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.intake_log
            await log.add([line("2026-10-01"), line("2026-10-03"), line("2026-10-02", "call")])
            await log.add([line("2026-10-02"), line("2026-10-02", device_id="tablet")])
            await log.add([line("2026-10-04", account_id=OTHER_ACCOUNT)])
            found = await log.lines(ACCOUNT, "phone", "2026-10-02")
            assert [(one.day, one.kind) for one in found] == [
                ("2026-10-03", "location"),
                ("2026-10-02", "call"),
                ("2026-10-02", "location"),
            ]
            assert len(await log.lines(OTHER_ACCOUNT, "phone", EVER)) == 1
            assert await log.lines(OTHER_ACCOUNT, "tablet", EVER) == []

    async def test_nothing_is_added_without_complaint(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.intake_log.add([])
            assert await stores.intake_log.lines(ACCOUNT, "phone", EVER) == []

    async def test_old_days_are_forgotten_some_at_a_time(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            log = stores.intake_log
            await log.add([line("2026-09-01", f"kind {number}") for number in range(5)])
            await log.add([line("2026-09-02"), line("2026-09-03", account_id=OTHER_ACCOUNT)])
            assert await log.forget("2026-09-02", 3) == 3
            assert await log.forget("2026-09-02", 3) == 2
            assert await log.forget("2026-09-02", 3) == 0
            assert [one.day for one in await log.lines(ACCOUNT, "phone", EVER)] == ["2026-09-02"]
            assert len(await log.lines(OTHER_ACCOUNT, "phone", EVER)) == 1

    async def test_while_the_store_is_unavailable_nothing_is_added(
        self, assembly: Assembly
    ) -> None:
        many = [line(kind=f"kind {number}", accepted=1) for number in range(250)]
        async with assembly.opened() as stores:
            log = stores.intake_log
            with assembly.unavailable(), pytest.raises(Unavailable):
                await log.add(many)
            assert await log.lines(ACCOUNT, "phone", DAY) == []
            await log.add(many)
            assert sum(one.accepted for one in await log.lines(ACCOUNT, "phone", DAY)) == 250
