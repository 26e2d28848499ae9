"""A server that is killed, paused or out of reach: failures in time, and a recovery by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.migrate import migrate
from adapters.outbound.mysql.settings import MysqlSettings
from deploy.local import MariaDb
from domain.access import WebSession
from tests.contracts.builders import ACCOUNT, NOW_MS
from tests.contracts.entities import person
from tests.mysql.steps import (
    DEADLINE_S,
    add_person,
    opened,
    people,
    soon,
    through_proxy,
    unavailable,
    until_finds,
)
from tests.support.distributed import mysql_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import Database

pytestmark = pytest.mark.anyio

Call = Callable[[MysqlConfiguration], Awaitable[object]]
CALLS: dict[str, Call] = {
    "reading": people,
    "changing": lambda configuration: add_person(configuration, "q"),
    "ready": lambda configuration: configuration.ready(),
    "recent_changes": lambda configuration: configuration.recent_changes(),
}


async def test_a_server_that_was_killed_is_used_again(tmp_path: Path) -> None:
    with MariaDb(tmp_path / "mariadb") as server:
        async with _own(server) as configuration:
            await add_person(configuration, "before")
            server.kill()
            for call in CALLS.values():
                await unavailable(call(configuration))
            await asyncio.to_thread(server.start)
            await add_person(configuration, "after")
            assert await people(configuration) == ["after", "before"]


async def test_a_change_in_whose_midst_the_server_is_killed_was_none(tmp_path: Path) -> None:
    async def change(configuration: MysqlConfiguration, server: MariaDb) -> None:
        async with configuration.changing() as tx:
            await tx.people.add(person("p"))
            server.kill()

    with MariaDb(tmp_path / "mariadb") as server:
        async with _own(server) as configuration:
            await unavailable(change(configuration, server))
            await asyncio.to_thread(server.start)
            assert await people(configuration) == []
            await soon(add_person(configuration, "p"))


@pytest.mark.parametrize("name", CALLS)
async def test_a_paused_server_is_not_waited_for(tmp_path: Path, name: str) -> None:
    with MariaDb(tmp_path / "mariadb") as server:
        async with _own(server) as configuration:
            await add_person(configuration, "p")
            server.pause()
            for _ in range(2):  # with a connection that was there, and with a new one
                await unavailable(CALLS[name](configuration))
            server.resume()
            await soon(CALLS[name](configuration))


@pytest.mark.parametrize("kind", ["reading", "changing"])
async def test_a_caller_that_is_busy_with_something_else_gets_away_too(
    tmp_path: Path, kind: str
) -> None:
    async def dawdle(configuration: MysqlConfiguration, server: MariaDb) -> None:
        async with getattr(configuration, kind)() as tx:
            await tx.people.get(ACCOUNT, "p")
            server.pause()
            await asyncio.Event().wait()

    with MariaDb(tmp_path / "mariadb") as server:
        async with _own(server, pool_size=1) as configuration:
            await unavailable(dawdle(configuration, server), 2 * DEADLINE_S)
            server.resume()
            await soon(add_person(configuration, "p"))
            assert await soon(people(configuration)) == ["p"]


async def test_a_configuration_of_a_paused_server_can_be_closed(tmp_path: Path) -> None:
    with MariaDb(tmp_path / "mariadb") as server:
        async with _own(server) as configuration:
            await people(configuration)
            server.pause()
            await soon(configuration.close())
            server.resume()


@pytest.mark.parametrize("name", CALLS)
async def test_connections_that_were_cut_at_rest_are_replaced(
    settings: MysqlSettings, name: str
) -> None:
    async with through_proxy(settings) as (configuration, proxy):
        await asyncio.gather(*(people(configuration) for _ in range(3)))
        await asyncio.gather(*(add_person(configuration, f"p{n}") for n in range(3)))
        proxy.cut()
        await soon(CALLS[name](configuration))


@pytest.mark.parametrize("kind", ["reading", "changing"])
async def test_a_connection_that_is_cut_in_use_fails_its_caller_only(
    settings: MysqlSettings, kind: str
) -> None:
    async def be_cut(configuration: MysqlConfiguration, proxy: FaultProxy) -> None:
        async with getattr(configuration, kind)() as tx:
            await tx.people.matching(ACCOUNT)
            proxy.cut()
            await tx.people.matching(ACCOUNT)

    async with through_proxy(settings) as (configuration, proxy):
        await unavailable(be_cut(configuration, proxy))
        await soon(add_person(configuration, "p"))
        assert await soon(people(configuration)) == ["p"]


async def test_a_server_that_refuses_connections_is_unavailable(settings: MysqlSettings) -> None:
    async with through_proxy(settings) as (configuration, proxy):
        proxy.refuse()
        for call in CALLS.values():
            await unavailable(call(configuration))
        proxy.restore()
        await soon(add_person(configuration, "p"))


async def test_a_commit_whose_answer_is_lost_has_been_made(settings: MysqlSettings) -> None:
    async def change(configuration: MysqlConfiguration, proxy: FaultProxy) -> None:
        async with configuration.changing() as tx:
            for number in range(2):
                await tx.sessions.add(
                    WebSession(f"{number}", ACCOUNT, "u", f"{number}", "csrf", NOW_MS, NOW_MS)
                )
            proxy.hold_replies()

    async with through_proxy(settings) as (configuration, proxy):
        await unavailable(change(configuration, proxy))
        await until_finds(settings, "SELECT COUNT(*) FROM sessions", 2)


@asynccontextmanager
async def _own(server: MariaDb, **more: int) -> AsyncIterator[MysqlConfiguration]:
    """A configuration on a server that the test may do anything to."""
    server.create_database("own")
    settings = mysql_settings(Database(server, "own"), deadline_s=DEADLINE_S, **more)
    await migrate(settings)
    async with opened(settings) as configuration:
        yield configuration
