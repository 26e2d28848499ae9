"""What a rule asks of a device, as typed values and as the JSON form that people write."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from domain.kinds import Kind
from domain.refusals import FieldError


@attrs.frozen
class Inside:
    """The device is inside the place."""

    place_id: str
    kind = Kind.LOCATION


@attrs.frozen
class Outside:
    """The device is outside the place."""

    place_id: str
    kind = Kind.LOCATION


@attrs.frozen
class Enters:
    """The device was seen outside the place, and now is inside."""

    place_id: str
    kind = Kind.LOCATION


@attrs.frozen
class Leaves:
    """The device was seen inside the place, and now is outside."""

    place_id: str
    kind = Kind.LOCATION


@attrs.frozen
class SpeedOver:
    mps: float
    kind = Kind.LOCATION


@attrs.frozen
class BatteryBelow:
    """`level` is a fraction of the full charge."""

    level: float
    kind = Kind.DEVICE_STATE


@attrs.frozen
class SilentFor:
    """Nothing of any kind has been seen for so long. Noticed by time passing."""

    seconds: float
    kind = None


PlaceCondition = Inside | Outside | Enters | Leaves
Condition = PlaceCondition | SpeedOver | BatteryBelow | SilentFor

_PLACE_CONDITIONS: dict[str, type[PlaceCondition]] = {
    "inside": Inside,
    "outside": Outside,
    "enters": Enters,
    "leaves": Leaves,
}
_NUMBER_CONDITIONS: dict[str, tuple[Callable[[float], Condition], float, float]] = {
    "speed_over_mps": (SpeedOver, 0.0, 1_000.0),
    "battery_below": (BatteryBelow, 0.001, 1.0),
    "silent_for_s": (SilentFor, 60.0, 30 * 86_400.0),
}
CONDITION_NAMES = (*_PLACE_CONDITIONS, *_NUMBER_CONDITIONS)


def is_transition(condition: Condition) -> bool:
    """Transitions happen at a moment; the other conditions are states that last."""
    return isinstance(condition, Enters | Leaves)


def place_of(condition: Condition) -> str | None:
    return condition.place_id if isinstance(condition, PlaceCondition) else None


def parse_condition(value: object) -> Condition | FieldError:
    """From the JSON form, one name with its argument: `{"outside": "<place id>"}`."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return FieldError("when", "must be an object with exactly one condition")
    ((name, argument),) = value.items()
    field = f"when.{name}"
    if name in _PLACE_CONDITIONS:
        if not isinstance(argument, str) or not argument:
            return FieldError(field, "must be the id of a place")
        return _PLACE_CONDITIONS[name](argument)
    if name in _NUMBER_CONDITIONS:
        return _parse_number(field, argument, *_NUMBER_CONDITIONS[name])
    return FieldError(field, f"unknown condition; known are {', '.join(CONDITION_NAMES)}")


def _parse_number(
    field: str, argument: object, make: Callable[[float], Condition], low: float, high: float
) -> Condition | FieldError:
    if isinstance(argument, bool) or not isinstance(argument, int | float):
        return FieldError(field, "must be a number")
    if not low <= argument <= high:
        return FieldError(field, f"must be between {low:g} and {high:g}")
    return make(float(argument))


def condition_json(condition: Condition) -> dict[str, Any]:
    """The JSON form; `parse_condition` reads it back."""
    if isinstance(condition, PlaceCondition):
        return {type(condition).__name__.lower(): condition.place_id}
    if isinstance(condition, SpeedOver):
        return {"speed_over_mps": condition.mps}
    if isinstance(condition, BatteryBelow):
        return {"battery_below": condition.level}
    return {"silent_for_s": condition.seconds}
