"""How the features speak of times, kinds, hours and conditions."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from features.drivers.values import Hours

KINDS = {
    "location": "location",
    "locations": "location",
    "battery": "device_state",
    "web visit": "web_visit",
    "web visits": "web_visit",
    "calls": "call",
    "apps": "app_use",
    "pages": "web_visit",
    "messages": "message",
    "traffic": "traffic",
    "presence": "presence",
    "documents": "document",
}
FIELDS = {"latitude": "lat"}
REASONS = {
    "out of range": "out_of_range",
    "too late": "too_late",
    "unknown": "unknown_field",
}
ORDER = ("first", "second", "third", "fourth", "fifth")

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS = re.compile(r"(on weekdays|on weekends|every day) from (\d+:\d\d) to (\d+:\d\d)")
_WEEK = {"on weekdays": _DAYS[:5], "on weekends": _DAYS[5:], "every day": _DAYS}
_DAYS_AGO = {"yesterday": 1, "the day before yesterday": 2}
_LAST_MONTH = re.compile(r"(\d+)th of last month (\d\d:\d\d)")
_CHANGED_CLOCKS = re.compile(r"(\d\d:\d\d) on the day the clocks went (back|forward)")
_DURATION = re.compile(r"(\d+) (second|minute|hour|day)s?")
_RELATIVE = re.compile(r"(.+) (ago|from now)")


def duration(text: str) -> timedelta:
    """`90 minutes`, `1 hour`."""
    found = _DURATION.fullmatch(text)
    assert found is not None, f"{text!r} is no duration"
    return timedelta(**{f"{found[2]}s": int(found[1])})


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """`now`, `2 days ago`, `1 hour from now`, `yesterday 23:50`, `10th of last month 12:00`,
    `05:30 on the day the clocks went back`, or `Tuesday 08:30`: the last one before today.
    """
    if text == "now":
        return now
    relative = _RELATIVE.fullmatch(text)
    if relative is not None:
        sign = -1 if relative[2] == "ago" else 1
        return now + sign * duration(relative[1])
    today = now.astimezone(zone).date()
    if changed := _CHANGED_CLOCKS.fullmatch(text):
        return _at(_clocks_changed(today, zone, changed[2]), changed[1], zone)
    if monthly := _LAST_MONTH.fullmatch(text):
        last_month = today.replace(day=1) - timedelta(days=1)
        return _at(last_month.replace(day=int(monthly[1])), monthly[2], zone)
    day, _, clock = text.rpartition(" ")
    if day in _DAYS_AGO:
        return _at(today - timedelta(days=_DAYS_AGO[day]), clock, zone)
    back = (today.weekday() - _DAYS.index(day) - 1) % 7 + 1
    return _at(today - timedelta(days=back), clock, zone)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock.zfill(5)), zone)


def _clocks_changed(today: date, zone: ZoneInfo, way: str) -> date:
    """The last day before today that was longer than others, or shorter."""
    hours = 25 if way == "back" else 23
    for days in range(1, 400):
        day = today - timedelta(days=days)
        starts = [_at(one, "00:00", zone).timestamp() for one in (day, day + timedelta(days=1))]
        if starts[1] - starts[0] == hours * 3_600:
            return day
    raise AssertionError(f"clocks never went {way} in {zone}")


def kinds(text: str) -> tuple[str, ...]:
    """`location and battery`; `nothing` is none."""
    return () if text == "nothing" else tuple(KINDS[word] for word in text.split(" and "))


def field(word: str) -> str:
    return FIELDS.get(word, word)


def hours(text: str) -> Hours:
    """`on weekdays from 8:00 to 15:00`, `every day from 22:00 to 6:00`."""
    found = _HOURS.fullmatch(text)
    assert found is not None, f"{text!r} are no hours"
    days = _WEEK[found[1]]
    start, end = (clock.zfill(5) for clock in found.group(2, 3))
    return Hours(tuple(day[:3].lower() for day in days), start, end)


def rows(datatable: list[list[str]]) -> list[dict[str, str]]:
    """A data table as one mapping a row, by the words of its first."""
    head, *body = datatable
    return [dict(zip(head, row, strict=True)) for row in body]
