"""Times are whole milliseconds since 1970-01-01T00:00:00Z; days belong to a person's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)
CALENDAR_MS = range(-62_135_596_800_000, 253_402_300_800_000)
"""The years 1 to 9999, all that RFC 3339 can write."""


def to_rfc3339(time_ms: int) -> str:
    """RFC 3339 in UTC with `Z`; the fraction is written only where there is one."""
    seconds, milliseconds = divmod(time_ms, 1000)
    text = (_NAIVE_EPOCH + timedelta(seconds=seconds)).isoformat()
    return f"{text}.{milliseconds:03d}Z" if milliseconds else f"{text}Z"


def from_datetime(moment: datetime) -> int:
    """Milliseconds of an aware datetime, fractions of them cut off."""
    return (moment - _EPOCH) // _MILLISECOND


def local(time_ms: int, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=time_ms)).astimezone(zone)


def local_day_bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """From midnight to midnight in `zone`: 23 to 25 hours where clocks are changed."""
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return from_datetime(start.astimezone(UTC)), from_datetime(end.astimezone(UTC))
