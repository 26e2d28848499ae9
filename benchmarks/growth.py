"""What an upload costs when few devices are known, and when many are."""

import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from statistics import median

import attrs
import uvloop

from adapters.outbound.cel_expressions import CelExpressions
from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.items import key, text
from adapters.outbound.dynamodb.stores import DynamoStores
from adapters.outbound.embedded.signals import InProcessChangeNews
from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.migrate import migrate
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.public_suffixes import PublicSuffixes
from adapters.outbound.system_clock import SystemClock
from application.device_directory import DeviceDirectory
from application.document_mapper import DocumentMapper
from application.rule_binding import RuleBinding
from benchmarks.dynamo_table import table_settings
from benchmarks.judged_uploads import CountingTally, JudgedUploads
from benchmarks.known_devices import known_devices
from benchmarks.table import Table, number
from benchmarks.uploads import walk
from deploy.local import Dynoxide, MariaDb
from domain.kinds import Kind

_BINDING = RuleBinding(CelExpressions(), PublicSuffixes())
_MAPPER = DocumentMapper(JmespathMappings(), PrometheusTally())
_KNOWN = (100, 10_000, 1_000_000)

_DEVICES = 64
_UPLOADS = 8  # of a device, at each level
_SIZE = 10

_HEADERS = (
    "devices",
    "look-up of a credential: µs",
    "CPU µs",
    "first upload: µs",
    "CPU µs",
    "next uploads: µs",
    "CPU µs",
    "write units",
)
_NOTE = (
    "In MySQL and in a table of DynamoDB, both durable on this machine; an account has a hundred "
    "devices, each of which has a history. Medians over "
    f"{_DEVICES} devices that nothing remembers: the look-up of intake, the "
    "first upload of ten locations judged by ten rules, which reads the device's journal, and the "
    f"{_UPLOADS} after it. *CPU* is this process's, the servers' is in the time alone."
)


@attrs.frozen
class _Taken:
    wall_us: float
    cpu_us: float


def growth() -> Table:
    with (
        tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder,
        MariaDb(Path(folder) / "mariadb") as mysql,
        Dynoxide(Path(folder) / "dynoxide") as dynamo,
    ):
        rows = uvloop.run(_rows(mysql, dynamo))
    return Table("Growth", _HEADERS, rows, _NOTE)


async def _rows(mysql: MariaDb, dynamo: Dynoxide) -> list[list[str]]:
    mysql.create_database("bench")
    settings = MysqlSettings(mysql.host, mysql.user, "bench", mysql.password, mysql.port)
    await migrate(settings)
    rows = []
    async with _configuration(settings) as configuration, _uploads(dynamo) as uploads:
        known = 0
        for devices in _KNOWN:
            await known_devices(settings, configuration, known, devices)
            await _add_histories(uploads, known, devices)
            known = devices
            rows.append(await _row(configuration, uploads, known))
    return rows


@asynccontextmanager
async def _configuration(settings: MysqlSettings) -> AsyncIterator[MysqlConfiguration]:
    configuration = MysqlConfiguration(settings)
    await configuration.open()
    try:
        yield configuration
    finally:
        await configuration.close()


@asynccontextmanager
async def _uploads(server: Dynoxide) -> AsyncIterator[JudgedUploads]:
    settings = table_settings(server)
    tally, codec = CountingTally(), NativeBlockCodec()
    stores = DynamoStores(settings, codec, SystemClock(), tally, remembers=True)
    await stores.create()
    await stores.open()
    try:
        yield JudgedUploads(stores, tally, codec)
    finally:
        await stores.close()


async def _add_histories(uploads: JudgedUploads, first: int, count: int) -> None:
    """Each device has had an upload; all of them the same one."""
    client = uploads.stores.client
    if first == 0:
        await uploads.upload("template", (Kind.LOCATION, walk(_SIZE, 1)))
    template = await client.get("apply", key(keys.device("a", "template"), keys.slot(1)))
    assert template is not None
    partitions = (text(keys.device("a", f"device-{n}")) for n in range(first, count))
    await client.write_many(
        "apply", [{"PutRequest": {"Item": {**template, "pk": one}}} for one in partitions]
    )


async def _row(configuration: MysqlConfiguration, uploads: JudgedUploads, known: int) -> list[str]:
    chance = Random(known)
    look_ups: list[_Taken] = []
    firsts: list[_Taken] = []
    nexts: list[_Taken] = []
    for device in chance.sample(range(known), _DEVICES):
        directory = DeviceDirectory(configuration, InProcessChangeNews(), _BINDING, _MAPPER)

        async def look_up(directory: DeviceDirectory = directory, device: int = device) -> None:
            assert await directory.access(f"digest-{device}") is not None

        look_ups.append(await _taken(look_up))
    uploads.tally.units("write_units")
    for device in chance.sample(range(known), _DEVICES):
        fixes = walk(_SIZE * (_UPLOADS + 1), known + device, ends_s=time.time() + 60)
        for start in range(0, len(fixes), _SIZE):
            some = fixes[start : start + _SIZE]

            async def upload(some: list[dict[str, object]] = some, device: int = device) -> None:
                await uploads.upload(f"device-{device}", (Kind.LOCATION, some))

            (nexts if start else firsts).append(await _taken(upload))
    units = uploads.tally.units("write_units") / (_DEVICES * (_UPLOADS + 1))
    shown = [cell for some in (look_ups, firsts, nexts) for cell in _cells(some)]
    return [f"{known:,}", *shown, number(units)]


async def _taken(call: Callable[[], Awaitable[None]]) -> _Taken:
    wall, cpu = time.perf_counter(), time.process_time()
    await call()
    return _Taken((time.perf_counter() - wall) * 1e6, (time.process_time() - cpu) * 1e6)


def _cells(taken: Sequence[_Taken]) -> list[str]:
    return [number(median(one.wall_us for one in taken)), number(median(t.cpu_us for t in taken))]
