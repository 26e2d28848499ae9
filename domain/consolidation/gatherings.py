"""Stretches of consecutive fixes that lie close together."""

import math
from collections.abc import Container

import attrs

from domain.consolidation.fixes import (
    ALWAYS_NEAR_M,
    MAX_SPEED_MPS,
    METRES_PER_DEGREE,
    Fixes,
)

_CLEARLY = 1.01
"""Hops are measured on another plane than gatherings; so near the edge the latter decide."""


@attrs.frozen
class Gathering:
    """From fix `first` to fix `last`. `lat` and `lon` are the mean over `weight_ms` of time, as
    good as the best of the fixes: more of them make it no better, since they err alike.
    """

    first: int
    last: int
    lat: float
    lon: float
    weight_ms: int
    accuracy_m: float

    def reach_m(self, radius_m: float, accuracy_m: float) -> float:
        """How far from the middle what is so accurate may lie without having left."""
        return max(radius_m, self.accuracy_m + accuracy_m)

    def joined(self, later: "Gathering") -> "Gathering":
        """Both as one, with what lies between them."""
        weight_ms = self.weight_ms + later.weight_ms
        share = later.weight_ms / weight_ms if weight_ms else 0.5
        return Gathering(
            self.first,
            later.last,
            self.lat + share * (later.lat - self.lat),
            wrapped(self.lon + share * wrapped(later.lon - self.lon)),
            weight_ms,
            min(self.accuracy_m, later.accuracy_m),
        )


def gatherings(
    fixes: Fixes,
    radius_m: float,
    max_pause_ms: int,
    first: int = 0,
    last: int | None = None,
    after_unknown: Container[int] = (),
) -> list[Gathering]:
    """Cut the fixes from `first` to `last` (all) into gatherings; each looks at a fix once.

    A fix belongs to the gathering when it lies within `radius_m` of the mean so far, or within
    what both may err: vague fixes cannot prove that the device has gone. A fix that is passed on
    the way, the next one clearly out of reach, is told only if it is among `after_unknown`.
    """
    found: list[Gathering] = []
    accuracies, hops = fixes.accuracy_m, fixes.hop_m
    end = len(fixes) if last is None else last + 1
    while first < end:
        after = first + 1
        # The common case on the way, and so without calls.
        if after < end and hops[after] > _CLEARLY * radius_m:
            passed = hops[after] > _CLEARLY * (accuracies[first] + accuracies[after])
            if passed and first not in after_unknown:
                first = after
                continue
        gathering = _gather(fixes, first, end, radius_m, max_pause_ms)
        found.append(gathering)
        first = gathering.last + 1
    return found


def _gather(fixes: Fixes, first: int, end: int, radius_m: float, max_pause_ms: int) -> Gathering:
    """In degrees from the first fix, with the longitude shortened: a plane, since it is small."""
    times, lats, lons, accuracies = fixes.time_ms, fixes.lat, fixes.lon, fixes.accuracy_m
    base_lat, base_lon = lats[first], lons[first]
    shortening = math.cos(math.radians(base_lat))
    east = north = mean_east = mean_north = sum_east = sum_north = 0.0
    weight_ms = 0
    last, best_m = first, accuracies[first]
    for index in range(first + 1, end):
        pause_ms = times[index] - times[last]
        dlon = lons[index] - base_lon
        if not -180.0 <= dlon < 180.0:
            dlon = wrapped(dlon)
        next_east, next_north = dlon * shortening, lats[index] - base_lat
        away_east, away_north = next_east - mean_east, next_north - mean_north
        accuracy_m = accuracies[index]
        reach = max(radius_m, best_m + accuracy_m) / METRES_PER_DEGREE
        if (
            away_east * away_east + away_north * away_north > reach * reach
            or pause_ms > max_pause_ms
            or fixes.hop_m[index] > max(ALWAYS_NEAR_M, MAX_SPEED_MPS * pause_ms / 1000)
        ):
            break
        sum_east += pause_ms * (east + next_east) / 2
        sum_north += pause_ms * (north + next_north) / 2
        weight_ms += pause_ms
        mean_east, mean_north = sum_east / weight_ms, sum_north / weight_ms
        east, north, last = next_east, next_north, index
        best_m = min(best_m, accuracy_m)
    lon = base_lon + mean_east / shortening if shortening else base_lon
    return Gathering(first, last, base_lat + mean_north, wrapped(lon), weight_ms, best_m)


def wrapped(degrees: float) -> float:
    """A longitude, or a difference of two, from -180 up to 180."""
    if -180.0 <= degrees < 180.0:
        return degrees
    return (degrees + 180.0) % 360.0 - 180.0
