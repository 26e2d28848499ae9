"""Where a device stayed, as stretches of its fixes.

A stay is found as in R. Hariharan and K. Toyama, "Project Lachesis: Parsing and Modeling
Location Histories" (2004), and Q. Li et al., "Mining User Similarity Based on Location
History" (2008): a stretch of time that lasts and in which all fixes lie close together. Both
compare fixes pair by pair; here each fix is compared once, with the mean of the stretch so far,
as in J. H. Kang et al., "Extracting Places from Traces of Locations" (2004), so that the time
taken is linear. The mean is taken over time, not over fixes: phones send more of them on the
move.
"""

from collections.abc import Container, Sequence
from itertools import count, pairwise

import attrs

from domain.consolidation.fixes import ALWAYS_NEAR_M, Fixes, hop_distance_m
from domain.consolidation.gatherings import Gathering, gatherings

STAY_RADIUS_M = 100.0
"""A device that keeps within this distance of one spot stays there."""

MIN_STAY_MS = 5 * 60 * 1000
"""For at least so long; a shorter halt is part of the trip."""

STOP_RADIUS_M = 25.0
"""A device that keeps within this distance of one spot on its way stops there: less than
somebody walks in a minute."""

MIN_STOP_MS = 60 * 1000
"""For at least so long."""

GAP_MS = 30 * 60 * 1000
"""A longer time without a fix is a gap, if the device was elsewhere afterwards."""

MAX_SLEEP_MS = 6 * 3600 * 1000
"""A phone that lies still may sleep for so long; after more than that it is a gap all the same."""


def stays_of(fixes: Fixes, unknown: Sequence[int]) -> list[Gathering]:
    """In time order, without overlap. May be shorter than MIN_STAY_MS where it is cut off, by the
    ends or by `unknown_ways`.
    """
    cut_off = frozenset((0, *unknown, len(fixes)))
    found = gatherings(fixes, STAY_RADIUS_M, MAX_SLEEP_MS, after_unknown=cut_off)
    stays: list[Gathering] = []
    for one in found:
        if _settled(fixes, one):
            if stays and _same_spot(fixes, stays[-1], one):
                stays[-1] = stays[-1].joined(one)
            else:
                stays.append(one)
        elif one.first in cut_off and one.last + 1 in cut_off:
            stays.append(one)
    return [_without_approach(fixes, stay, cut_off) for stay in stays]


def stops_of(fixes: Fixes, first: int, last: int) -> list[Gathering]:
    """The stops of a trip, in time order, without overlap; not at its very ends."""
    stops = []
    for one in gatherings(fixes, STOP_RADIUS_M, GAP_MS, first, last):
        if span_ms(fixes, one.first, one.last) < MIN_STOP_MS:
            continue
        core = _core(fixes, one, STOP_RADIUS_M)
        if core and first < core[0] and core[1] < last and span_ms(fixes, *core) >= MIN_STOP_MS:
            stops.append(attrs.evolve(one, first=core[0], last=core[1]))
    return stops


def span_ms(fixes: Fixes, first: int, last: int) -> int:
    return fixes.time_ms[last] - fixes.time_ms[first]


def unknown_ways(fixes: Fixes) -> list[int]:
    """The fixes to which nobody knows how the device came: after a gap or an implausible hop."""
    hops = zip(count(1), pairwise(fixes.time_ms), fixes.hop_m[1:], strict=False)
    return [
        index
        for index, (before_ms, at_ms), hop_m in hops
        if at_ms - before_ms > GAP_MS or (hop_m > ALWAYS_NEAR_M and fixes.implausible(index))
    ]


def _same_spot(fixes: Fixes, stay: Gathering, later: Gathering) -> bool:
    """Whether two stays are one: nothing between them, or but a moment around the corner."""
    reach_m = stay.reach_m(STAY_RADIUS_M, later.accuracy_m)
    if hop_distance_m(stay.lat, stay.lon, later.lat, later.lon) > reach_m:
        return False
    if later.first == stay.last + 1 and not fixes.implausible(later.first):
        return span_ms(fixes, stay.last, later.first) <= MAX_SLEEP_MS
    return span_ms(fixes, stay.last, later.first) < MIN_STAY_MS


def _settled(fixes: Fixes, gathering: Gathering) -> bool:
    """Whether the device stayed: somebody strolling gathers as well, but not around a middle."""
    if span_ms(fixes, gathering.first, gathering.last) < MIN_STAY_MS:
        return False
    core = _core(fixes, gathering, STAY_RADIUS_M)
    return core is not None and span_ms(fixes, *core) >= MIN_STAY_MS


def _without_approach(fixes: Fixes, stay: Gathering, cut_off: Container[int]) -> Gathering:
    """The last steps towards a spot and the first away from it belong to the trips."""
    core = _core(fixes, stay, STAY_RADIUS_M)
    if core is None:
        return stay
    first = stay.first if stay.first in cut_off else core[0]
    last = stay.last if stay.last + 1 in cut_off else core[1]
    return attrs.evolve(stay, first=first, last=last)


def _core(fixes: Fixes, gathering: Gathering, radius_m: float) -> tuple[int, int] | None:
    """The first and the last fix that are as near to the middle as their accuracy allows."""

    def near(index: int) -> bool:
        reach_m = max(radius_m / 2, min(radius_m, fixes.accuracy_m[index]))
        lat, lon = fixes.lat[index], fixes.lon[index]
        return hop_distance_m(gathering.lat, gathering.lon, lat, lon) <= reach_m

    indices = range(gathering.first, gathering.last + 1)
    first = next(filter(near, indices), None)
    if first is None:
        return None
    return first, next(filter(near, reversed(indices)), first)
