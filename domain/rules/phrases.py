"""Conditions in words, each in the forms that sentences need."""

from collections.abc import Mapping, Sequence

from domain.kinds import Kind
from domain.rules.condition import (
    ANYBODY,
    STRANGER,
    AllOf,
    AnyOf,
    BatteryBelow,
    Charging,
    Communicates,
    Condition,
    Dwells,
    Enters,
    Expression,
    Inside,
    Keyword,
    Leaves,
    Not,
    Outside,
    PresenceIs,
    SilentFor,
    SpeedOver,
    TrafficOver,
    UsedOver,
    Uses,
)

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_BYTES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
_MANY = 3
"""Words that are named; of more it is said how many."""


def duration(seconds: float) -> str:
    """In the largest unit that needs no fraction."""
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            return _counted(int(seconds // size), unit)
    return f"{seconds:g} seconds"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" + ("s" if count != 1 else "")


def volume(count: float) -> str:
    for size, unit in _BYTES:
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count:.0f} bytes"


def phrase(when: Condition, names: Mapping[str, str]) -> str:
    """What the rule asks, after its subject: "is outside School". `names` are those of places."""
    match when:
        case AllOf(parts):
            return _joined(parts, "and", names)
        case AnyOf(parts):
            return _joined(parts, "or", names)
        case Not(part):
            return _negated(part, names)
        case Inside(place_id):
            return f"is inside {_place(place_id, names)}"
        case Outside(place_id):
            return f"is outside {_place(place_id, names)}"
        case Enters(place_id):
            return f"enters {_place(place_id, names)}"
        case Leaves(place_id):
            return f"leaves {_place(place_id, names)}"
        case Dwells(place_id, seconds):
            return f"has been inside {_place(place_id, names)} for {duration(seconds)}"
        case SpeedOver(mps):
            return f"moves faster than {mps * 3.6:.0f} km/h"
        case BatteryBelow(level):
            return f"has less than {level:.0%} battery"
        case Charging(on):
            return "is charging" if on else "is not charging"
        case PresenceIs(status):
            return _PRESENCE[status]
        case SilentFor(seconds):
            return f"has been silent for {duration(seconds)}"
        case _:
            return _of_use(when)


def _of_use(
    when: Uses | UsedOver | Keyword | Communicates | TrafficOver | Expression,
) -> str:
    match when:
        case Uses(subject):
            return f"uses {subject.name}"
        case UsedOver(subject, per_day_s):
            return f"uses {subject.name} for more than {duration(per_day_s)} a day"
        case Keyword(words, fields):
            where = " or ".join(_FIELDS[field] for field in fields)
            return f"comes across {some_words(words)} in {where}"
        case Communicates(counterpart, by, direction):
            return _communication(counterpart, by, direction)
        case TrafficOver(count, per, interface, app):
            via = f" over {interface}" if interface else ""
            of = f" with {app}" if app else ""
            return f"sends and receives more than {volume(count)}{via}{of} a {per}"
        case Expression(text):
            return f"fulfils “{text}”"


def _communication(counterpart: str, by: Sequence[Kind], direction: str | None) -> str:
    whom = {STRANGER: "somebody unknown", ANYBODY: "anybody"}.get(counterpart, counterpart)
    what = " or ".join("a call" if kind is Kind.CALL else "a message" for kind in by)
    if direction == "received":
        return f"receives {what} from {whom}"
    if direction == "sent":
        return f"sends {what} to {whom}" if by == (Kind.MESSAGE,) else f"makes {what} to {whom}"
    return f"has {what} with {whom}"


def some_words(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:_MANY]]
    more = len(words) - len(quoted)
    return ", ".join(quoted) + (f" or {more} more" if more else "")


def _joined(parts: Sequence[Condition], word: str, names: Mapping[str, str]) -> str:
    phrases = [
        f"({phrase(part, names)})" if isinstance(part, AllOf | AnyOf) else phrase(part, names)
        for part in parts
    ]
    return f" {word} ".join(phrases)


def _negated(part: Condition, names: Mapping[str, str]) -> str:
    match part:
        case Inside(place_id):
            return f"is not inside {_place(place_id, names)}"
        case Outside(place_id):
            return f"is not outside {_place(place_id, names)}"
        case Uses(subject):
            return f"does not use {subject.name}"
        case Charging(on):
            return phrase(Charging(not on), names)
    return f"it is not so that it {phrase(part, names)}"


def _place(place_id: str, names: Mapping[str, str]) -> str:
    return names.get(place_id, "a removed place")


_PRESENCE = {
    "active": "is at the device",
    "away": "is away from the device",
    "locked": "has locked the device",
}
_FIELDS = {"url": "an address", "title": "a title", "text": "a message"}
