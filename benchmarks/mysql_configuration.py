"""What intake's look-up and a change cost in the configuration: on MySQL, and beside it SQLite."""

import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import attrs
import uvloop
from sqlalchemy import Engine, event

from adapters.outbound.cel_expressions import CelExpressions
from adapters.outbound.embedded.configuration import SqliteConfiguration
from adapters.outbound.embedded.signals import InProcessChangeNews
from adapters.outbound.embedded.sqlite_file import SqliteFile
from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.migrate import migrate
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.public_suffixes import PublicSuffixes
from adapters.outbound.sql.intake_log import SqlIntakeLog
from application.device_directory import DeviceDirectory
from application.document_mapper import DocumentMapper
from application.rule_binding import RuleBinding
from benchmarks.table import Table, number
from deploy.local import MariaDb, NotStarted
from domain.access import AuditEntry
from domain.account import Account, Person
from domain.consent import Consent
from domain.device import Agent, Credential, Device
from domain.intake_line import IntakeLine
from domain.kinds import Kind

_BINDING = RuleBinding(CelExpressions(), PublicSuffixes())
_MAPPER = DocumentMapper(JmespathMappings(), PrometheusTally())
_ROUNDS = 7
_CALLS = 200  # of a round
_LINES = 100  # of the intake log, of a device each
_DEVICES = 10_000  # that have lines
_ACCOUNT = "account"
_DIGEST = "digest"
_NOW_MS = 1_790_000_000_000

_TITLE = "Configuration"
_HEADERS = ("call", "on", "statements", "µs", "µs of this process's CPU")
_NOTE = (
    f"Medians of {_ROUNDS} rounds of {_CALLS} calls, one after the other, of a process that "
    "remembers nothing. The look-up is that of a credential: device, person, consents. The change "
    "reads a person and replaces it and a device, with a line in the audit log; it is durable when "
    "it ends. The lines are added up with what is there of their devices. Beside the statements "
    "MySQL is pinged before a transaction and told of its end: two round trips more. SQLite's CPU "
    "is all there is, MySQL's has its server's beside it."
)

Store = MysqlConfiguration | SqliteConfiguration
Call = Callable[[Store], Awaitable[object]]


def mysql_configuration() -> Table:
    with tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder:
        try:
            with MariaDb(Path(folder) / "mariadb") as server:
                rows = uvloop.run(_rows(server, Path(folder)))
        except NotStarted as error:
            return Table(_TITLE, _HEADERS, [], f"Not measured: {str(error).splitlines()[0]}.")
    return Table(_TITLE, _HEADERS, rows, _NOTE)


async def _rows(server: MariaDb, folder: Path) -> list[list[str]]:
    async with _on_mysql(server) as mysql, _on_sqlite(folder) as sqlite:
        stores: dict[str, Store] = {"MySQL": mysql, "SQLite": sqlite}
        for store in stores.values():
            await _fill(store)
        calls: dict[str, Call] = {
            "access of a credential": _look_up,
            "a change": _change,
            f"{_LINES} lines of the intake log": _log_intake,
        }
        return [
            [name, on, *(await _measured(call, store))]
            for name, call in calls.items()
            for on, store in stores.items()
        ]


@asynccontextmanager
async def _on_mysql(server: MariaDb) -> AsyncIterator[Store]:
    server.create_database("bench")
    settings = MysqlSettings(server.host, server.user, "bench", server.password, server.port)
    await migrate(settings)
    configuration = MysqlConfiguration(settings)
    await configuration.open()
    try:
        yield configuration
    finally:
        await configuration.close()


@asynccontextmanager
async def _on_sqlite(folder: Path) -> AsyncIterator[Store]:
    file = SqliteFile(folder / "fieldpost.db")
    configuration = SqliteConfiguration(file)
    await file.open()
    await configuration.open()
    try:
        yield configuration
    finally:
        await configuration.close()
        await file.close()


async def _fill(configuration: Store) -> None:
    async with configuration.changing() as tx:
        await tx.accounts.add(Account(_ACCOUNT, "Benchmarks", _NOW_MS))
        await tx.people.add(_PERSON)
        await tx.devices.add(_DEVICE)
        await tx.consents.add(Consent("consent", _ACCOUNT, "person", tuple(Kind), _NOW_MS))
        await tx.credentials.add(
            Credential("credential", _ACCOUNT, "device", Agent.FIELDPOST, _DIGEST, _NOW_MS)
        )


async def _look_up(configuration: Store) -> None:
    directory = DeviceDirectory(configuration, InProcessChangeNews(), _BINDING, _MAPPER)
    assert await directory.access(_DIGEST) is not None


async def _change(configuration: Store) -> None:
    line = AuditEntry(
        f"{time.time_ns():x}", _ACCOUNT, _NOW_MS, "ana@example.org", "person.change", "person", ""
    )
    async with configuration.changing() as tx:
        person = await tx.people.get(_ACCOUNT, "person")
        assert person is not None
        await tx.people.replace(attrs.evolve(person, name="Ana"))
        await tx.devices.replace(_DEVICE)
        await tx.audit.add(line)


async def _log_intake(configuration: Store) -> None:
    numbers = [next(_NUMBERS) % _DEVICES for _ in range(_LINES)]
    await SqlIntakeLog(configuration).add(
        [
            IntakeLine(
                _ACCOUNT,
                f"device-{one}",
                "2026-10-05",
                Kind.LOCATION,
                _NOW_MS,
                _NOW_MS,
                accepted_batches=1,
                accepted=10,
            )
            for one in numbers
        ]
    )


async def _measured(call: Call, configuration: Store) -> Sequence[str]:
    with _statements() as seen:
        await call(configuration)
    walls_us, cpus_us = [], []
    for _ in range(_ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(_CALLS):
            await call(configuration)
        walls_us.append((time.perf_counter() - wall) / _CALLS * 1e6)
        cpus_us.append((time.process_time() - cpu) / _CALLS * 1e6)
    return str(len(seen)), number(median(walls_us)), number(median(cpus_us))


@contextmanager
def _statements() -> Iterator[list[str]]:
    """Gathers what is executed meanwhile, by whatever engine."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", see)


_NUMBERS = count()
_PERSON = Person("person", _ACCOUNT, "Ana", "Europe/Ljubljana", _NOW_MS)
_DEVICE = Device("device", _ACCOUNT, "person", "phone", "android", _NOW_MS)
