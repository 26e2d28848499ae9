"""People, what they consent to, and the devices they carry."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from application.ports.device_bell import DeviceBell
from domain.account import Person
from domain.consent import Consent
from domain.kinds import Kind
from domain.refusals import FieldError
from domain.schedule import Schedule

MAX_PEOPLE = 10_000
MAX_CONSENTS = 100
MAX_NAME = 200


@attrs.frozen
class ManagePeople:
    configuration: Configuration
    directory: DeviceDirectory
    bell: DeviceBell
    clock: Clock

    async def add(self, actor: Actor, name: str, time_zone: str) -> Person:
        actor.must_change()
        now_ms = self.clock.now_ms()
        person = Person(new_id(now_ms), actor.account_id, name.strip(), time_zone, now_ms)
        _check(person)
        async with self.configuration.changing() as tx:
            if len(await tx.people.matching(actor.account_id)) >= MAX_PEOPLE:
                raise Conflict(f"an account has {MAX_PEOPLE} people at most")
            await tx.people.add(person)
            await tx.audit.add(actor.entry(now_ms, "person.add", person.id, person.name))
        return person

    async def change(
        self, actor: Actor, person_id: str, name: str | None, time_zone: str | None
    ) -> Person:
        actor.must_change()
        async with self.configuration.changing() as tx:
            person = await _person(tx, actor, person_id)
            person = attrs.evolve(
                person,
                name=(name if name is not None else person.name).strip(),
                time_zone=time_zone if time_zone is not None else person.time_zone,
            )
            _check(person)
            await tx.people.replace(person)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "person.change", person.id, person.name))
        self.directory.changed(actor.account_id)
        return person

    async def grant(
        self,
        actor: Actor,
        person_id: str,
        kinds: Sequence[Kind],
        from_ms: int | None,
        to_ms: int | None,
        schedule: Schedule | None,
    ) -> Consent:
        """Without `from_ms` it covers what the device kept before, too."""
        actor.must_change()
        errors = []
        if not kinds:
            errors.append(FieldError("kinds", "must name at least one kind"))
        if from_ms is not None and to_ms is not None and to_ms <= from_ms:
            errors.append(FieldError("to", "must be later than from"))
        if errors:
            raise Invalid.of(errors)
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            await _person(tx, actor, person_id)
            earlier = await tx.consents.matching(actor.account_id, person_id=person_id)
            if sum(one.revoked_at_ms is None for one in earlier) >= MAX_CONSENTS:
                raise Conflict(f"{MAX_CONSENTS} consents are in force; revoke one first")
            consent = Consent(
                id=new_id(now_ms),
                account_id=actor.account_id,
                person_id=person_id,
                kinds=tuple(dict.fromkeys(kinds)),
                granted_at_ms=now_ms,
                version=len(earlier) + 1,
                from_ms=from_ms,
                to_ms=to_ms,
                schedule=schedule,
            )
            await tx.consents.add(consent)
            detail = ", ".join(consent.kinds)
            await tx.audit.add(actor.entry(now_ms, "consent.grant", person_id, detail))
            devices = await new_policy(tx, actor.account_id, person_id)
        self._tell(actor.account_id, devices)
        return consent

    async def revoke(self, actor: Actor, person_id: str, consent_id: str) -> Consent:
        """From now on nothing is accepted under it; revoking twice changes nothing."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            consent = await tx.consents.get(actor.account_id, consent_id)
            if consent is None or consent.person_id != person_id:
                raise NotFound("there is no such consent")
            if consent.revoked_at_ms is not None:
                return consent
            consent = attrs.evolve(consent, revoked_at_ms=now_ms)
            await tx.consents.replace(consent)
            detail = ", ".join(consent.kinds)
            await tx.audit.add(actor.entry(now_ms, "consent.revoke", person_id, detail))
            devices = await new_policy(tx, actor.account_id, person_id)
        self._tell(actor.account_id, devices)
        return consent

    def _tell(self, account_id: str, devices: Sequence[str]) -> None:
        self.directory.changed(account_id)
        for device_id in devices:
            self.bell.ring(device_id)


async def new_policy(tx: ConfigurationTransaction, account_id: str, person_id: str) -> list[str]:
    """The person's devices have to fetch their policy again; their ids."""
    devices = await tx.devices.matching(account_id, person_id=person_id)
    for device in devices:
        await tx.devices.replace(attrs.evolve(device, policy_version=device.policy_version + 1))
    return [device.id for device in devices]


async def _person(tx: ConfigurationTransaction, actor: Actor, person_id: str) -> Person:
    person = await tx.people.get(actor.account_id, person_id)
    if person is None:
        raise NotFound("there is no such person")
    return person


def _check(person: Person) -> None:
    errors = []
    if not 1 <= len(person.name) <= MAX_NAME:
        errors.append(FieldError("name", f"must have 1 to {MAX_NAME} characters"))
    if not is_time_zone(person.time_zone):
        errors.append(FieldError("time_zone", "is not an IANA time zone, like Europe/Ljubljana"))
    if errors:
        raise Invalid.of(errors)


def is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)
