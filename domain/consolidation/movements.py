"""Where one device stayed, when it travelled, and when nothing is known of it.

Stays, trips and gaps follow one another without overlap from the first fix to the last.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import attrs

from domain.consolidation.cleaning import Cleaned, LeftOut, cleaned_fixes
from domain.consolidation.columns import Columns
from domain.consolidation.fixes import Fixes
from domain.consolidation.gatherings import Gathering
from domain.consolidation.stays import MAX_SLEEP_MS, stays_of, unknown_ways
from domain.consolidation.trips import Stop, Trip, trip_within

__all__ = ["Gap", "Movement", "Movements", "Stay", "Stop", "Trip", "movements"]


@attrs.frozen
class Stay:
    """`lat` and `lon` are the mean over the time of the stay.

    It may be shorter than MIN_STAY_MS (even a single moment) where nothing else is known just
    before and after. `open`: it goes on, as far as is known.
    """

    from_ms: int
    to_ms: int
    lat: float
    lon: float
    open: bool = False


@attrs.frozen
class Gap:
    """Nobody knows where the device was."""

    from_ms: int
    to_ms: int


Movement = Stay | Trip | Gap


@attrs.frozen
class Movements:
    """Stays, trips and gaps in time order, and the fixes of the range that say nothing of them."""

    items: tuple[Movement, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def cleaned(self) -> Cleaned:
        """How many fixes were left out, and why."""
        return Cleaned.of(one.fault for one in self.left_out)


def movements(columns: Columns, from_ms: int, to_ms: int, now_ms: int) -> Movements:
    """The part in [from_ms, to_ms) of what the location columns of one device tell.

    The columns should reach beyond both ends by MAX_SLEEP_MS: a night at home then lasts until
    midnight, and goes on after it. `now_ms` matters only while the range is not over: a stay
    at the end then goes on until now, unless nothing was heard for MAX_SLEEP_MS.
    Takes linear time.
    """
    fixes, left_out = cleaned_fixes(columns)
    items: list[Movement] = []
    unknown = unknown_ways(fixes)
    at = 0
    for stay in stays_of(fixes, unknown):
        items += _way(fixes, unknown, at, stay.first, from_ms, to_ms)
        items += _stay(fixes, stay, from_ms, to_ms, now_ms)
        at = stay.last
    if len(fixes):
        items += _way(fixes, unknown, at, len(fixes) - 1, from_ms, to_ms)
    return Movements(tuple(items), tuple(one for one in left_out if from_ms <= one.time_ms < to_ms))


def _stay(fixes: Fixes, stay: Gathering, from_ms: int, to_ms: int, now_ms: int) -> Sequence[Stay]:
    begins, ends = fixes.time_ms[stay.first], fixes.time_ms[stay.last]
    last_known = stay.last == len(fixes) - 1
    open_ = last_known and ends <= now_ms < to_ms and now_ms - ends <= MAX_SLEEP_MS
    if open_:
        ends = now_ms
    if begins >= to_ms or ends < from_ms or (ends == from_ms and begins < from_ms):
        return ()
    return (Stay(max(begins, from_ms), min(ends, to_ms), stay.lat, stay.lon, open_),)


def _way(
    fixes: Fixes, unknown: Sequence[int], first: int, last: int, from_ms: int, to_ms: int
) -> Iterator[Movement]:
    """Trips and gaps from one fix to another, none of which is within a stay."""
    start = first
    for index in unknown[bisect_right(unknown, first) : bisect_right(unknown, last)]:
        yield from _trip(fixes, start, index - 1, from_ms, to_ms)
        begins = max(fixes.time_ms[index - 1], from_ms)
        ends = min(fixes.time_ms[index], to_ms)
        if begins < ends:
            yield Gap(begins, ends)
        start = index
    yield from _trip(fixes, start, last, from_ms, to_ms)


def _trip(fixes: Fixes, first: int, last: int, from_ms: int, to_ms: int) -> Iterator[Trip]:
    trip = trip_within(fixes, first, last, from_ms, to_ms)
    if trip is not None:
        yield trip
