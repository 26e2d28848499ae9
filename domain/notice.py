"""What a channel is told of an alert, and when; what becomes of it when telling fails.

An alert that happens now rings: it waits only for others that come within the channel's
`gather_s`, so that a burst is one message. In quiet hours, and for a digest, it waits longer,
unless it is critical. A late alert never rings: a digest may tell of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from domain.alert import Alert
from domain.channel import Channel, Digest, Health, loud_from
from domain.delivery import Delivery, DeliveryState, delivery_id
from domain.rules.rule import Severity
from domain.times import from_datetime, local

MOST_TRIES = 8
PAUSED_AFTER = 12
"""Failures in a row, whatever the message, after which a channel is not tried any more."""
CRITICAL_GATHER_S = 5.0
_WAITS_S = (5, 60, 300, 1_800, 7_200, 21_600, 43_200)
_LONGEST_WAIT_S = _WAITS_S[-1]
_MAX_DETAIL = 500


@attrs.frozen
class Message:
    """What one channel is told at once. Without alerts it is a test."""

    id: str
    alerts: Sequence[Alert] = ()

    @property
    def critical(self) -> bool:
        return any(alert.severity is Severity.CRITICAL for alert in self.alerts)


class Result(StrEnum):
    SENT = "sent"
    FAILED_FOR_NOW = "failed_for_now"
    REFUSED = "refused"
    """The endpoint will never take this message."""
    GONE = "gone"
    """The endpoint will never take any message again."""


@attrs.frozen
class Outcome:
    """What came of a message. `retry_after_s` is what the endpoint asked for."""

    result: Result
    detail: str = ""
    retry_after_s: float = 0.0


def planned(alert: Alert, channel: Channel, now_ms: int) -> Delivery:
    """The delivery of an alert on a channel, as it is when it is made."""
    due_ms, why_not = now_ms, ""
    if not channel.sends:
        why_not = f"the channel is {channel.state}"
    elif alert.late and channel.digest is Digest.NONE:
        why_not = "late"
    else:
        due_ms = _due_ms(alert, channel, now_ms)
    return Delivery(
        id=delivery_id(alert.id, channel.id),
        account_id=channel.account_id,
        channel_id=channel.id,
        alert_id=alert.id,
        created_at_ms=now_ms,
        due_at_ms=due_ms,
        state=DeliveryState.NOT_SENT if why_not else DeliveryState.WAITING,
        ended_at_ms=now_ms if why_not else None,
        detail=why_not,
    )


def _due_ms(alert: Alert, channel: Channel, now_ms: int) -> int:
    if alert.severity is Severity.CRITICAL and not alert.late:
        return now_ms + round(min(channel.gather_s, CRITICAL_GATHER_S) * 1000)
    if channel.digest is Digest.NONE:
        due_ms = now_ms + round(channel.gather_s * 1000)
    else:
        due_ms = _digest_ms(channel, now_ms)
    loud_ms = loud_from(channel, due_ms)
    return due_ms if loud_ms is None else loud_ms


def _digest_ms(channel: Channel, now_ms: int) -> int:
    """When the next digest comes, by the clock of the channel's zone."""
    now = local(now_ms, channel.zone)
    hour = now.replace(minute=0, second=0, microsecond=0)
    if channel.digest is Digest.HOURLY:
        # Hours are counted as they pass: the clock may show one of them twice.
        return from_datetime(hour) + 3_600_000
    today = datetime.combine(now.date(), hour.time().replace(hour=channel.digest_hour))
    at = today.replace(tzinfo=channel.zone)
    while from_datetime(at) <= now_ms:
        at += timedelta(days=1)
    return from_datetime(at)


def after_failure(health: Health, outcome: Outcome, now_ms: int) -> Health:
    """The more failures in a row, the longer nothing is tried on the channel."""
    failures = health.failures + 1
    wait_s = _WAITS_S[min(failures, len(_WAITS_S)) - 1]
    wait_s = max(wait_s, min(round(outcome.retry_after_s), _LONGEST_WAIT_S))
    since_ms = health.failing_since_ms
    done_with = outcome.result is Result.GONE or failures >= PAUSED_AFTER
    return attrs.evolve(
        health,
        failures=failures,
        failing_since_ms=now_ms if since_ms is None else since_ms,
        retry_at_ms=now_ms + wait_s * 1000,
        last_error=outcome.detail[:_MAX_DETAIL],
        paused_at_ms=now_ms if done_with else health.paused_at_ms,
    )


def settled(delivery: Delivery, outcome: Outcome, retry_at_ms: int, now_ms: int) -> Delivery:
    """A delivery that was tried; `retry_at_ms` is when its channel may be tried again."""
    detail = outcome.detail[:_MAX_DETAIL]
    if outcome.result is Result.FAILED_FOR_NOW and delivery.attempts < MOST_TRIES:
        return attrs.evolve(delivery, due_at_ms=retry_at_ms, detail=detail)
    sent = outcome.result is Result.SENT
    state = DeliveryState.SENT if sent else DeliveryState.FAILED
    return attrs.evolve(delivery, state=state, ended_at_ms=now_ms, detail=detail)
