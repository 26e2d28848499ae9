"""Changes of one account take their turns; those of two do not know of each other."""

import asyncio

import attrs
import pytest

from adapters.outbound.argon2_hasher import Argon2PasswordHasher
from adapters.outbound.embedded.signals import InProcessChangeNews
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.system_clock import SystemClock
from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, NotAuthenticated
from application.use_cases.create_account import CreateAccount, CreatedAccount
from application.use_cases.enrol_device import EnrolDevice, Enrolled
from domain.account import Account, Role
from domain.device import AgentInfo, Device, DeviceStatus
from tests.contracts.builders import ACCOUNT, NOW_MS, OTHER_ACCOUNT
from tests.contracts.entities import person
from tests.mysql.steps import add_person, opened, people, soon, until_waiting

pytestmark = pytest.mark.anyio

ACTOR = Actor(ACCOUNT, "user", "ana@example.org", Role.OWNER)


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


async def test_one_code_enrols_once(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async with configuration.changing() as tx:
        await tx.people.add(person("p"))
        await tx.devices.add(Device("d", ACCOUNT, "p", "phone", "android", NOW_MS))
    code = (await _enrol(configuration).issue_code(ACTOR, "d")).code
    agent = AgentInfo("agent", "1.0", "android")
    async with opened(settings) as other:
        redeemed = await asyncio.gather(
            *(_enrol(at).redeem(code, agent) for at in [configuration, other] * 4),
            return_exceptions=True,
        )
    enrolled = [one for one in redeemed if isinstance(one, Enrolled)]
    refused = [one for one in redeemed if isinstance(one, NotAuthenticated)]
    assert (len(enrolled), len(refused)) == (1, 7), redeemed
    async with configuration.reading() as tx:
        credentials = await tx.credentials.matching(ACCOUNT, device_id="d")
        device = await tx.devices.get(ACCOUNT, "d")
    assert [one.revoked_at_ms for one in credentials] == [None]
    assert device is not None and device.status is DeviceStatus.ENROLLED


async def test_of_several_first_owners_there_is_one(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async with opened(settings) as other:
        made = await asyncio.gather(
            *(
                _create(at)(f"Account {n}", f"{n}@example.org", first_only=True)
                for n, at in enumerate([configuration, other] * 3)
            ),
            return_exceptions=True,
        )
    owners = [one for one in made if isinstance(one, CreatedAccount)]
    refused = [one for one in made if isinstance(one, Conflict)]
    assert (len(owners), len(refused)) == (1, 5), made
    async with configuration.reading() as tx:
        for n in range(6):
            user = await tx.users.by_unique("email", f"{n}@example.org")
            assert (user is not None) == (owners[0].email == f"{n}@example.org")


async def test_one_address_is_one_user(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    async with opened(settings) as other:
        made = await asyncio.gather(
            *(_create(at)("Account", "ana@example.org") for at in [configuration, other] * 3),
            return_exceptions=True,
        )
    assert sum(isinstance(one, CreatedAccount) for one in made) == 1, made
    assert sum(isinstance(one, Conflict) for one in made) == 5, made


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


def _enrol(configuration: MysqlConfiguration) -> EnrolDevice:
    directory = DeviceDirectory(configuration, InProcessChangeNews())
    return EnrolDevice(configuration, directory, SystemClock())


def _create(configuration: MysqlConfiguration) -> CreateAccount:
    return CreateAccount(configuration, Argon2PasswordHasher(), SystemClock())
