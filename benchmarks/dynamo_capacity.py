"""What DynamoDB bills: for uploads, for the day of a phone, and for reading a month of track."""

import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import aioboto3
import attrs
import uvloop

from adapters.inbound.cli.program import opened_parts
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.items import Item, text
from adapters.outbound.dynamodb.stores import DynamoStores
from adapters.outbound.native_codec import NativeBlockCodec
from benchmarks.dynamo_table import table_settings
from benchmarks.judged_uploads import CountingTally, JudgedUploads
from benchmarks.table import Table, number
from benchmarks.uploads import phone_uploads, walk
from deploy.local import Dynoxide
from domain.kinds import Kind
from domain.times import DAY_MS

_UPLOADS = 320
_DAYS = 30
_FIXES_A_DAY = 1_440
_POINTS = 2_000
_READS = 5
_NAIVE_AT_ONCE = 25
_SETTLED_MS = 120_000  # later what was merged is in every copy of the table

_HEADERS = ("what", "ours", "an item for each observation", "ours in hundredths of it")
_NOTE = (
    "Units as the server says that they were consumed, merging and ten rules' state included, on "
    "a DynamoDB-compatible server on this machine. The other layout writes each observation as an "
    "item with an attribute for each field, 25 in a call, and a device's state as one more. An "
    "upload is of one batch. The day of a phone is 144 uploads of ten fixes and a device state "
    f"each, and 60 of app use. The month is {_DAYS * _FIXES_A_DAY:,} fixes, read when the last "
    f"merge is two minutes old, and answered as {_POINTS:,} points of JSON; the other layout is "
    "read through the driver as it comes. Milliseconds and processor time of the client are "
    f"medians of {_READS}."
)


def dynamo_capacity() -> Table:
    with (
        tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder,
        Dynoxide(Path(folder), durable=False) as server,
    ):
        rows = uvloop.run(_measured(server))
    return Table("Capacity units of DynamoDB", _HEADERS, rows, _NOTE)


