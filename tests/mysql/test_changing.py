"""Changes of one account take their turns; those of two do not know of each other."""

import asyncio

import attrs
import pytest

from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from domain.account import Account
from tests.contracts.builders import ACCOUNT, NOW_MS, OTHER_ACCOUNT
from tests.contracts.entities import person
from tests.mysql.steps import add_person, opened, people, soon, until_waiting

pytestmark = pytest.mark.anyio


class _Failed(Exception):
    pass


async def test_who_comes_later_sees_what_was_done_before(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    seen: list[list[str]] = []

    async def look_and_add(ident: str) -> None:
        async with configuration.changing() as tx:
            seen.append([one.id for one in await tx.people.matching(ACCOUNT)])
            await tx.people.add(person(ident))

    later = []
    async with configuration.changing() as tx:
        await tx.people.add(person("1"))
        for number in (2, 3, 4):
            later.append(asyncio.create_task(look_and_add(str(number))))
            await until_waiting(settings, number - 1)
        assert seen == []
        await tx.people.add(person("0"))
    await soon(asyncio.gather(*later))
    assert seen == [["0", "1"], ["0", "1", "2"], ["0", "1", "2", "3"]]


@pytest.mark.parametrize("call", ["get", "matching", "page", "remove"])
async def test_every_call_waits_for_who_has_the_floor(
    configuration: MysqlConfiguration, settings: MysqlSettings, call: str
) -> None:
    arguments = {"get": ("p",), "matching": (), "page": (None, 5), "remove": ("nobody",)}[call]

    async def ask() -> None:
        async with configuration.changing() as tx:
            await getattr(tx.people, call)(ACCOUNT, *arguments)

    async with configuration.changing() as tx:
        await tx.people.add(person("p"))
        asking = asyncio.create_task(ask())
        await until_waiting(settings, 1)
        assert not asking.done()
    await soon(asking)


async def test_another_account_and_readers_wait_for_nobody(
    configuration: MysqlConfiguration,
) -> None:
    await add_person(configuration, "p")
    async with configuration.changing() as tx:
        await tx.people.add(person("q"))
        await soon(add_person(configuration, "p", OTHER_ACCOUNT))
        assert await soon(people(configuration, OTHER_ACCOUNT)) == ["p"]
        assert await soon(people(configuration)) == ["p"]
    assert await people(configuration) == ["p", "q"]


async def test_twenty_contend_for_one_account_in_two_processes(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async def count_up(at: MysqlConfiguration) -> None:
        async with at.changing() as tx:
            before = await tx.people.get(ACCOUNT, "p")
            assert before is not None
            await tx.people.replace(attrs.evolve(before, name=str(int(before.name) + 1)))

    async with configuration.changing() as tx:
        await tx.people.add(person("p", name="0"))
    async with opened(settings) as other:
        await asyncio.gather(*(count_up(at) for at in [configuration, other] * 10))
    async with configuration.reading() as tx:
        assert await tx.people.get(ACCOUNT, "p") == person("p", name="20")


async def test_the_first_change_of_an_account_that_fails_does_not_fail_those_who_wait(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async def fail_before(others: list["asyncio.Task[None]"]) -> None:
        async with configuration.changing() as tx:
            await tx.people.add(person("gone"))
            others += [asyncio.create_task(add_person(configuration, str(n))) for n in range(9)]
            await until_waiting(settings, 9)
            raise _Failed

    others: list[asyncio.Task[None]] = []
    with pytest.raises(_Failed):
        await fail_before(others)
    await soon(asyncio.gather(*others))
    assert await people(configuration) == [str(n) for n in range(9)]


async def test_no_account_appears_to_who_has_seen_that_there_is_none(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async def add() -> None:
        async with configuration.changing() as tx:
            await tx.accounts.add(Account("a", "name", NOW_MS))

    async with configuration.changing() as tx:
        assert not await tx.has_accounts()
        adding = asyncio.create_task(add())
        await until_waiting(settings, 1)
        assert not await tx.has_accounts()
    await soon(adding)
    async with configuration.changing() as tx:
        assert await tx.has_accounts()
