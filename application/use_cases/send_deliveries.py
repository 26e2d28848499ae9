"""What is due on a channel is sent as one message, and what came of it is written down.

Whoever claims the deliveries of a channel sends them; a claim ends by itself, so that another
takes over from one who has gone. A message may then come twice, under the same id, and never not
at all. While a channel fails, one message at a time is tried on it, ever more seldom; the others
wait and hold up no other channel.
"""

import logging
from collections.abc import Mapping, Sequence

import attrs

from application.faults import StoreBroken, Unavailable
from application.identifiers import new_id
from application.ports.alert_book import AlertBook
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.delivery_log import Claim, DeliveryLog
from application.ports.notifier import Notifier
from application.ports.tally import Tally
from domain.access import AuditEntry
from domain.alert import Alert
from domain.channel import Channel, ChannelKind, Health, loud_from
from domain.delivery import Delivery, DeliveryState
from domain.notice import MOST_TRIES, Message, Outcome, Result, after_failure, settled
from domain.rules.rule import Severity

_log = logging.getLogger(__name__)

LEASE_MS = 120_000
"""Longer than any message takes to be sent, and a while more."""

MOST_TOGETHER = 100
_SOON_MS = 5_000
_PLATFORM = "fieldpost"
_UNFORESEEN = "an error that nobody foresaw; the log has it"
_TOO_OFTEN = "given up: whoever tried to send it did not come back, several times"


