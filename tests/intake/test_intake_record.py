"""What intake did is in its log, each upload once, also when the log cannot be written at once."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from adapters.inbound.cli.serving import opened
from adapters.inbound.consumers.intake_log_writer import IntakeLogWriter
from application import intake_record
from application.delivery import Delivery, NotRead
from application.device_directory import DeviceAccess
from application.faults import Unavailable
from bootstrap import embedded
from domain.consent import Consent, ConsentGate
from domain.device import Agent
from domain.intake_line import IntakeLine
from domain.kinds import Kind
from domain.times import to_rfc3339
from tests.support.blocks import block

pytestmark = pytest.mark.anyio

ALLOWED = Consent("c", "account", "person", (Kind.LOCATION,), 0)
ACCESS = DeviceAccess(
    "account",
    "device",
    "person",
    Agent.FIELDPOST,
    ConsentGate((ALLOWED,), ZoneInfo("Pacific/Auckland")),
    1,
)
NOON_UTC_MS = 1_790_078_400_000  # 2026-09-22, which is the 23rd in Auckland
EVER = "0001-01-01"


@attrs.frozen
class Intake:
    """An embedded assembly whose clock stands still."""

    container: Any
    path: Path

    async def accept(self, *deliveries: Delivery, access: DeviceAccess = ACCESS) -> None:
        await self.container.application().accept_batches(access, deliveries)

    async def write(self) -> None:
        while await self.container.application().intake_record.write():
            pass

    async def lines(self, device_id: str = "device") -> list[IntakeLine]:
        found: list[IntakeLine] = await self.container.intake_log().lines(
            "account", device_id, EVER
        )
        return found

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield


class StandingClock:
    def now_ms(self) -> int:
        return NOON_UTC_MS


@pytest.fixture
async def intake(tmp_path: Path) -> AsyncIterator[Intake]:
    container = embedded(tmp_path)
    container.clock.override(StandingClock())
    async with opened(container, alone=True):
        yield Intake(container, tmp_path / "fieldpost.db")


def locations(sequence: int, *ages_s: float) -> Delivery:
    times = [to_rfc3339(round(NOON_UTC_MS - age_s * 1000)) for age_s in ages_s]
    fixes = [{"time": time, "lat": 1.0, "lon": 2.0} for time in times]
    return Delivery.of_block(sequence, block("location", *fixes))


async def test_an_upload_is_a_line_for_each_kind(intake: Intake) -> None:
    await intake.accept(
        locations(1, 30, 20),
        locations(2, 10),
        Delivery("call", b"[]", 1),
        Delivery("dream", b"[]", 1),
    )
    await intake.accept(locations(1, 30, 20), locations(3, -10_000_000))
    await intake.write()
    unknown, call, location = await intake.lines()
    assert (location.accepted_batches, location.duplicate_batches) == (2, 1)
    assert (location.refused_batches, location.accepted, location.refused) == (1, 3, 1)
    assert location.reason == "nothing_valid"
    assert (call.kind, call.refused_batches, call.reason) == ("call", 1, "no_consent")
    assert (unknown.kind, unknown.refused_batches, unknown.reason) == ("", 1, "unknown_kind")
    assert {one.day for one in (unknown, call, location)} == {"2026-09-23"}
    assert {one.first_at_ms for one in (unknown, call, location)} == {NOON_UTC_MS}


async def test_words_that_no_format_explains_are_of_no_kind(intake: Intake) -> None:
    accept = intake.container.application().accept_batches
    await accept(ACCESS, [], [NotRead("malformed", "body", b"?")] * 2)
    await intake.write()
    (line,) = await intake.lines()
    assert (line.kind, line.refused_batches, line.reason) == ("", 2, "malformed")


async def test_what_could_not_be_written_is_written_later_and_once(intake: Intake) -> None:
    await intake.accept(locations(1, 10))
    with intake.locked(), pytest.raises(Unavailable):
        await intake.write()
    await intake.accept(locations(2, 5))
    await intake.write()
    await intake.write()
    assert [(one.accepted_batches, one.accepted) for one in await intake.lines()] == [(2, 2)]


async def test_what_comes_while_it_is_written_is_not_lost(intake: Intake) -> None:
    await asyncio.gather(
        *(intake.accept(locations(number, 10)) for number in range(50)),
        *(intake.write() for _ in range(20)),
    )
    await intake.write()
    assert [one.accepted_batches for one in await intake.lines()] == [50]


async def test_more_lines_than_may_wait_are_left_out_and_counted(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_record, "MAX_LINES", 2)
    for number in range(3):
        access = attrs.evolve(ACCESS, device_id=f"device-{number}")
        await intake.accept(locations(1, 10), access=access)
    await intake.accept(locations(2, 5), access=attrs.evolve(ACCESS, device_id="device-0"))
    await intake.write()
    found = [await intake.lines(f"device-{number}") for number in range(3)]
    assert [sum(one.accepted for one in lines) for lines in found] == [2, 1, 0]
    said = intake.container.tally().exposition(0).decode()
    assert 'event="intake_log_lines_left_out",reason=""} 1.0' in said


async def test_the_last_lines_are_written_when_a_server_stops(tmp_path: Path) -> None:
    container = embedded(tmp_path)
    container.clock.override(StandingClock())
    async with opened(container, alone=True):
        await Intake(container, tmp_path).accept(locations(1, 10))
    container = embedded(tmp_path)
    async with opened(container, alone=True):
        assert len(await Intake(container, tmp_path).lines()) == 1


async def test_a_month_is_kept_and_what_is_older_forgotten(intake: Intake) -> None:
    days = ["2026-08-20", "2026-08-21", "2026-08-23", "2026-09-22"]
    await intake.container.intake_log().add(
        [IntakeLine("account", "device", day, "location", 0, 0) for day in days]
    )
    assert not await intake.container.application().forget_ticker.work()
    assert [one.day for one in await intake.lines()] == ["2026-09-22", "2026-08-23", "2026-08-21"]


async def test_a_log_that_cannot_be_written_stops_nothing(
    intake: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    writer = IntakeLogWriter(intake.container.application().intake_record, every_s=0.01)
    work = asyncio.create_task(writer.run())
    await intake.accept(locations(1, 10))
    with intake.locked():
        while "the intake log waits" not in caplog.text:
            await asyncio.sleep(0.01)
    while not await intake.lines():
        await asyncio.sleep(0.01)
    assert not work.done()
    work.cancel()
