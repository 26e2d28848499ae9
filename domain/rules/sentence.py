"""A rule as a sentence that a person can read back."""

from collections.abc import Mapping

from domain.rules.condition import UsedOver
from domain.rules.phrases import duration, phrase
from domain.rules.rule import Rule
from domain.schedule import WEEKDAYS, Schedule


def sentence(rule: Rule, names: Mapping[str, str]) -> str:
    """`names` are those of people, devices, places and calendars by id."""
    subject = _subject(rule, names)
    words = [f"When {subject} {phrase(rule.when, names)}"]
    if rule.hold_s:
        words.append(f"for {duration(rule.hold_s)}")
    if rule.schedule:
        words.append(_schedule(rule.schedule, names))
    text = " ".join(words) + ", raise an alert"
    if rule.severity.value != "info":
        text += f" ({rule.severity.value})"
    if isinstance(rule.when, UsedOver) and rule.when.warn_at_s:
        left = " and ".join(map(duration, rule.when.warn_at_s))
        text += f", and give a warning when {left} are left"
    if rule.cooldown_s:
        text += f", at most once per {duration(rule.cooldown_s).removeprefix('1 ')}"
    return text + "."


def _subject(rule: Rule, names: Mapping[str, str]) -> str:
    ids = (*rule.scope.people, *rule.scope.devices)
    return " or ".join(names.get(id_, "somebody removed") for id_ in ids) or "anybody"


def _schedule(schedule: Schedule, names: Mapping[str, str]) -> str:
    days = {"mon,tue,wed,thu,fri": "weekdays", "sat,sun": "weekends"}
    chosen = ",".join(day for day in WEEKDAYS if day in schedule.days)
    named = days.get(chosen, chosen.replace(",", ", "))
    text = "every day" if len(schedule.days) == 7 else f"on {named}"
    if (schedule.start_minute, schedule.end_minute) != (0, 1440):
        text = f"{text} {_clock(schedule.start_minute)}–{_clock(schedule.end_minute)}"
    if schedule.calendar_id is not None:
        text += f" except {names.get(schedule.calendar_id, 'a removed calendar')}"
    return text


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
