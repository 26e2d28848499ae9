"""Weekly hours in a person's time zone, for consents and rules."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import attrs

from domain.calendar import Calendar
from domain.times import from_datetime, local

_HALF_HOUR_MS = 1_800_000
_A_WEEK_DAYS = 9
"""Longer than a week: its first and last days are not looked through whole."""
_A_YEAR_DAYS = 366
_REMEMBERED = 10_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@attrs.frozen
class Schedule:
    """Holds on `days` from `start_minute` up to `end_minute` of the local day.

    Minutes count from local midnight, as clocks show them: where clocks are changed, an hour is
    missing or there twice. Hours that end at or before their start run across midnight and
    belong to the day on which they start. The days of the calendar `calendar_id` are exceptions:
    on them the schedule does not hold.
    """

    days: tuple[str, ...]
    start_minute: int = 0
    end_minute: int = 1440
    calendar_id: str | None = None

    @property
    def longest_s(self) -> float | None:
        """How long it holds at a stretch at most, by the clock; None where days join."""
        minutes = (self.end_minute - self.start_minute) % 1440
        return minutes * 60.0 if minutes else None

    def covers(self, time_ms: int, zone: ZoneInfo, exceptions: Calendar | None = None) -> bool:
        """`exceptions` is the calendar that it names."""
        moment = local(time_ms, zone)
        minute = moment.hour * 60 + moment.minute
        today = moment.date()
        if self.start_minute < self.end_minute:
            on = self.start_minute <= minute < self.end_minute
            return on and self._on(today, exceptions)
        if minute >= self.start_minute:
            return self._on(today, exceptions)
        return minute < self.end_minute and self._on(today - timedelta(days=1), exceptions)

    def turns(
        self, on: bool, from_ms: int, zone: ZoneInfo, exceptions: Calendar | None = None
    ) -> int | None:
        """The first time from `from_ms` on at which it holds, or does not; None when that is not
        within a year.
        """
        return _turn(self, on, from_ms, zone, exceptions)

    def _on(self, day: date, exceptions: Calendar | None) -> bool:
        if WEEKDAYS[day.weekday()] not in self.days:
            return False
        return exceptions is None or not exceptions.has(day)


@lru_cache(maxsize=_REMEMBERED)
def _turn(
    schedule: Schedule, on: bool, from_ms: int, zone: ZoneInfo, exceptions: Calendar | None
) -> int | None:
    if schedule.covers(from_ms, zone, exceptions) is on:
        return from_ms
    today = local(from_ms, zone).date()
    for ahead in range(_A_WEEK_DAYS if exceptions is None else _A_YEAR_DAYS):
        day = today + timedelta(days=ahead)
        for time_ms in _edges(schedule, day, zone):
            if time_ms > from_ms and schedule.covers(time_ms, zone, exceptions) is on:
                return time_ms
    return None


def _edges(schedule: Schedule, day: date, zone: ZoneInfo) -> Iterator[int]:
    """When on this day the hours may begin or end, in order: as its clock shows it, once or twice,
    and where clocks are changed, which happens on half hours.
    """
    first_ms, end_ms = (
        from_datetime(datetime.combine(one, time(), zone)) for one in (day, day + timedelta(days=1))
    )
    found = set(range(first_ms, end_ms, _HALF_HOUR_MS))
    for minute in (schedule.start_minute, schedule.end_minute):
        at = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
        found |= {from_datetime(at), from_datetime(at.replace(fold=1))}
    yield from sorted(one for one in found if first_ms <= one < end_ms)
