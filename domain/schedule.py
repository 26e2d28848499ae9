"""Weekly hours in a person's time zone, for consents and rules."""

from zoneinfo import ZoneInfo

import attrs

from domain.times import local

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@attrs.frozen
class Schedule:
    """Holds on `days` from `start_minute` up to `end_minute` of the local day.

    Minutes count from local midnight. Hours that end at or before their start run across
    midnight and belong to the day on which they start.
    """

    days: tuple[str, ...]
    start_minute: int = 0
    end_minute: int = 1440

    def covers(self, time_ms: int, zone: ZoneInfo) -> bool:
        moment = local(time_ms, zone)
        minute = moment.hour * 60 + moment.minute
        today = moment.weekday()
        if self.start_minute < self.end_minute:
            return self._on(today) and self.start_minute <= minute < self.end_minute
        if minute >= self.start_minute:
            return self._on(today)
        return minute < self.end_minute and self._on(today - 1)

    def _on(self, weekday: int) -> bool:
        return WEEKDAYS[weekday % 7] in self.days
