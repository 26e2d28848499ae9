"""What an alert says: in one line, and why."""

from domain.alert import Reason
from domain.rules.binding import BoundRule
from domain.rules.condition import (
    BatteryBelow,
    Communicates,
    Condition,
    Dwells,
    Enters,
    Inside,
    Keyword,
    Leaves,
    Not,
    Outside,
    SilentFor,
    SpeedOver,
    TrafficOver,
    UsedOver,
    Uses,
)
from domain.rules.judge import Raised
from domain.rules.phrases import duration, phrase, some_words, volume

MAX_QUOTED = 100


def alert_text(bound: BoundRule, raised: Raised, person: str, device: str) -> str:
    """`person` and `device` are names."""
    held = f" for {duration(bound.rule.hold_s)}" if bound.rule.hold_s else ""
    return f"{person} ({device}) {_what(bound, raised, held)}"


def _what(bound: BoundRule, raised: Raised, held: str) -> str:
    names = {place.id: place.name for place in bound.around.places.values()}
    when: Condition = bound.rule.when
    match when:
        case Enters(place_id):
            return f"entered {names[place_id]}"
        case Leaves(place_id):
            return f"left {names[place_id]}"
        case Inside(place_id):
            return f"was inside {names[place_id]}{held}"
        case Outside(place_id):
            return f"was outside {names[place_id]}{held}"
        case Dwells(place_id, seconds):
            return f"was inside {names[place_id]} for {duration(seconds)}"
        case SpeedOver(limit):
            if raised.value is None:
                return f"moved at over {limit * 3.6:.0f} km/h"
            return f"moved at {raised.value * 3.6:.0f} km/h, over {limit * 3.6:.0f} km/h"
        case BatteryBelow(level):
            if raised.value is None:
                return f"has under {level:.0%} battery left"
            return f"has {raised.value:.0%} battery left, under {level:.0%}"
        case SilentFor(seconds):
            return f"has been silent for {duration(seconds)}"
        case Uses(subject):
            return f"used {subject.name}{held}"
        case UsedOver(subject, per_day_s):
            if raised.remaining_s:
                return f"has {duration(raised.remaining_s)} of {subject.name} left that day"
            return f"used {subject.name} for more than {duration(per_day_s)} that day"
        case TrafficOver(count, per):
            return (
                f"sent and received {volume(raised.value or count)}, over {volume(count)} a {per}"
            )
        case Keyword(words):
            return f"came across {some_words(words)}: {_quoted(raised)}"
        case Communicates():
            return f"{phrase(when, names)}: {_quoted(raised)}"
        case _:
            return f"{phrase(when, names)}{held}"


def reasons(bound: BoundRule, raised: Raised) -> tuple[Reason, ...]:
    """Since when each of several conditions was so."""
    if len(bound.leaves) < 2:
        return ()
    names = {place.id: place.name for place in bound.around.places.values()}
    return tuple(
        Reason(phrase(leaf if belief.truth else Not(leaf), names), belief.since_ms)
        for leaf, belief in zip(bound.leaves, raised.beliefs, strict=True)
        if belief.truth is not None
    )


def _quoted(raised: Raised) -> str:
    """What the observation is about, shortened."""
    seen = raised.observation
    texts = (getattr(seen, name, None) for name in ("counterpart", "title", "url", "text"))
    text = next((one for one in texts if one), "")
    return text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 1]}…"
