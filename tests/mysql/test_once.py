"""Use cases that must happen once, asked of two processes at the same time."""

import asyncio

import pytest

from adapters.outbound.argon2_hasher import Argon2PasswordHasher
from adapters.outbound.cel_expressions import CelExpressions
from adapters.outbound.embedded.signals import InProcessChangeNews
from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.public_suffixes import PublicSuffixes
from adapters.outbound.system_clock import SystemClock
from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.document_mapper import DocumentMapper
from application.faults import Conflict, NotAuthenticated
from application.rule_binding import RuleBinding
from application.use_cases.create_account import CreateAccount, CreatedAccount
from application.use_cases.enrol_device import EnrolDevice, Enrolled
from domain.account import Role
from domain.device import AgentInfo, Device, DeviceStatus
from tests.contracts.builders import ACCOUNT, NOW_MS
from tests.contracts.entities import person
from tests.mysql.steps import opened

pytestmark = pytest.mark.anyio

BINDING = RuleBinding(CelExpressions(), PublicSuffixes())
MAPPER = DocumentMapper(JmespathMappings(), PrometheusTally())

ACTOR = Actor(ACCOUNT, "user", "ana@example.org", Role.OWNER)


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


def _enrol(configuration: MysqlConfiguration) -> EnrolDevice:
    directory = DeviceDirectory(configuration, InProcessChangeNews(), BINDING, MAPPER)
    return EnrolDevice(configuration, directory, SystemClock())


def _create(configuration: MysqlConfiguration) -> CreateAccount:
    return CreateAccount(configuration, Argon2PasswordHasher(), SystemClock())
