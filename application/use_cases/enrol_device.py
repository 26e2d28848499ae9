"""Enrolment: a one-time code becomes a device credential; foreign agents get a token."""

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid, NotAuthenticated, NotFound
from application.identifiers import digest, new_code, new_id, new_secret, normalised_code
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from domain.device import Agent, AgentInfo, Credential, Device, DeviceStatus, Enrolment
from domain.refusals import FieldError

CODE_LIFETIME_MS = 24 * 3600 * 1000
MAX_TOKENS = 20


@attrs.frozen
class IssuedCode:
    code: str
    expires_at_ms: int


@attrs.frozen
class Enrolled:
    """`credential` is told once."""

    device: Device
    credential: str


@attrs.frozen
class IssuedToken:
    """`token` is told once."""

    credential: Credential
    token: str


@attrs.frozen
class EnrolDevice:
    configuration: Configuration
    directory: DeviceDirectory
    clock: Clock

    async def issue_code(self, actor: Actor, device_id: str) -> IssuedCode:
        """A new code; codes that were issued before and not used are void."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        code = new_code()
        async with self.configuration.changing() as tx:
            device = await active_device(tx, actor.account_id, device_id)
            for old in await tx.enrolments.matching(actor.account_id, device_id=device.id):
                if old.redeemable(now_ms):
                    await tx.enrolments.remove(actor.account_id, old.id)
            enrolment = Enrolment(
                id=new_id(now_ms),
                account_id=actor.account_id,
                device_id=device.id,
                code_digest=digest(code),
                created_at_ms=now_ms,
                expires_at_ms=now_ms + CODE_LIFETIME_MS,
            )
            await tx.enrolments.add(enrolment)
            await tx.audit.add(actor.entry(now_ms, "enrolment.issue", device.id, device.name))
        return IssuedCode(code, enrolment.expires_at_ms)

    async def redeem(self, code: str, agent: AgentInfo) -> Enrolled:
        """The agent's side. Earlier credentials of the device's Fieldpost agent are revoked.

        Raises NotAuthenticated when the code is unknown, used or expired.
        """
        now_ms = self.clock.now_ms()
        secret = new_secret()
        async with self.configuration.changing() as tx:
            enrolment = await tx.enrolments.by_unique("code_digest", digest(normalised_code(code)))
            if enrolment is None or not enrolment.redeemable(now_ms):
                raise NotAuthenticated(
                    "the enrolment code is unknown, used or expired",
                    [FieldError("code", "is unknown, used or expired")],
                )
            device = await active_device(tx, enrolment.account_id, enrolment.device_id)
            await tx.enrolments.replace(attrs.evolve(enrolment, used_at_ms=now_ms))
            await revoke_credentials(tx, device, now_ms, only=Agent.FIELDPOST)
            await tx.credentials.add(_credential(device, Agent.FIELDPOST, secret, now_ms))
            device = attrs.evolve(device, status=DeviceStatus.ENROLLED, agent=agent)
            await tx.devices.replace(device)
        self.directory.changed(device.account_id)
        return Enrolled(device, secret)

    async def issue_token(self, actor: Actor, device_id: str, agent: Agent) -> IssuedToken:
        """For an agent that people already have; it works on that agent's address only."""
        actor.must_change()
        if agent is Agent.FIELDPOST:
            raise Invalid.of([FieldError("agent", "a Fieldpost agent enrols by code")])
        now_ms = self.clock.now_ms()
        secret = new_secret()
        async with self.configuration.changing() as tx:
            device = await active_device(tx, actor.account_id, device_id)
            tokens = await tx.credentials.matching(actor.account_id, device_id=device.id)
            if sum(one.revoked_at_ms is None for one in tokens) >= MAX_TOKENS:
                raise Conflict(f"the device has {MAX_TOKENS} tokens; revoke one first")
            credential = _credential(device, agent, secret, now_ms)
            await tx.credentials.add(credential)
            if device.status is DeviceStatus.NEW:
                await tx.devices.replace(attrs.evolve(device, status=DeviceStatus.ENROLLED))
            await tx.audit.add(actor.entry(now_ms, "token.issue", device.id, agent.value))
        self.directory.changed(actor.account_id)
        return IssuedToken(credential, secret)

    async def revoke_token(self, actor: Actor, device_id: str, token_id: str) -> None:
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            token = await tx.credentials.get(actor.account_id, token_id)
            if token is None or token.device_id != device_id:
                raise NotFound("there is no such token")
            if token.revoked_at_ms is None:
                await tx.credentials.replace(attrs.evolve(token, revoked_at_ms=now_ms))
                await tx.audit.add(
                    actor.entry(now_ms, "token.revoke", device_id, token.agent.value)
                )
        self.directory.changed(actor.account_id)


async def revoke_credentials(
    tx: ConfigurationTransaction, device: Device, now_ms: int, only: Agent | None = None
) -> None:
    for old in await tx.credentials.matching(device.account_id, device_id=device.id):
        if old.revoked_at_ms is None and only in (None, old.agent):
            await tx.credentials.replace(attrs.evolve(old, revoked_at_ms=now_ms))


async def active_device(tx: ConfigurationTransaction, account_id: str, device_id: str) -> Device:
    """Raises NotFound; a retired device can do nothing any more."""
    device = await tx.devices.get(account_id, device_id)
    if device is None:
        raise NotFound("there is no such device")
    if device.status is DeviceStatus.RETIRED:
        raise Conflict("the device is retired")
    return device


def _credential(device: Device, agent: Agent, secret: str, now_ms: int) -> Credential:
    return Credential(
        id=new_id(now_ms),
        account_id=device.account_id,
        device_id=device.id,
        agent=agent,
        digest=digest(secret),
        created_at_ms=now_ms,
    )