@attrs.define
class _Naive:
    """An item for each observation, by device and time. It is read through the driver as it
    comes, as who begins with such a layout would.
    """

    client: DynamoClient
    driver: Any
    tally: CountingTally

    async def upload(
        self, device: str, batches: Sequence[tuple[Kind, list[dict[str, Any]]]]
    ) -> None:
        items = [
            {"pk": text(f"{device}/{kind}"), **_attributes(row)}
            for kind, rows in batches
            for row in rows
        ]
        items.append({"pk": text(device), "sk": text("state"), "body": text("x" * 400)})
        for start in range(0, len(items), _NAIVE_AT_ONCE):
            some = items[start : start + _NAIVE_AT_ONCE]
            await self.client.write_many("apply", [{"PutRequest": {"Item": one}} for one in some])

    async def track(self, device: str) -> list[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self.client.settings.table,
            "KeyConditionExpression": "pk = :device",
            "ExpressionAttributeValues": {":device": text(f"{device}/{Kind.LOCATION}")},
            "ReturnConsumedCapacity": "TOTAL",
        }
        rows: list[dict[str, Any]] = []
        while True:
            answer = await self.driver.query(**request)
            self.tally.count("read_units", "", answer["ConsumedCapacity"]["CapacityUnits"])
            rows += [_row_of(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return rows
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _attributes(row: dict[str, Any]) -> Item:
    item: Item = {}
    for name, value in row.items():
        if isinstance(value, bool):
            item[name] = {"BOOL": value}
        elif isinstance(value, float):
            item[name] = {"N": repr(value)}
        else:
            item[name] = text(value)
    item["sk"] = item.pop("time")
    return item


def _row_of(item: Item) -> dict[str, Any]:
    return {
        name: float(value["N"]) if "N" in value else next(iter(value.values()))
        for name, value in item.items()
    }


@attrs.define
class _LaterClock:
    """The time of day, ahead of it by what is wanted."""

    ahead_ms: int = 0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


async def _measured(server: Dynoxide) -> list[list[str]]:
    options = server.client_options
    settings = table_settings(server)
    codec = NativeBlockCodec()
    ours, theirs = CountingTally(), CountingTally()
    clock = _LaterClock()
    stores = DynamoStores(settings, codec, clock, ours, remembers=True)
    beside = DynamoStores(
        attrs.evolve(settings, table="naive"), codec, clock, theirs, remembers=False
    )
    await stores.create()
    await beside.create()
    async with (
        opened_parts([stores, beside]),
        aioboto3.Session().client("dynamodb", **options) as driver,
    ):
        home, naive = JudgedUploads(stores, ours, codec), _Naive(beside.client, driver, theirs)
        rows = [await _uploads(home, naive, size) for size in (10, 100)]
        rows.append(await _phone_day(home, naive))
        return rows + await _month(home, naive, clock)


async def _uploads(home: JudgedUploads, naive: _Naive, size: int) -> list[str]:
    fixes = walk(_UPLOADS * size, size, 60.0)
    home.tally.units("write_units")
    for start in range(0, len(fixes), size):
        await home.upload(f"walk-{size}", (Kind.LOCATION, fixes[start : start + size]))
    await naive.upload(f"walk-{size}", [(Kind.LOCATION, fixes[:size])])
    return _row(
        f"write units of an upload of {size} locations",
        home.tally.units("write_units") / _UPLOADS,
        naive.tally.units("write_units"),
    )


async def _phone_day(home: JudgedUploads, naive: _Naive) -> list[str]:
    day_s = time.time() // 86_400 * 86_400 - 86_400
    fixes = walk(_FIXES_A_DAY, 5, 60.0, day_s + 86_400)
    home.tally.units("write_units")
    naive.tally.units("write_units")
    for batches in phone_uploads(fixes):
        await home.upload("phone", *batches)
        await naive.upload("phone", batches)
    return _row(
        "write units of a phone's day",
        home.tally.units("write_units"),
        naive.tally.units("write_units"),
    )


async def _month(home: JudgedUploads, naive: _Naive, clock: _LaterClock) -> list[list[str]]:
    end_ms = int(time.time() * 1000) // DAY_MS * DAY_MS
    fixes = walk(_DAYS * _FIXES_A_DAY, 6, 60.0, end_ms / 1000)
    for start in range(0, len(fixes), 10):
        await home.upload("month", (Kind.LOCATION, fixes[start : start + 10]))
    for start in range(0, len(fixes), 1_000):
        await naive.upload("month", [(Kind.LOCATION, fixes[start : start + 1_000])])
    from_ms = end_ms - _DAYS * DAY_MS
    clock.ahead_ms = _SETTLED_MS

    async def ours() -> bytes:
        blocks = await home.stores.blocks.blocks("a", "month", Kind.LOCATION, from_ms, end_ms)
        return home.codec.track_json(blocks, from_ms, end_ms, _POINTS)

    async def theirs() -> bytes:
        rows = await naive.track("month")
        step = max(1, len(rows) // _POINTS)
        names = ("sk", "lat", "lon", "speed_mps")
        columns = {name: [row.get(name) for row in rows[::step]] for name in names}
        return json.dumps(columns).encode()

    async def our_day() -> bytes:
        end = from_ms + DAY_MS
        kinds = list(Kind)
        await home.stores.blocks.blocks_of_kinds("a", "month", kinds, from_ms, end)
        return b""

    found = [await _read(one, tally) for one, tally in ((ours, home.tally), (theirs, naive.tally))]
    day = await _read(our_day, home.tally)
    (ms, cpu_ms, units), (ms_2, cpu_ms_2, units_2) = found
    return [
        _row("read units of a month of track", units, units_2),
        _row("milliseconds of a month of track", ms, ms_2),
        _row("client's processor ms of a month of track", cpu_ms, cpu_ms_2),
        ["read units of a day of all kinds, in two requests", number(day[2]), "", ""],
    ]


async def _read(
    call: Callable[[], Awaitable[bytes]], tally: CountingTally
) -> tuple[float, float, float]:
    """Milliseconds, milliseconds of this process's CPU, read units."""
    await call()
    taken = []
    for _ in range(_READS):
        tally.units("read_units")
        wall, cpu = time.perf_counter(), time.process_time()
        await call()
        wall_ms = (time.perf_counter() - wall) * 1000
        taken.append((wall_ms, (time.process_time() - cpu) * 1000, tally.units("read_units")))
    walls, cpus, units = zip(*taken, strict=True)
    return median(walls), median(cpus), median(units)


def _row(what: str, ours: float, theirs: float) -> list[str]:
    return [what, number(ours), number(theirs), number(100 * ours / theirs)]
