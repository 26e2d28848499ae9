"""Weekly hours in a person's time zone, for consents and rules."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import attrs

from domain.calendar import Calendar
from domain.times import local

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

    def _on(self, day: date, exceptions: Calendar | None) -> bool:
        if WEEKDAYS[day.weekday()] not in self.days:
            return False
        return exceptions is None or not exceptions.has(day)
