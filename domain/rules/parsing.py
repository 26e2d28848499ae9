"""The JSON form of conditions: an object with one name and its argument."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.fields import FieldSpec, specs_of
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES
from domain.refusals import FieldError
from domain.rules.condition import (
    KEYWORD_KINDS,
    SUBJECTS,
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
    Leaf,
    Leaves,
    Not,
    Outside,
    PresenceIs,
    SilentFor,
    SpeedOver,
    Subject,
    TrafficOver,
    UsedOver,
    Uses,
)

MAX_DEPTH = 5
MAX_PARTS = 10
MAX_WORDS = 100
MAX_WORD = 100
MAX_NAME = 256
MAX_EXPRESSION = 1_000
MAX_WARNINGS = 5
_A_DAY_S = 86_400.0
_MAX_BYTES = 2**50


class _Fault(Exception):
    """What is wrong, and where."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.error = FieldError(field, reason)


def parse_condition(value: object) -> Condition | FieldError:
    """From the JSON form, one name with its argument: `{"outside": "<place id>"}`."""
    try:
        return _parse(value, "when", MAX_DEPTH)
    except _Fault as fault:
        return fault.error


def _parse(value: object, field: str, depth: int) -> Condition:
    if not isinstance(value, Mapping) or len(value) != 1:
        raise _Fault(field, "must be an object with exactly one condition")
    ((name, argument),) = value.items()
    inner = f"{field}.{name}"
    if name in ("all", "any", "not"):
        if depth == 1:
            raise _Fault(inner, f"conditions may be {MAX_DEPTH} deep at most")
        if name == "not":
            return Not(_parse(argument, inner, depth - 1))
        parts = tuple(
            _parse(one, f"{inner}[{index}]", depth - 1)
            for index, one in enumerate(_list(inner, argument, 2, MAX_PARTS))
        )
        return AllOf(parts) if name == "all" else AnyOf(parts)
    if name not in _READERS:
        raise _Fault(inner, f"unknown condition; known are {', '.join(CONDITION_NAMES)}")
    return _READERS[name](inner, argument)


def _list(field: str, value: object, low: int, high: int) -> Sequence[object]:
    if not isinstance(value, list | tuple) or not low <= len(value) <= high:
        raise _Fault(field, f"must be a list of {low} to {high}")
    return value


