"""The part of a way from one stay to another that lies in a range of time, with its stops."""

from bisect import bisect_left, bisect_right

import attrs

from domain.consolidation.fixes import Fixes
from domain.consolidation.gatherings import Gathering, wrapped
from domain.consolidation.stays import stops_of

Position = tuple[float, float]
"""Latitude and longitude in degrees."""


@attrs.frozen
class Stop:
    """A pause on the way, too short to be a stay."""

    from_ms: int
    to_ms: int
    lat: float
    lon: float


@attrs.frozen
class Trip:
    """`start` and `end` are where the device was at `from_ms` and `to_ms`.

    What a device at rest seems to move in its stops counts no distance; their time does count
    for the average. `top_speed_mps` is as the device measured it, None when it did not.
    `began_before` and `goes_on` tell of a trip of which this is only the part in the range.
    """

    from_ms: int
    to_ms: int
    distance_m: float
    average_speed_mps: float
    top_speed_mps: float | None
    start: Position
    end: Position
    stops: tuple[Stop, ...] = ()
    began_before: bool = False
    goes_on: bool = False


def trip_within(fixes: Fixes, first: int, last: int, from_ms: int, to_ms: int) -> Trip | None:
    """Of the trip from one fix to another what lies in [from_ms, to_ms); None when nothing does.

    A hop across an end of the range counts by its share of time.
    """
    times = fixes.time_ms
    begins, ends = max(times[first], from_ms), min(times[last], to_ms)
    if begins >= ends:
        return None
    stops = stops_of(fixes, first, last)
    distance_m = _distance_m(fixes, first, last, stops, begins, ends)
    speeds = [
        fixes.speed_mps[index]
        for index in range(first, last + 1)
        if begins <= times[index] <= ends and fixes.speed_mps[index] >= 0
    ]
    return Trip(
        begins,
        ends,
        distance_m,
        distance_m * 1000 / (ends - begins),
        max(speeds, default=None),
        start=_position_at(fixes, first, last, begins),
        end=_position_at(fixes, first, last, ends),
        stops=tuple(part for stop in stops for part in _stop(fixes, stop, begins, ends)),
        began_before=times[first] < from_ms,
        goes_on=times[last] > to_ms,
    )


def _distance_m(
    fixes: Fixes, first: int, last: int, stops: list[Gathering], begins: int, ends: int
) -> float:
    """Between two moments of the trip, the hops within its stops left out."""
    times, hops, distance_m, at = fixes.time_ms, fixes.hop_m, 0.0, first
    for still_from, still_to in [*((stop.first, stop.last) for stop in stops), (last, last)]:
        # The fixes from which on, and up to which, hops lie within the two moments as a whole.
        whole_from = bisect_left(times, begins, at, still_from + 1)
        whole_to = bisect_right(times, ends, at, still_from + 1) - 1
        distance_m += sum(hops[whole_from + 1 : whole_to + 1])
        for index in {whole_from, whole_to + 1}:
            if at < index <= still_from:
                inside_ms = min(times[index], ends) - max(times[index - 1], begins)
                elapsed_ms = times[index] - times[index - 1]
                distance_m += hops[index] * (max(0, inside_ms) / elapsed_ms)
        at = still_to
    return distance_m


def _stop(fixes: Fixes, stop: Gathering, begins: int, ends: int) -> tuple[Stop, ...]:
    from_ms = max(fixes.time_ms[stop.first], begins)
    to_ms = min(fixes.time_ms[stop.last], ends)
    return (Stop(from_ms, to_ms, stop.lat, stop.lon),) if from_ms < to_ms else ()


def _position_at(fixes: Fixes, first: int, last: int, time_ms: int) -> Position:
    """Between two fixes as if the device had gone straight and evenly."""
    after = bisect_left(fixes.time_ms, time_ms, first, last + 1)
    lat, lon = fixes.lat[after], fixes.lon[after]
    if fixes.time_ms[after] == time_ms:
        return lat, lon
    before = after - 1
    elapsed_ms = fixes.time_ms[after] - fixes.time_ms[before]
    share = (time_ms - fixes.time_ms[before]) / elapsed_ms
    east = wrapped(lon - fixes.lon[before])
    return (
        fixes.lat[before] + share * (lat - fixes.lat[before]),
        wrapped(fixes.lon[before] + share * east),
    )