@attrs.frozen
class SendDeliveries:
    log: DeliveryLog
    configuration: Configuration
    alert_book: AlertBook
    notifiers: Mapping[ChannelKind, Notifier]
    clock: Clock
    tally: Tally

    async def waiting(self, limit: int) -> list[tuple[str, str]]:
        """Channels, as (account, channel), on which something is due. Raises Unavailable."""
        return await self.log.waiting(self.clock.now_ms(), limit)

    async def __call__(self, account_id: str, channel_id: str) -> None:
        """Send what is due on the channel, a message at most. Raises Unavailable."""
        now_ms = self.clock.now_ms()
        async with self.configuration.reading() as tx:
            channel = await tx.channels.get(account_id, channel_id)
        if channel is None or not channel.sends:
            why = "removed" if channel is None else channel.state.value
            await self.log.drop(account_id, channel_id, f"the channel is {why}", now_ms)
        elif channel.health.retry_at_ms > now_ms:
            await self.log.postpone(account_id, channel_id, channel.health.retry_at_ms)
        else:
            claimed = await self.log.claim(_claim(channel, now_ms))
            if claimed:
                await self._send(channel, claimed)

    async def _send(self, channel: Channel, claimed: Sequence[Delivery]) -> None:
        try:
            alerts = await self._alerts(claimed)
        except (Unavailable, StoreBroken):
            await self.log.settle(
                [_untried(one, self.clock.now_ms() + _SOON_MS) for one in claimed]
            )
            raise
        gone = [one for one in claimed if one.alert_id not in alerts]
        left = [one for one in claimed if one.alert_id in alerts]
        if gone:
            await self.log.settle(
                [self._ended(one, "the alert is not there any more") for one in gone]
            )
        if not left:
            return
        if left[0].attempts > MOST_TRIES:
            await self.log.settle([self._ended(one, _TOO_OFTEN) for one in left])
            return
        left = await self._without_quiet(channel, left, alerts)
        if not left:
            return
        message = Message(left[0].message_id or "", [alerts[one.alert_id] for one in left])
        outcome = await self._notified(channel, message)
        self.tally.count("messages", outcome.result.value)
        await self._settle(channel, left, outcome)

    async def _without_quiet(
        self, channel: Channel, claimed: list[Delivery], alerts: Mapping[str, Alert]
    ) -> list[Delivery]:
        """What waited for a channel that failed may be due in its quiet hours: unless it is
        critical it waits for their end.
        """
        now_ms = self.clock.now_ms()
        loud_ms = loud_from(channel, now_ms)
        if loud_ms is None or loud_ms == now_ms:
            return claimed
        critical = Severity.CRITICAL
        waiting = [one for one in claimed if alerts[one.alert_id].severity is not critical]
        # The critical ones go out under the message's id; under the same, these would be taken
        # for a repetition.
        later = [attrs.evolve(_untried(one, loud_ms), message_id=None) for one in waiting]
        await self.log.settle(later)
        return [one for one in claimed if one not in waiting]

    async def _notified(self, channel: Channel, message: Message) -> Outcome:
        try:
            return await self.notifiers[channel.kind].notify(channel, message)
        except Exception:
            # Else the claim would go round for ever, and nobody would be shown why.
            _log.exception("channel %s of kind %s", channel.id, channel.kind)
            return Outcome(Result.FAILED_FOR_NOW, _UNFORESEEN)

    async def _alerts(self, claimed: Sequence[Delivery]) -> dict[str, Alert]:
        """By id, in the order in which they happened; erased ones are not there."""
        ids = sorted(one.alert_id for one in claimed)
        found = [await self.alert_book.get(claimed[0].account_id, ident) for ident in ids]
        return {alert.id: alert for alert in found if alert is not None}

    async def _settle(
        self, channel: Channel, claimed: Sequence[Delivery], outcome: Outcome
    ) -> None:
        health = channel.health
        if outcome.result is not Result.SENT:
            health = await self._failed(channel, outcome)
        now_ms = self.clock.now_ms()
        ends = [settled(one, outcome, health.retry_at_ms, now_ms) for one in claimed]
        mine = await self.log.settle(ends)
        if not mine:
            self.tally.count("messages", "claim_was_over")
        if outcome.result is not Result.SENT:
            await self.log.postpone(channel.account_id, channel.id, health.retry_at_ms)
        elif health.failures:
            await self._recovered(channel)

    async def _failed(self, channel: Channel, outcome: Outcome) -> Health:
        """What the channel is like now. A channel that has just been paused is told of."""
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            now = await tx.channels.get(channel.account_id, channel.id)
            health = after_failure((now or channel).health, outcome, now_ms)
            if now is not None:
                await tx.channels.replace(attrs.evolve(now, health=health))
                if health.paused_at_ms is not None and now.health.paused_at_ms is None:
                    await tx.audit.add(_paused(channel, health, now_ms))
        return health

    async def _recovered(self, channel: Channel) -> None:
        async with self.configuration.changing() as tx:
            now = await tx.channels.get(channel.account_id, channel.id)
            if now is not None:
                health = Health(tested_at_ms=now.health.tested_at_ms)
                await tx.channels.replace(attrs.evolve(now, health=health))

    def _ended(self, delivery: Delivery, detail: str) -> Delivery:
        return attrs.evolve(
            delivery,
            state=DeliveryState.FAILED,
            ended_at_ms=self.clock.now_ms(),
            detail=detail,
        )


def _claim(channel: Channel, now_ms: int) -> Claim:
    return Claim(
        account_id=channel.account_id,
        channel_id=channel.id,
        message_id=new_id(now_ms),
        now_ms=now_ms,
        together_until_ms=now_ms + round(channel.gather_s * 1000),
        until_ms=now_ms + LEASE_MS,
        limit=MOST_TOGETHER,
    )


def _untried(delivery: Delivery, due_at_ms: int) -> Delivery:
    return attrs.evolve(delivery, attempts=delivery.attempts - 1, due_at_ms=due_at_ms)


def _paused(channel: Channel, health: Health, now_ms: int) -> AuditEntry:
    detail = f"{channel.name}: paused after {health.failures} failures: {health.last_error}"
    return AuditEntry(
        id=new_id(now_ms),
        account_id=channel.account_id,
        at_ms=now_ms,
        actor=_PLATFORM,
        action="channel.pause",
        subject=channel.id,
        detail=detail[:500],
    )
