"""What a call of DynamoDB costs its client: ours, and beside it the driver as it comes."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import aioboto3
import uvloop

from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.items import Item, binary, key, number, text
from adapters.outbound.dynamodb.schema import create_table
from adapters.outbound.prometheus_tally import PrometheusTally
from benchmarks import table
from benchmarks.dynamo_table import table_settings
from deploy.local import Dynoxide

_TABLE = "bench"
_AT_ONCE = 8
_ROUNDS = 5
_CALLS = 160  # of a round
_ITEMS = 25
_QUERIED = 100

_HEADERS = ("call", "ours: CPU µs", "the driver's: CPU µs", "ratio", "ours: wall µs")
_NOTE = (
    f"Processor time of the client a call, {_AT_ONCE} at once, medians of {_ROUNDS} rounds of "
    f"{_CALLS} calls in turns; one shared client each, the same server. Items of 600 bytes. Ours "
    "checks no parameters, repeats by itself within a deadline and counts the capacity; the "
    "driver's is a default client of aioboto3, which is not asked for the capacity."
)

Call = Callable[[int], Awaitable[object]]


def dynamo_calls() -> table.Table:
    with (
        tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder,
        Dynoxide(Path(folder), durable=False) as server,
    ):
        rows = uvloop.run(_rows(server))
    return table.Table("Calls of DynamoDB", _HEADERS, rows, _NOTE)


async def _rows(server: Dynoxide) -> list[list[str]]:
    async with _ours(server) as ours, _driver(server) as driver:
        for place in range(_QUERIED):
            await ours.put("apply", _item("queried", place))
        calls, beside = _our_calls(ours), _driver_calls(driver)
        return [await _compared(name, calls[name], beside[name]) for name in calls]


@asynccontextmanager
async def _ours(server: Dynoxide) -> AsyncIterator[DynamoClient]:
    settings = table_settings(server, _TABLE)
    client = DynamoClient(settings, PrometheusTally())
    await client.open()
    try:
        await create_table(client)
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def _driver(server: Dynoxide) -> AsyncIterator[Any]:
    async with aioboto3.Session().client("dynamodb", **server.client_options) as client:
        yield client


def _our_calls(client: DynamoClient) -> Mapping[str, Call]:
    return {
        "put": lambda n: client.put("apply", _item("put", n)),
        "put under a condition": lambda n: client.put(
            "apply", _item("put", n), "attribute_not_exists(v) OR v = :v", {":v": number(1)}
        ),
        "update under a condition": lambda n: client.update("apply", _update(n)),
        f"{_ITEMS} items in a batch": lambda n: client.write_many("merge", _puts(n)),
        f"query of {_QUERIED} items": lambda _: client.query("read_day", _query()),
    }


def _driver_calls(client: Any) -> Mapping[str, Call]:
    condition = {
        "ConditionExpression": "attribute_not_exists(v) OR v = :v",
        "ExpressionAttributeValues": {":v": number(1)},
    }
    return {
        "put": lambda n: client.put_item(TableName=_TABLE, Item=_item("put", n)),
        "put under a condition": lambda n: client.put_item(
            TableName=_TABLE, Item=_item("put", n), **condition
        ),
        "update under a condition": lambda n: client.update_item(TableName=_TABLE, **_update(n)),
        f"{_ITEMS} items in a batch": lambda n: client.batch_write_item(
            RequestItems={_TABLE: _puts(n)}
        ),
        f"query of {_QUERIED} items": lambda _: client.query(TableName=_TABLE, **_query()),
    }


def _item(partition: str, place: int) -> Item:
    item = key(partition, f"journal#{place:04d}")
    item["v"] = number(1)
    item["e"] = binary(b"\x93" * 120)
    item["b"] = binary(b"\x5a" * 450)
    return item


def _puts(place: int) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": _item("batch", place * _ITEMS + n)}} for n in range(_ITEMS)]


def _update(place: int) -> dict[str, Any]:
    return {
        "Key": key("put", f"journal#{place:04d}"),
        "UpdateExpression": "SET e = :e",
        "ConditionExpression": "v = :v",
        "ExpressionAttributeValues": {":e": binary(b"\x94" * 120), ":v": number(1)},
    }


def _query() -> dict[str, Any]:
    return {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
        "ExpressionAttributeValues": {":pk": text("queried"), ":sk": text("journal#")},
    }


async def _compared(name: str, ours: Call, driver: Call) -> list[str]:
    found: list[tuple[float, float]] = []
    beside: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        found.append(await _measured(ours))
        beside.append(await _measured(driver))
    cpu_us, wall_us = (median(one[place] for one in found) for place in range(2))
    driver_us = median(cpu for cpu, _ in beside)
    return [name, *map(table.number, (cpu_us, driver_us, cpu_us / driver_us, wall_us))]


async def _measured(call: Call) -> tuple[float, float]:
    """Microseconds a call: of processor time, and as the clock goes."""
    places = iter(range(_CALLS))

    async def calls() -> None:
        for place in places:
            await call(place)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(calls() for _ in range(_AT_ONCE)))
    taken = time.process_time() - cpu, time.perf_counter() - wall
    return taken[0] / _CALLS * 1e6, taken[1] / _CALLS * 1e6
