"""A person's month in numbers, beside the month before, from a DynamoDB table."""

import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import uvloop

from adapters.inbound.cli.program import opened_parts
from adapters.outbound.code_version import code_version
from adapters.outbound.dynamodb.stores import DynamoStores
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.public_suffixes import PublicSuffixes
from adapters.outbound.recent_days import RecentDays
from adapters.outbound.system_clock import SystemClock
from application.queries.observed import ObservedDays
from application.queries.summarized_days import Subject, SummarizedDays
from benchmarks.dynamo_table import table_settings
from benchmarks.judged_uploads import CountingTally, JudgedUploads
from benchmarks.table import Table, number
from benchmarks.uploads import phone_uploads, walk
from deploy.local import Dynoxide
from domain.account import Person
from domain.categories import Categorizer
from domain.consolidation.usage import Labels
from domain.default_categories import DEFAULT_CATEGORIES
from domain.kinds import Kind

_DAYS = 60
_FIXES_A_DAY = 1_440
_LAST = datetime.now(UTC).date() - timedelta(days=2)
_FIRST = _LAST - timedelta(days=_DAYS - 1)

_HEADERS = ("the days are", "ms", "client's processor ms", "read units", "write units")
_NOTE = (
    f"{_DAYS} days of a phone: 144 uploads of ten fixes and a device state each, and 60 of app "
    "use a day, in a DynamoDB-compatible server on this machine. Once each, but for what is kept, "
    "which is the best of five."
)


def summaries() -> Table:
    with (
        tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder,
        Dynoxide(Path(folder), durable=False) as server,
    ):
        rows = uvloop.run(_measured(server))
    return Table("A month in numbers", _HEADERS, rows, _NOTE)


async def _measured(server: Dynoxide) -> list[list[str]]:
    settings = table_settings(server)
    codec, clock, tally = NativeBlockCodec(), SystemClock(), CountingTally()
    stores = DynamoStores(settings, codec, clock, tally, remembers=True)
    await stores.create()
    observed = ObservedDays(stores.blocks, codec, RecentDays(), clock)
    days = SummarizedDays(observed, stores.summaries, tally, made_by=code_version())
    subject = Subject(
        Person("p", "a", "Ana", "UTC", 0),
        ("phone",),
        Labels(PublicSuffixes().site_of, Categorizer(DEFAULT_CATEGORIES)),
        (),
    )

    async def all_days() -> None:
        await days.of(subject, _FIRST, _LAST)

    async def one_by_one() -> None:
        for n in range(_DAYS):
            day = _FIRST + timedelta(days=n)
            await observed.read("a", ["phone"], tuple(Kind), *subject.bounds(day))

    async with opened_parts([stores]):
        home = JudgedUploads(stores, tally, codec)
        for batches in phone_uploads(_fixes(_LAST + timedelta(days=1), _DAYS * _FIXES_A_DAY)):
            await home.upload("phone", *batches)
        rows = [
            await _row("only read, one by one", one_by_one, tally),
            await _row("worked out for the first time", all_days, tally),
            await _best_row("kept", all_days, tally),
        ]
        late = _fixes(_FIRST + timedelta(days=_DAYS // 2), 10)
        await home.upload("phone", (Kind.LOCATION, late))
        return [
            *rows,
            await _row("kept; to one something came late", all_days, tally),
        ]


def _fixes(end: date, count: int) -> list[dict[str, object]]:
    """A fix a minute until the day begins."""
    midnight = datetime(end.year, end.month, end.day, tzinfo=UTC)
    return walk(count, 5, 60.0, midnight.timestamp())


async def _row(what: str, call: Callable[[], Awaitable[None]], tally: CountingTally) -> list[str]:
    return [what, *map(number, await _taken(call, tally))]


async def _best_row(
    what: str, call: Callable[[], Awaitable[None]], tally: CountingTally
) -> list[str]:
    return [what, *map(number, min([await _taken(call, tally) for _ in range(5)]))]


async def _taken(
    call: Callable[[], Awaitable[None]], tally: CountingTally
) -> tuple[float, float, float, float]:
    """Milliseconds, those of this process's processor, read units, write units."""
    tally.units("read_units")
    tally.units("write_units")
    wall, cpu = time.perf_counter(), time.process_time()
    await call()
    wall_ms = (time.perf_counter() - wall) * 1000
    cpu_ms = (time.process_time() - cpu) * 1000
    return wall_ms, cpu_ms, tally.units("read_units"), tally.units("write_units")