def _number(field: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Fault(field, "must be a number")
    if not low <= value <= high:
        raise _Fault(field, f"must be between {low:g} and {high:g}")
    return float(value)


def _words(field: str, value: object, high: int = MAX_NAME) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > high:
        raise _Fault(field, f"must be a text of 1 to {high} characters")
    return value


def _choice(field: str, value: object, choices: Sequence[str]) -> str:
    if value not in choices:
        raise _Fault(field, f"must be one of {', '.join(choices)}")
    return str(value)


def _choices(field: str, value: object, choices: Sequence[str]) -> tuple[str, ...]:
    given = [
        _choice(f"{field}[{index}]", one, choices)
        for index, one in enumerate(_list(field, value, 1, len(choices)))
    ]
    return tuple(one for one in choices if one in given)


def _object(field: str, value: object, needed: set[str], others: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _Fault(field, "must be an object")
    for name in value:
        if name not in needed | others:
            raise _Fault(f"{field}.{name}", "is not known here")
    for name in needed:
        if name not in value:
            raise _Fault(f"{field}.{name}", "is missing")
    return value


def _place(make: Callable[[str], Leaf]) -> Callable[[str, object], Leaf]:
    def read(field: str, value: object) -> Leaf:
        if not isinstance(value, str) or not value:
            raise _Fault(field, "must be the id of a place")
        return make(value)

    return read


def _measure(
    make: Callable[[float], Leaf], low: float, high: float
) -> Callable[[str, object], Leaf]:
    return lambda field, value: make(_number(field, value, low, high))


def _dwells(field: str, value: object) -> Leaf:
    given = _object(field, value, {"place", "for_s"}, set())
    place = _words(f"{field}.place", given["place"])
    return Dwells(place, _number(f"{field}.for_s", given["for_s"], 1.0, 7 * _A_DAY_S))


def _charging(field: str, value: object) -> Leaf:
    if not isinstance(value, bool):
        raise _Fault(field, "must be true or false")
    return Charging(value)


def _subject(field: str, given: Mapping[str, Any]) -> Subject:
    named = [what for what in SUBJECTS if what in given]
    if len(named) != 1:
        raise _Fault(field, f"must name exactly one of {', '.join(SUBJECTS)}")
    return Subject(named[0], _words(f"{field}.{named[0]}", given[named[0]]).strip())


def _uses(field: str, value: object) -> Leaf:
    return Uses(_subject(field, _object(field, value, set(), set(SUBJECTS))))


def _used_over(field: str, value: object) -> Leaf:
    given = _object(field, value, {"per_day_s"}, {*SUBJECTS, "warn_at_s"})
    per_day_s = _number(f"{field}.per_day_s", given["per_day_s"], 60.0, _A_DAY_S)
    inner = f"{field}.warn_at_s"
    remainders = {
        _number(f"{inner}[{index}]", one, 1.0, _A_DAY_S)
        for index, one in enumerate(_list(inner, given.get("warn_at_s", []), 0, MAX_WARNINGS))
    }
    if any(one >= per_day_s for one in remainders):
        raise _Fault(inner, "must be less than the whole time")
    return UsedOver(_subject(field, given), per_day_s, tuple(sorted(remainders, reverse=True)))


def _keyword(field: str, value: object) -> Leaf:
    given = _object(field, value, {"words"}, {"in"})
    words = [
        _words(f"{field}.words[{index}]", one, MAX_WORD).strip()
        for index, one in enumerate(_list(f"{field}.words", given["words"], 1, MAX_WORDS))
    ]
    fields = _choices(f"{field}.in", given.get("in", list(KEYWORD_KINDS)), tuple(KEYWORD_KINDS))
    return Keyword(tuple(dict.fromkeys(words)), fields)


def _communicates(field: str, value: object) -> Leaf:
    given = _object(field, value, {"with"}, {"by", "direction"})
    kinds = (Kind.MESSAGE, Kind.CALL)
    by = _choices(f"{field}.by", given.get("by", list(kinds)), kinds)
    direction = given.get("direction")
    if direction is not None:
        direction = _choice(f"{field}.direction", direction, ("sent", "received"))
    counterpart = _words(f"{field}.with", given["with"]).strip()
    return Communicates(counterpart, tuple(map(Kind, by)), direction)


def _traffic_over(field: str, value: object) -> Leaf:
    given = _object(field, value, {"bytes", "per"}, {"interface", "app"})
    interface, app = given.get("interface"), given.get("app")
    return TrafficOver(
        int(_number(f"{field}.bytes", given["bytes"], 1, _MAX_BYTES)),
        _choice(f"{field}.per", given["per"], ("day", "month")),
        None
        if interface is None
        else _choice(f"{field}.interface", interface, _choices_of(Kind.TRAFFIC, "interface")),
        None if app is None else _words(f"{field}.app", app),
    )


def _choices_of(kind: Kind, name: str) -> tuple[str, ...]:
    specs: dict[str, FieldSpec] = {one.name: one for one in specs_of(OBSERVATION_CLASSES[kind])}
    return specs[name].choices


def _presence(field: str, value: object) -> Leaf:
    return PresenceIs(_choice(field, value, _choices_of(Kind.PRESENCE, "status")))


_READERS: dict[str, Callable[[str, object], Leaf]] = {
    "inside": _place(Inside),
    "outside": _place(Outside),
    "enters": _place(Enters),
    "leaves": _place(Leaves),
    "dwells": _dwells,
    "speed_over_mps": _measure(SpeedOver, 0.0, 1_000.0),
    "battery_below": _measure(BatteryBelow, 0.001, 1.0),
    "charging": _charging,
    "presence": _presence,
    "silent_for_s": _measure(SilentFor, 60.0, 30 * _A_DAY_S),
    "uses": _uses,
    "used_over": _used_over,
    "keyword": _keyword,
    "communicates": _communicates,
    "traffic_over": _traffic_over,
    "expression": lambda field, value: Expression(_words(field, value, MAX_EXPRESSION)),
}
CONDITION_NAMES = (*_READERS, "all", "any", "not")


def condition_json(condition: Condition) -> dict[str, Any]:
    """The JSON form; `parse_condition` reads it back."""
    match condition:
        case AllOf(parts):
            return {"all": [condition_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [condition_json(part) for part in parts]}
        case Not(part):
            return {"not": condition_json(part)}
        case Inside(place_id) | Outside(place_id) | Enters(place_id) | Leaves(place_id):
            return {type(condition).__name__.lower(): place_id}
        case Dwells(place_id, seconds):
            return {"dwells": {"place": place_id, "for_s": seconds}}
        case SpeedOver(mps):
            return {"speed_over_mps": mps}
        case BatteryBelow(level):
            return {"battery_below": level}
        case Charging(on):
            return {"charging": on}
        case PresenceIs(status):
            return {"presence": status}
        case SilentFor(seconds):
            return {"silent_for_s": seconds}
        case _:
            return _object_json(condition)


def _object_json(
    condition: Uses | UsedOver | Keyword | Communicates | TrafficOver | Expression,
) -> dict[str, Any]:
    match condition:
        case Uses(Subject(what, name)):
            return {"uses": {what: name}}
        case UsedOver(Subject(what, name), per_day_s, warn_at_s):
            warnings = {"warn_at_s": list(warn_at_s)} if warn_at_s else {}
            return {"used_over": {what: name, "per_day_s": per_day_s, **warnings}}
        case Keyword(words, fields):
            return {"keyword": {"words": list(words), "in": list(fields)}}
        case Communicates(counterpart, by, direction):
            more = {"direction": direction} if direction else {}
            return {
                "communicates": {"with": counterpart, "by": [kind.value for kind in by], **more}
            }
        case TrafficOver(bytes_, per, interface, app):
            chosen = {"interface": interface, "app": app}
            given = {name: value for name, value in chosen.items() if value is not None}
            return {"traffic_over": {"bytes": bytes_, "per": per, **given}}
        case Expression(text):
            return {"expression": text}
