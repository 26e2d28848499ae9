"""The numbers of an alert: what was measured, and what it was measured against."""

from collections.abc import Sequence

from domain.observations import DeviceState, Location
from domain.rules.binding import BoundRule
from domain.rules.condition import BatteryBelow, Dwells, Leaf, SpeedOver, TrafficOver, UsedOver
from domain.rules.leaves import Belief, Seen

Measure = tuple[float | None, float | None]
_NO_NUMBER: Measure = (None, None)


def measured(bound: BoundRule, beliefs: Sequence[Belief], seen: Seen) -> Measure:
    """(value, threshold) of the condition that has a number; of several of the one that has
    turned last, for it has decided.
    """
    found = [
        (belief.since_ms, measure)
        for leaf, belief in zip(bound.leaves, beliefs, strict=True)
        if (measure := _of(bound, leaf, belief, seen)) is not _NO_NUMBER
    ]
    return max(found, key=lambda one: one[0])[1] if found else _NO_NUMBER


def _of(bound: BoundRule, leaf: Leaf, belief: Belief, seen: Seen) -> Measure:
    match leaf:
        # The observation may say nothing, or that it is over: then it is not what was measured.
        case SpeedOver(mps) if isinstance(seen, Location):
            speed_mps = seen.speed_mps
            return speed_mps if speed_mps is not None and speed_mps > mps else None, mps
        case BatteryBelow(level) if isinstance(seen, DeviceState):
            left = seen.battery
            return left if left is not None and left < level else None, level
        case Dwells(_, seconds):
            return (seen.time_ms - belief.until_ms) / 1000, seconds
        case UsedOver(_, per_day_s):
            return belief.amount, per_day_s - bound.remaining_s
        case TrafficOver(bytes_):
            return belief.amount, float(bytes_)
        case _:
            return _NO_NUMBER
