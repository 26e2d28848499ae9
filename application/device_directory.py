"""Who a device is, what it may send, and which rules judge it: asked with every upload.

Answers are kept in memory and dropped when the account's configuration changes, so that
intake costs no query.
"""

from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from application.document_mapper import DocumentMapper
from application.mapping_documents import DocumentReader
from application.ports.change_news import ChangeNews
from application.ports.configuration import Configuration, ConfigurationTransaction
from application.rule_binding import RuleBinding
from domain.account import Person
from domain.consent import ConsentGate
from domain.device import Agent, Device, DeviceStatus
from domain.rules.binding import BoundRule

MAX_REMEMBERED = 200_000

T = TypeVar("T")


@attrs.frozen
class DeviceAccess:
    """What a valid credential grants: to deliver for one device, within its person's consent.

    `enrolment` counts the credentials that the device has had of this agent, up to this one.
    """

    account_id: str
    device_id: str
    person_id: str
    agent: Agent
    gate: ConsentGate
    policy_version: int
    enrolment: int = 1


@attrs.frozen
class DeviceBriefing:
    """What judging a device's observations needs."""

    device: Device
    person: Person
    rules: tuple[BoundRule, ...]
    reader: DocumentReader | None = None


class DeviceDirectory:
    def __init__(
        self,
        configuration: Configuration,
        news: ChangeNews,
        binding: RuleBinding,
        mapper: DocumentMapper,
    ) -> None:
        self._configuration = configuration
        self._mapper = mapper
        self._binding = binding
        self._news = news
        self._access: dict[str, DeviceAccess] = {}
        self._briefings: dict[str, DeviceBriefing] = {}
        self._generation = 0

    def remembered(self, digest: str) -> DeviceAccess | None:
        """The access of a credential that was looked up before; never waits."""
        return self._access.get(digest)

    async def access(self, digest: str) -> DeviceAccess | None:
        """What the credential with this digest grants; None when unknown or revoked."""
        known = self._access.get(digest)
        if known is not None:
            return known
        generation = self._generation
        async with self._configuration.reading() as tx:
            access = await _access(tx, digest)
        if access is not None and generation == self._generation:
            _remember(self._access, digest, access)
        return access

    async def briefing(self, account_id: str, device_id: str) -> DeviceBriefing | None:
        """None when the device has been removed since."""
        known = self._briefings.get(device_id)
        if known is not None:
            return known
        generation = self._generation
        async with self._configuration.reading() as tx:
            briefing = await self._briefing(tx, account_id, device_id)
        if briefing is not None and generation == self._generation:
            _remember(self._briefings, device_id, briefing)
        return briefing

    async def _briefing(
        self, tx: ConfigurationTransaction, account_id: str, device_id: str
    ) -> DeviceBriefing | None:
        device = await tx.devices.get(account_id, device_id)
        if device is None:
            return None
        person = await tx.people.get(account_id, device.person_id)
        if person is None:
            return None
        rules = await self._binding.bound(tx, person, device)
        return DeviceBriefing(device, person, rules, await self._reader(tx, person))

    async def _reader(self, tx: ConfigurationTransaction, person: Person) -> DocumentReader:
        mappings = await tx.mappings.matching(person.account_id, enabled=True)
        by_source = {mapping.source: mapping for mapping in mappings}
        gate = await _gate(tx, person) if mappings else None
        return DocumentReader(self._mapper, by_source, gate)

    def changed(self, account_id: str) -> None:
        """Something was configured here: it is forgotten here and everywhere."""
        self.forget(account_id)
        self._news.spread(account_id)

    def forget_all(self) -> None:
        """Changes may have been missed."""
        self._generation += 1
        self._access.clear()
        self._briefings.clear()

    def forget(self, account_id: str) -> None:
        """Something was configured: forget what was known of the account.

        An answer that was being looked up meanwhile is given but not remembered.
        """
        self._generation += 1
        for digest in [d for d, a in self._access.items() if a.account_id == account_id]:
            del self._access[digest]
        for device_id in [
            d for d, b in self._briefings.items() if b.device.account_id == account_id
        ]:
            del self._briefings[device_id]


def _remember(known: dict[str, T], key: str, value: T) -> None:
    if len(known) >= MAX_REMEMBERED:
        del known[next(iter(known))]
    known[key] = value


async def _access(tx: ConfigurationTransaction, digest: str) -> DeviceAccess | None:
    credential = await tx.credentials.by_unique("digest", digest)
    if credential is None or credential.revoked_at_ms is not None:
        return None
    device = await tx.devices.get(credential.account_id, credential.device_id)
    if device is None or device.status is DeviceStatus.RETIRED:
        return None
    person = await tx.people.get(device.account_id, device.person_id)
    if person is None:
        return None
    credentials = await tx.credentials.matching(device.account_id, device_id=device.id)
    of_agent = [one.id for one in credentials if one.agent is credential.agent]
    return DeviceAccess(
        account_id=device.account_id,
        device_id=device.id,
        person_id=person.id,
        agent=credential.agent,
        gate=await _gate(tx, person),
        policy_version=device.policy_version,
        enrolment=of_agent.index(credential.id) + 1,
    )


async def _gate(tx: ConfigurationTransaction, person: Person) -> ConsentGate:
    consents = await tx.consents.matching(person.account_id, person_id=person.id)
    return ConsentGate(tuple(consents), ZoneInfo(person.time_zone))
