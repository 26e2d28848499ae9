"""A way through space and time: where somebody is, so many seconds after having set out."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

import attrs

from adapters.inbound.cli.simulation.plane import bearing_deg, distance

TOP_PLAUSIBLE_MPS = 60.0
"""A jump that is faster is an error of the receiver: it is kept, but claims no speed."""

FLAT_PACE_MPS = 1.25
_CLIMB_S_PER_M = 6.0
"""W. W. Naismith, 1892: an hour for each 600 m of climb on top of the walk on the flat."""


@attrs.frozen
class Point:
    lat: float
    lon: float
    altitude_m: float | None = None

    @property
    def position(self) -> tuple[float, float]:
        return self.lat, self.lon


@attrs.frozen
class Sample:
    """Where one is, how fast (None where that is unknown) and in which direction."""

    lat: float
    lon: float
    altitude_m: float | None
    speed_mps: float | None
    bearing_deg: float | None


@attrs.frozen
class Motion:
    """`points` are reached `times_s` after the start; the times never fall."""

    points: tuple[Point, ...]
    times_s: tuple[float, ...]

    @property
    def duration_s(self) -> float:
        return self.times_s[-1]

    @property
    def length_m(self) -> float:
        return sum(distance(a.position, b.position) for a, b in pairwise(self.points))

    def at(self, offset_s: float) -> Sample:
        """Between two points in a straight line; before and after, at the ends."""
        last = len(self.points) - 2
        index = min(max(bisect_right(self.times_s, offset_s) - 1, 0), last)
        start, end = self.points[index], self.points[index + 1]
        span_s = self.times_s[index + 1] - self.times_s[index]
        part = 1.0 if span_s <= 0 else (offset_s - self.times_s[index]) / span_s
        part = min(max(part, 0.0), 1.0)
        metres = distance(start.position, end.position)
        speed = metres / span_s if span_s > 0 else 0.0
        altitude = start.altitude_m
        if altitude is not None and end.altitude_m is not None:
            altitude += part * (end.altitude_m - altitude)
        return Sample(
            lat=start.lat + part * (end.lat - start.lat),
            lon=start.lon + part * (end.lon - start.lon),
            altitude_m=altitude,
            speed_mps=speed if speed <= TOP_PLAUSIBLE_MPS else None,
            bearing_deg=bearing_deg(start.position, end.position) if metres > 1.0 else None,
        )


def played(points: Sequence[Point], times_s: Sequence[float]) -> Motion:
    """As recorded. Points with the time of their predecessor are left out."""
    kept = [0]
    for index in range(1, len(points)):
        if times_s[index] > times_s[kept[-1]]:
            kept.append(index)
    return Motion(tuple(points[i] for i in kept), tuple(times_s[i] for i in kept))


def paced(points: Sequence[Point]) -> Motion:
    """A walk along points of which the times are unknown."""
    steps = [_walk_s(a, b) for a, b in pairwise(points)]
    return played(points, list(accumulate(steps, initial=0.0)))


def dwell(position: tuple[float, float], duration_s: float) -> Motion:
    """Standing still."""
    point = Point(*position)
    return Motion((point, point), (0.0, duration_s))


def chained(parts: Sequence[Motion]) -> Motion:
    """One after the other. Ends that do not meet are joined within one second."""
    points: list[Point] = []
    times: list[float] = []
    for part in parts:
        begin_s = 0.0
        if times:
            meets = distance(points[-1].position, part.points[0].position) < 1.0
            begin_s = times[-1] + (0.0 if meets else 1.0)
        points.extend(part.points)
        times.extend(begin_s + time for time in part.times_s)
    return Motion(tuple(points), tuple(times))


def _walk_s(start: Point, end: Point) -> float:
    climb_m = max(0.0, (end.altitude_m or 0.0) - (start.altitude_m or 0.0))
    return distance(start.position, end.position) / FLAT_PACE_MPS + climb_m * _CLIMB_S_PER_M
