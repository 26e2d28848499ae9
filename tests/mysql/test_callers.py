"""Callers that go away, and more of them than there are connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs
import pytest

from adapters.outbound.mysql import configuration as mysql
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from application.faults import Unavailable
from tests.contracts.entities import person
from tests.mysql.steps import (
    DEADLINE_S,
    add_person,
    opened,
    people,
    soon,
    through_proxy,
    unavailable,
    until_waiting,
)
from tests.support.fault_proxy import FaultProxy

pytestmark = pytest.mark.anyio


async def test_who_holds_the_floor_and_goes_leaves_it(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async with _holding(configuration) as holder:
        waiting = asyncio.create_task(add_person(configuration, "kept"))
        await until_waiting(settings, 1)
        holder.cancel()
        await soon(waiting)
    assert await people(configuration) == ["kept"]


async def test_who_waits_for_the_floor_and_goes_does_not_get_it(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async with _holding(configuration) as holder:
        waiting = [asyncio.create_task(add_person(configuration, f"gone-{n}")) for n in range(3)]
        await until_waiting(settings, 3)
        for one in waiting:
            one.cancel()
        await soon(asyncio.gather(*waiting, return_exceptions=True))
        kept = asyncio.create_task(add_person(configuration, "kept"))
        holder.cancel()
        await soon(kept)
    assert await people(configuration) == ["kept"]


async def test_who_is_gone_without_a_word_loses_the_floor(
    settings: MysqlSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mysql, "_SILENT_S", 1)

    has_gone = asyncio.Event()

    async def go(configuration: MysqlConfiguration, proxy: FaultProxy) -> None:
        async with configuration.changing() as tx:
            await tx.people.add(person("gone"))
            proxy.hang()
            has_gone.set()
            await asyncio.Event().wait()

    async with through_proxy(settings) as (configuration, proxy), opened(settings) as beside:
        going = asyncio.create_task(unavailable(go(configuration, proxy), 2 * DEADLINE_S))
        await soon(has_gone.wait())
        await soon(add_person(beside, "p"))
        await going
        assert await people(beside) == ["p"]


@pytest.mark.parametrize("kind", ["reading", "changing"])
async def test_more_callers_than_connections_take_their_turns(
    settings: MysqlSettings, kind: str
) -> None:
    async def ask(configuration: MysqlConfiguration, account: str) -> None:
        async with getattr(configuration, kind)() as tx:
            await tx.people.matching(account)

    async with opened(attrs.evolve(settings, pool_size=2)) as configuration:
        await soon(asyncio.gather(*(ask(configuration, f"a{n}") for n in range(40))))


@pytest.mark.parametrize("kind", ["reading", "changing"])
async def test_when_all_connections_stay_in_use_the_next_is_told_in_time(
    settings: MysqlSettings, kind: str
) -> None:
    few = attrs.evolve(settings, pool_size=2, deadline_s=DEADLINE_S)
    async with (
        opened(few) as configuration,
        getattr(configuration, kind)() as one,
        getattr(configuration, kind)() as two,
    ):
        await one.people.matching("a1")
        await two.people.matching("a2")
        with pytest.raises(Unavailable, match="in use"):
            async with getattr(configuration, kind)():
                pass


@asynccontextmanager
async def _holding(configuration: MysqlConfiguration) -> AsyncIterator["asyncio.Task[None]"]:
    """A caller that has the floor until it is cancelled."""
    has_it = asyncio.Event()

    async def hold() -> None:
        async with configuration.changing() as tx:
            await tx.people.add(person("gone"))
            has_it.set()
            await asyncio.Event().wait()

    holder = asyncio.create_task(hold())
    try:
        await soon(has_it.wait())
        yield holder
    finally:
        holder.cancel()
        await asyncio.gather(holder, return_exceptions=True)
