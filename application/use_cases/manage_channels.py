"""Channels: made, changed, tried out, resumed and removed; and what they were told."""

from collections.abc import Mapping
from typing import Any

import attrs

from application.actor import Actor
from application.faults import Conflict, Invalid, NotFound, TooMany
from application.identifiers import new_id, new_signing_secret
from application.paging import Page
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from application.ports.delivery_log import DeliveryLog
from application.ports.notifier import Notifier
from application.use_cases.manage_people import is_time_zone
from domain.channel import Channel, ChannelKind, Digest, Health, channel_errors
from domain.delivery import Delivery
from domain.notice import Message, Outcome
from domain.refusals import FieldError
from domain.schedule import Schedule
from domain.times import DAY_MS

MAX_CHANNELS = 100
TEST_EVERY_MS = 10_000
OLD_SECRET_MS = DAY_MS
"""For so long after it was renewed messages are signed with the secret before it, too."""


@attrs.frozen
class ChannelDraft:
    """A channel as a person wrote it; `settings` are the kind's own, without secrets of ours."""

    name: str
    kind: ChannelKind
    settings: Mapping[str, Any]
    enabled: bool = True
    gather_s: float = 30.0
    quiet: Schedule | None = None
    time_zone: str = "UTC"
    digest: Digest = Digest.NONE
    digest_hour: int = 8


