"""How the features speak of times, kinds, hours and conditions."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from features.drivers.values import Hours

KINDS = {
    "location": "location",
    "locations": "location",
    "battery": "device_state",
    "web visit": "web_visit",
    "web visits": "web_visit",
    "calls": "call",
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
_HOURS = re.compile(r"on (weekdays|weekends) from (\d+:\d\d) to (\d+:\d\d)")
_DURATION = re.compile(r"(\d+) (second|minute|hour|day)s?")
_RELATIVE = re.compile(r"(.+) (ago|from now)")
_CONDITIONS: tuple[tuple[str, Callable[[str], Mapping[str, Any]]], ...] = (
    (r"moves faster than (\d+) km/h", lambda kmh: {"speed_over_mps": int(kmh) / 3.6}),
    (r"has less than (\d+) % battery", lambda percent: {"battery_below": int(percent) / 100}),
    (r"is silent for (.+)", lambda text: {"silent_for_s": duration(text).total_seconds()}),
)
_PLACE_CONDITION = re.compile(r"(enters|leaves|is inside|is outside) (\w+)(?: for (.+))?")


def duration(text: str) -> timedelta:
    """`90 minutes`, `1 hour`."""
    found = _DURATION.fullmatch(text)
    assert found is not None, f"{text!r} is no duration"
    return timedelta(**{f"{found[2]}s": int(found[1])})


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """`now`, `2 days ago`, `1 hour from now`, or `Tuesday 08:30`: the last one before today."""
    if text == "now":
        return now
    relative = _RELATIVE.fullmatch(text)
    if relative is not None:
        sign = -1 if relative[2] == "ago" else 1
        return now + sign * duration(relative[1])
    day, _, clock = text.partition(" ")
    hour, _, minute = clock.partition(":")
    today = now.astimezone(zone)
    back = (today.weekday() - _DAYS.index(day) - 1) % 7 + 1
    date = today.date() - timedelta(days=back)
    return datetime(date.year, date.month, date.day, int(hour), int(minute), tzinfo=zone)


def kinds(text: str) -> tuple[str, ...]:
    """`location and battery`; `nothing` is none."""
    return () if text == "nothing" else tuple(KINDS[word] for word in text.split(" and "))


def field(word: str) -> str:
    return FIELDS.get(word, word)


def hours(text: str) -> Hours:
    """`on weekdays from 8:00 to 15:00`."""
    found = _HOURS.fullmatch(text)
    assert found is not None, f"{text!r} are no hours"
    days = _DAYS[:5] if found[1] == "weekdays" else _DAYS[5:]
    start, end = (clock.zfill(5) for clock in found.group(2, 3))
    return Hours(tuple(day[:3].lower() for day in days), start, end)


def condition(text: str, places: Mapping[str, str]) -> tuple[Mapping[str, Any], float]:
    """A rule's condition in the contract's form, and for how many seconds it must hold.

    `places` are ids by name.
    """
    for pattern, make in _CONDITIONS:
        found = re.fullmatch(pattern, text)
        if found is not None:
            return make(found[1]), 0.0
    found = _PLACE_CONDITION.fullmatch(text)
    assert found is not None, f"{text!r} is no condition"
    verb, place, hold = found.groups()
    hold_s = duration(hold).total_seconds() if hold else 0.0
    return {verb.removeprefix("is "): places[place]}, hold_s


def rows(datatable: list[list[str]]) -> list[dict[str, str]]:
    """A data table as one mapping a row, by the words of its first."""
    head, *body = datatable
    return [dict(zip(head, row, strict=True)) for row in body]
