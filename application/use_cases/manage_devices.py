"""Devices: who carries them, what they shall collect, and when they are retired."""

from collections.abc import Mapping

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from application.ports.device_bell import DeviceBell
from application.use_cases.enrol_device import active_device, revoke_credentials
from domain.device import Device, DeviceStatus
from domain.kinds import Kind
from domain.policy import MAX_INTERVAL_S, MIN_INTERVAL_S, Collection, PolicySettings
from domain.refusals import FieldError

MAX_DEVICES = 10_000
MAX_NAME = 200


@attrs.frozen
class ManageDevices:
    configuration: Configuration
    directory: DeviceDirectory
    bell: DeviceBell
    clock: Clock

    async def add(self, actor: Actor, person_id: str, name: str, platform: str) -> Device:
        actor.must_change()
        name = name.strip()
        _check_name(name)
        now_ms = self.clock.now_ms()
        device = Device(new_id(now_ms), actor.account_id, person_id, name, platform, now_ms)
        async with self.configuration.changing() as tx:
            await _carried(tx, actor, person_id)
            if len(await tx.devices.matching(actor.account_id)) >= MAX_DEVICES:
                raise Conflict(f"an account has {MAX_DEVICES} devices at most")
            await tx.devices.add(device)
            await tx.audit.add(actor.entry(now_ms, "device.add", device.id, device.name))
        return device

    async def change(
        self, actor: Actor, device_id: str, name: str | None, person_id: str | None
    ) -> Device:
        """A device that is handed to another person follows that person's consents."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            device = await active_device(tx, actor.account_id, device_id)
            if name is not None:
                device = attrs.evolve(device, name=name.strip())
                _check_name(device.name)
            if person_id is not None and person_id != device.person_id:
                await _carried(tx, actor, person_id)
                device = attrs.evolve(
                    device, person_id=person_id, policy_version=device.policy_version + 1
                )
            await tx.devices.replace(device)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "device.change", device.id, device.name))
        self._tell(device)
        return device

    async def retire(self, actor: Actor, device_id: str) -> None:
        """Its credentials are revoked at once; what it delivered is kept."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            device = await active_device(tx, actor.account_id, device_id)
            await revoke_credentials(tx, device, now_ms)
            device = attrs.evolve(device, status=DeviceStatus.RETIRED)
            await tx.devices.replace(device)
            await tx.audit.add(actor.entry(now_ms, "device.retire", device.id, device.name))
        self._tell(device)

    async def set_policy(
        self, actor: Actor, device_id: str, kinds: Mapping[Kind, Collection]
    ) -> tuple[Device, PolicySettings]:
        actor.must_change()
        errors = [
            FieldError(
                f"kinds.{kind.value}.interval_s",
                f"must be between {MIN_INTERVAL_S} and {MAX_INTERVAL_S}",
            )
            for kind, collection in kinds.items()
            if not MIN_INTERVAL_S <= collection.interval_s <= MAX_INTERVAL_S
        ]
        if errors:
            raise Invalid.of(errors)
        async with self.configuration.changing() as tx:
            device = await active_device(tx, actor.account_id, device_id)
            device = attrs.evolve(device, policy_version=device.policy_version + 1)
            await tx.devices.replace(device)
            known = await tx.policies.get(actor.account_id, device_id)
            merged = {**(known.kinds if known else {}), **kinds}
            settings = PolicySettings(device_id, actor.account_id, merged)
            await (tx.policies.replace(settings) if known else tx.policies.add(settings))
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "policy.change", device.id, device.name))
        self._tell(device)
        return device, settings

    def _tell(self, device: Device) -> None:
        self.directory.changed(device.account_id)
        self.bell.ring(device.id)


async def _carried(tx: ConfigurationTransaction, actor: Actor, person_id: str) -> None:
    if await tx.people.get(actor.account_id, person_id) is None:
        raise Invalid.of([FieldError("person_id", "there is no such person")])


def _check_name(name: str) -> None:
    if not 1 <= len(name) <= MAX_NAME:
        raise Invalid.of([FieldError("name", f"must have 1 to {MAX_NAME} characters")])
