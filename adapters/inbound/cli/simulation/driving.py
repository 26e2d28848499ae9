"""How one moves along a way: on foot, by car or by bus, with bends, stops and accelerations."""

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import attrs

from adapters.inbound.cli.simulation.motion import Motion, Point
from adapters.inbound.cli.simulation.plane import Position, distance, turn_rad
from adapters.inbound.cli.simulation.roads import Bend


@attrs.frozen
class Mode:
    """Speeds in m/s, accelerations in m/s².

    `sideways` is what passengers put up with in a bend. `stop_every_m` is the mean way between
    two stops of `stop_s` (least, most) seconds; None does not stop.
    """

    name: str
    top_mps: float
    accelerates: float
    brakes: float
    sideways: float
    stop_every_m: float | None
    stop_s: tuple[float, float]
    step_m: float


WALK = Mode("walk", 1.45, 0.7, 0.7, 9.0, None, (0.0, 0.0), 15.0)
CAR = Mode("car", 24.5, 1.8, 2.2, 2.8, 4_000.0, (4.0, 25.0), 25.0)
HURRIED_CAR = Mode("car", 32.0, 2.4, 2.8, 3.2, 6_000.0, (4.0, 15.0), 25.0)
BUS = Mode("bus", 19.0, 1.0, 1.2, 1.8, 1_600.0, (15.0, 40.0), 25.0)


def travelled(way: Sequence[Bend], mode: Mode, draw: Random) -> Motion:
    """Along a way from standing to standing. The same generator gives the same journey."""
    pace = draw.uniform(0.92, 1.06)
    bends = _resampled(way, mode.step_m)
    positions = [bend.position for bend in bends]
    lengths = [distance(a, b) for a, b in pairwise(positions)]
    stops = _stops(lengths, mode, draw)
    speeds = [_speed_in(bends, index, lengths, mode, pace) for index in range(len(bends))]
    for index in (0, len(speeds) - 1, *stops):
        speeds[index] = 0.0
    _accelerate(speeds, lengths, mode)
    return _timed(positions, lengths, speeds, stops)


def _resampled(way: Sequence[Bend], step_m: float) -> list[Bend]:
    """Every corner of the way, and points between those that are farther apart."""
    bends: list[Bend] = []
    for start, end in pairwise(way):
        length = distance(start.position, end.position)
        if length < 0.5:
            continue
        count = max(1, round(length / step_m))
        bends.extend(_between(start, end, part / count) for part in range(count))
    return [*bends, way[-1]]


def _between(start: Bend, end: Bend, part: float) -> Bend:
    (lat1, lon1), (lat2, lon2) = start.position, end.position
    position = (lat1 + part * (lat2 - lat1), lon1 + part * (lon2 - lon1))
    return Bend(position, start.limit_mps)


def _stops(lengths: Sequence[float], mode: Mode, draw: Random) -> dict[int, float]:
    """Index of a point to the seconds spent there."""
    if mode.stop_every_m is None:
        return {}
    stops: dict[int, float] = {}
    left_m = draw.uniform(0.4, 1.4) * mode.stop_every_m
    for index, length in enumerate(lengths[:-1], start=1):
        left_m -= length
        if left_m <= 0:
            stops[index] = draw.uniform(*mode.stop_s)
            left_m = draw.uniform(0.5, 1.5) * mode.stop_every_m
    return stops


def _speed_in(
    bends: Sequence[Bend], index: int, lengths: Sequence[float], mode: Mode, pace: float
) -> float:
    """The usual speed, or less where the way bends: v² = a r."""
    usual = min(bends[index].limit_mps, mode.top_mps) * pace
    if not 0 < index < len(bends) - 1:
        return usual
    before, at, after = (bend.position for bend in bends[index - 1 : index + 2])
    turn = turn_rad(before, at, after)
    if turn < 0.01:
        return usual
    radius_m = (lengths[index - 1] + lengths[index]) / 2 / turn
    return min(usual, math.sqrt(mode.sideways * radius_m))


def _accelerate(speeds: list[float], lengths: Sequence[float], mode: Mode) -> None:
    """No faster than what can be reached from behind and still be slowed down ahead."""
    for index, length in enumerate(lengths):
        reachable = math.sqrt(speeds[index] ** 2 + 2 * mode.accelerates * length)
        speeds[index + 1] = min(speeds[index + 1], reachable)
    for index in range(len(lengths) - 1, -1, -1):
        bearable = math.sqrt(speeds[index + 1] ** 2 + 2 * mode.brakes * lengths[index])
        speeds[index] = min(speeds[index], bearable)


def _timed(
    positions: Sequence[Position],
    lengths: Sequence[float],
    speeds: Sequence[float],
    stops: dict[int, float],
) -> Motion:
    points, times, at_s = [Point(*positions[0])], [0.0], 0.0
    for index, length in enumerate(lengths, start=1):
        at_s += length / max(0.2, (speeds[index - 1] + speeds[index]) / 2)
        points.append(Point(*positions[index]))
        times.append(at_s)
        if index in stops:
            at_s += stops[index]
            points.append(points[-1])
            times.append(at_s)
    return Motion(tuple(points), tuple(times))
