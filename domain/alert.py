"""Alerts: what a rule found, when it happened and when we learned of it."""

import hashlib
from enum import StrEnum
from typing import Any

import attrs

from domain.rules.rule import Severity

LATE_AFTER_MS = 10 * 60 * 1000
"""An alert that is learned longer after it happened than this is late, unless it still goes on: it
does not ring."""


class AlertState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"


@attrs.frozen
class Reason:
    """A condition that had to do with it, in words, and since when it was so."""

    text: str
    since_ms: int


@attrs.frozen
class Alert:
    """`observation` is the one that decided, in its JSON form; `value` what was measured
    against the rule's `threshold`, where there is a number. `reasons` say since when each of
    several conditions was so. When it was learned, it was known to be so until `so_until_ms`.
    """

    id: str
    account_id: str
    rule_id: str
    rule_name: str
    device_id: str
    person_id: str
    severity: Severity
    text: str
    occurred_at_ms: int
    learned_at_ms: int
    value: float | None = None
    threshold: float | None = None
    observation: dict[str, Any] | None = None
    cleared_at_ms: int | None = None
    state: AlertState = AlertState.OPEN
    acknowledged_at_ms: int | None = None
    acknowledged_by: str | None = None
    reasons: tuple[Reason, ...] = ()
    so_until_ms: int = 0

    @property
    def late(self) -> bool:
        """What goes on is news, however long ago it was long enough."""
        known_ms = max(self.occurred_at_ms, self.so_until_ms)
        return self.learned_at_ms - known_ms > LATE_AFTER_MS


def alert_id(rule_id: str, device_id: str, occurred_at_ms: int, remaining_s: float = 0.0) -> str:
    """The same event has the same id however often it is judged, so it is stored once.

    Ids sort by the time at which the alert occurred. `remaining_s` tells an early warning.
    """
    name = f"{rule_id}/{device_id}/{remaining_s:g}" if remaining_s else f"{rule_id}/{device_id}"
    tail = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{occurred_at_ms:013d}-{tail}"
