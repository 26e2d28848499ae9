"""Event times as agents write them, to milliseconds since 1970-01-01T00:00:00Z.

Every function answers a `Reason` where the value is no time that a device of ours can have seen.
How far ahead of our clock a time may be is judged where the clock is, not here.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.inbound.http.foreign.reading import Reason
from domain.observations import EARLIEST_TIME_MS

LATEST_TIME_MS = 253_402_300_799_999
"""The end of the year 9999, the last that RFC 3339 can write."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SHORTEST_ISO = len("2000-01-01T00:00")
_LONGEST_ISO = 64


def in_range(time_ms: int) -> int | Reason:
    return time_ms if EARLIEST_TIME_MS <= time_ms <= LATEST_TIME_MS else Reason.OUT_OF_RANGE


def from_epoch_seconds(value: Any) -> int | Reason:
    """Whole or fractional seconds since the epoch, as OwnTracks' `tst`."""
    if value is None:
        return Reason.MISSING
    if value.__class__ is int:
        return in_range(value * 1000)
    if value.__class__ is float:
        # Infinite and absurd values go before they are rounded, which would raise.
        return in_range(round(value * 1000)) if abs(value) < LATEST_TIME_MS else Reason.OUT_OF_RANGE
    return Reason.NOT_A_TIME


def from_iso(value: Any) -> int | Reason:
    """ISO 8601 date and time, with any offset; without one it is UTC. Cut to the millisecond."""
    if value is None:
        return Reason.MISSING
    if value.__class__ is not str or not _SHORTEST_ISO <= len(value) <= _LONGEST_ISO:
        return Reason.NOT_A_TIME
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return in_range((moment - _EPOCH) // _MILLISECOND)
    except (ValueError, OverflowError):
        return Reason.NOT_A_TIME
