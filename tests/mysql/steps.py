"""What the tests of the configuration on MySQL do again and again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import attrs
import pytest

from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from application.faults import Unavailable
from application.ports.configuration import Configuration
from tests.contracts.builders import ACCOUNT
from tests.contracts.entities import person
from tests.servers.clients import rows
from tests.support.fault_proxy import FaultProxy

T = TypeVar("T")

SOON_S = 5.0
"""Much longer than anything takes that waits for nobody."""

DEADLINE_S = 1.0
"""Of configurations that are to meet a failure."""

_LATE_S = 0.7  # what a busy machine may add
_LOOK_EVERY_S = 0.02


@asynccontextmanager
async def opened(settings: MysqlSettings) -> AsyncIterator[MysqlConfiguration]:
    configuration = MysqlConfiguration(settings)
    await configuration.open()
    try:
        yield configuration
    finally:
        await configuration.close()


@asynccontextmanager
async def through_proxy(
    settings: MysqlSettings,
) -> AsyncIterator[tuple[MysqlConfiguration, FaultProxy]]:
    with FaultProxy(settings.port) as proxy:
        there = attrs.evolve(settings, port=proxy.port, deadline_s=DEADLINE_S)
        async with opened(there) as configuration:
            yield configuration, proxy


async def unavailable(work: Awaitable[object], within_s: float = DEADLINE_S) -> None:
    """The work fails so, and in time."""
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await soon(work)
    took_s = time.monotonic() - began
    assert took_s < within_s + _LATE_S


async def add_person(configuration: Configuration, ident: str, account: str = ACCOUNT) -> None:
    async with configuration.changing() as tx:
        await tx.people.add(person(ident, account=account))


async def people(configuration: Configuration, account: str = ACCOUNT) -> list[str]:
    async with configuration.reading() as tx:
        return [one.id for one in await tx.people.matching(account)]


async def soon(work: Awaitable[T]) -> T:
    return await asyncio.wait_for(work, SOON_S)


async def run(settings: MysqlSettings, *statements: str) -> list[tuple[Any, ...]]:
    """What the last statement finds; each is committed."""
    return await rows(settings.url.render_as_string(hide_password=False), *statements)


async def until_waiting(settings: MysqlSettings, callers: int) -> None:
    """Until as many wait for a lock of somebody else, on the server that the test has."""
    await until_finds(settings, "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'", callers)


async def until_finds(settings: MysqlSettings, look: str, wanted: int) -> None:
    """Until the last column of the first row is as wanted."""
    deadline = time.monotonic() + SOON_S
    while (found := int((await run(settings, look))[0][-1])) != wanted:
        assert time.monotonic() < deadline, f"{look}: {found}, not {wanted}"
        await asyncio.sleep(_LOOK_EVERY_S)