@attrs.frozen
class ManageChannels:
    configuration: Configuration
    notifiers: Mapping[ChannelKind, Notifier]
    log: DeliveryLog
    clock: Clock

    async def all(self, actor: Actor) -> list[Channel]:
        async with self.configuration.reading() as tx:
            return await tx.channels.matching(actor.account_id)

    async def one(self, actor: Actor, channel_id: str) -> Channel:
        """Raises NotFound."""
        async with self.configuration.reading() as tx:
            return await _channel(tx, actor, channel_id)

    async def add(self, actor: Actor, draft: ChannelDraft) -> Channel:
        """A webhook gets its secret, which is to be shown now and never again."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        channel = Channel(
            id=new_id(now_ms),
            account_id=actor.account_id,
            created_at_ms=now_ms,
            **attrs.asdict(draft, recurse=False),
        )
        self._check(channel)
        if channel.kind is ChannelKind.WEBHOOK:
            settings = {**channel.settings, "secret": new_signing_secret()}
            channel = attrs.evolve(channel, settings=settings)
        async with self.configuration.changing() as tx:
            if len(await tx.channels.matching(actor.account_id)) >= MAX_CHANNELS:
                raise Conflict(f"an account has {MAX_CHANNELS} channels at most")
            await tx.channels.add(channel)
            await tx.audit.add(actor.entry(now_ms, "channel.add", channel.id, channel.name))
        return channel

    async def change(self, actor: Actor, channel_id: str, draft: ChannelDraft) -> Channel:
        """What it is sent to anew starts in good health."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            old = await _channel(tx, actor, channel_id)
            if draft.kind is not old.kind:
                raise Invalid.of([FieldError(draft.kind.value, f"it is a channel of {old.kind}")])
            fields = attrs.asdict(draft, recurse=False)
            settings = {**old.settings, **draft.settings}
            channel = attrs.evolve(old, **{**fields, "settings": settings})
            self._check(channel)
            if settings != old.settings:
                channel = attrs.evolve(channel, health=_well(old))
            await tx.channels.replace(channel)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "channel.change", channel.id, channel.name))
        return channel

    async def remove(self, actor: Actor, channel_id: str) -> None:
        """Raises Conflict while a rule names it. What waits on it is not sent."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            channel = await _channel(tx, actor, channel_id)
            for rule in await tx.rules.matching(actor.account_id):
                if channel_id in rule.channels:
                    raise Conflict(f"the rule “{rule.name}” needs this channel; change it first")
            await tx.channels.remove(actor.account_id, channel_id)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "channel.remove", channel.id, channel.name))

    async def renew_secret(self, actor: Actor, channel_id: str) -> Channel:
        """The new secret is to be shown now and never again. Raises Conflict where there is none
        to renew.
        """
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            old = await _channel(tx, actor, channel_id)
            if old.kind is not ChannelKind.WEBHOOK:
                raise Conflict("only webhooks have a secret")
            settings = {
                **old.settings,
                "secret": new_signing_secret(),
                "old_secret": old.settings["secret"],
                "old_until_ms": now_ms + OLD_SECRET_MS,
            }
            channel = attrs.evolve(old, settings=settings)
            await tx.channels.replace(channel)
            await tx.audit.add(actor.entry(now_ms, "channel.secret", channel.id, channel.name))
        return channel

    async def resume(self, actor: Actor, channel_id: str) -> Channel:
        """Try it again, whatever came of it before; what waits because it failed is due now."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            old = await _channel(tx, actor, channel_id)
            channel = attrs.evolve(old, health=_well(old))
            await tx.channels.replace(channel)
            await tx.audit.add(actor.entry(now_ms, "channel.resume", channel.id, channel.name))
        held_until_ms = old.health.retry_at_ms
        await self.log.hasten(actor.account_id, channel_id, held_until_ms, now_ms)
        return channel

    async def test(self, actor: Actor, channel_id: str) -> Outcome:
        """Send a test message now, whatever the state of the channel. Raises TooMany."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            channel = await _channel(tx, actor, channel_id)
            wait_ms = channel.health.tested_at_ms + TEST_EVERY_MS - now_ms
            if wait_ms > 0:
                raise TooMany("it was tested just now", -(-wait_ms // 1000))
            health = attrs.evolve(channel.health, tested_at_ms=now_ms)
            await tx.channels.replace(attrs.evolve(channel, health=health))
            await tx.audit.add(actor.entry(now_ms, "channel.test", channel.id, channel.name))
        return await self.notifiers[channel.kind].notify(channel, Message(new_id(now_ms)))

    async def deliveries(
        self, actor: Actor, channel_id: str, cursor: str | None, limit: int
    ) -> Page[Delivery]:
        """What became of the alerts on this channel, newest first. Raises NotFound."""
        await self.one(actor, channel_id)
        return await self.log.page(actor.account_id, channel_id, cursor, limit)

    async def resend(self, actor: Actor, delivery_id: str) -> Delivery:
        """Send it once more, whatever came of it. Raises NotFound, and Conflict where it waits
        anyway or its channel does not send.
        """
        actor.must_change()
        now_ms = self.clock.now_ms()
        delivery = await self.log.get(actor.account_id, delivery_id)
        if delivery is None:
            raise NotFound("there is no such delivery")
        async with self.configuration.changing() as tx:
            channel = await _channel(tx, actor, delivery.channel_id)
            if not channel.sends:
                raise Conflict(f"the channel is {channel.state}")
            await tx.audit.add(actor.entry(now_ms, "delivery.resend", delivery_id, channel.name))
        anew = await self.log.resend(actor.account_id, delivery_id, now_ms)
        if anew is None:
            raise Conflict("it waits to be sent already")
        return anew

    def _check(self, channel: Channel) -> None:
        if not is_time_zone(channel.time_zone):
            reason = "is not an IANA time zone, like Europe/Ljubljana"
            raise Invalid.of([FieldError("time_zone", reason)])
        own = self.notifiers[channel.kind].settings_errors(channel.settings)
        errors = [
            FieldError(f"{channel.kind}.{error.field}".rstrip("."), error.reason) for error in own
        ]
        errors += channel_errors(channel)
        if errors:
            raise Invalid.of(errors)


def _well(channel: Channel) -> Health:
    return Health(tested_at_ms=channel.health.tested_at_ms)


async def _channel(tx: ConfigurationTransaction, actor: Actor, channel_id: str) -> Channel:
    channel = await tx.channels.get(actor.account_id, channel_id)
    if channel is None:
        raise NotFound("there is no such channel")
    return channel
