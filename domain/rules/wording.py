"""What an alert says, in one line."""

from domain.rules.condition import (
    BatteryBelow,
    Enters,
    Inside,
    Leaves,
    Outside,
    SilentFor,
    SpeedOver,
)
from domain.rules.judge import BoundRule, Raised
from domain.rules.sentence import duration


def alert_text(bound: BoundRule, raised: Raised, person: str, device: str) -> str:
    """`person` and `device` are names."""
    return f"{person} ({device}) {_what(bound, raised)}"


def _what(bound: BoundRule, raised: Raised) -> str:
    place = bound.place.name if bound.place else "a place"
    held = f" for {duration(bound.rule.hold_s)}" if bound.rule.hold_s else ""
    match bound.rule.when:
        case Enters():
            return f"entered {place}"
        case Leaves():
            return f"left {place}"
        case Inside():
            return f"was inside {place}{held}"
        case Outside():
            return f"was outside {place}{held}"
        case SpeedOver(limit):
            return f"moved at {(raised.value or 0) * 3.6:.0f} km/h, over {limit * 3.6:.0f} km/h"
        case BatteryBelow(level):
            return f"has {raised.value or 0:.0%} battery left, under {level:.0%}"
        case SilentFor(seconds):
            return f"has been silent for {duration(seconds)}"
