"""A rule as a sentence that a person can read back."""

from collections.abc import Mapping

from domain.rules.condition import (
    BatteryBelow,
    Condition,
    Enters,
    Inside,
    Leaves,
    Outside,
    SilentFor,
    SpeedOver,
)
from domain.rules.rule import Rule
from domain.schedule import WEEKDAYS, Schedule

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def sentence(rule: Rule, names: Mapping[str, str]) -> str:
    """`names` are those of people, devices and places by id."""
    subject = _subject(rule, names)
    words = [f"When {subject} {_condition(rule.when, names)}"]
    if rule.hold_s:
        words.append(f"for {duration(rule.hold_s)}")
    if rule.schedule:
        words.append(f"on {_schedule(rule.schedule)}")
    text = " ".join(words) + ", raise an alert"
    if rule.severity.value != "info":
        text += f" ({rule.severity.value})"
    if rule.cooldown_s:
        text += f", at most once per {duration(rule.cooldown_s).removeprefix('1 ')}"
    return text + "."


def duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {unit}" + ("s" if count != 1 else "")
    return f"{seconds:g} seconds"


def _subject(rule: Rule, names: Mapping[str, str]) -> str:
    ids = (*rule.scope.people, *rule.scope.devices)
    return " or ".join(names.get(id_, "somebody removed") for id_ in ids) or "anybody"


def _condition(when: Condition, names: Mapping[str, str]) -> str:
    match when:
        case Inside(place_id):
            return f"is inside {names.get(place_id, 'a removed place')}"
        case Outside(place_id):
            return f"is outside {names.get(place_id, 'a removed place')}"
        case Enters(place_id):
            return f"enters {names.get(place_id, 'a removed place')}"
        case Leaves(place_id):
            return f"leaves {names.get(place_id, 'a removed place')}"
        case SpeedOver(mps):
            return f"moves faster than {mps * 3.6:.0f} km/h"
        case BatteryBelow(level):
            return f"has less than {level:.0%} battery"
        case SilentFor(seconds):
            return f"has been silent for {duration(seconds)}"


def _schedule(schedule: Schedule) -> str:
    days = {"mon,tue,wed,thu,fri": "weekdays", "sat,sun": "weekends"}
    chosen = ",".join(day for day in WEEKDAYS if day in schedule.days)
    text = "every day" if len(schedule.days) == 7 else days.get(chosen, chosen.replace(",", ", "))
    if (schedule.start_minute, schedule.end_minute) == (0, 1440):
        return text
    return f"{text} {_clock(schedule.start_minute)}–{_clock(schedule.end_minute)}"


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
