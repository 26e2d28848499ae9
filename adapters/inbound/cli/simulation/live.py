"""The part that plays before one's eyes: everybody goes round and round, at real speeds.

The daughter walks from school to the shop, home and to school again; the father drives the
recorded round of Višnjan at the recorded pace; the grandfather walks the recorded hill; the
mother is at home, at her computer.
It is as pure as the rest: what is seen depends on the world, the start and the time alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import attrs

from adapters.inbound.cli.simulation.bustle import bustle
from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.driving import WALK, travelled
from adapters.inbound.cli.simulation.fixes import fix_of
from adapters.inbound.cli.simulation.motion import Motion, chained, dwell
from adapters.inbound.cli.simulation.people import DEVICES, Device, Person, person
from adapters.inbound.cli.simulation.plane import Position
from adapters.inbound.cli.simulation.roads import way
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.world import World, spot

START: Mapping[str, Position] = {
    "daughter": spot("school").position,
    "father": spot("aunt").position,
    "mother": spot("home").position,
    "grandfather": (45.452595614, 14.018194014),
}
"""Where each is when the live part begins: at the start of their recordings, or at school."""

FIX_EVERY_S: Mapping[str, int] = {"daughter": 3, "father": 2, "mother": 12, "grandfather": 8}
"""While a person is under way; whoever rests sends less."""

_RESTS_FIX_EVERY = 5
_MOVING_MPS = 0.3
_DRIVE_STARTS_S = 50.0
"""The recorded drive begins with a minute of standing."""


@attrs.frozen(eq=False)
class Round:
    """A way that ends where it began, gone again and again."""

    motion: Motion

    def offset_s(self, start_ms: int, time_ms: int) -> float:
        return ((time_ms - start_ms) / 1000) % self.motion.duration_s


@lru_cache(maxsize=64)
def round_of(world: World, who: Person) -> Round:
    if who.key == "daughter":
        return Round(_errands(world))
    if who.key == "mother":
        return Round(dwell(START[who.key], 3_600.0))
    if who.key == "father":
        leg = _since(world.recordings["drive"].legs[0], _DRIVE_STARTS_S)
    else:
        leg = chained(world.recordings["hill"].legs)
    end, begin = leg.points[-1].position, leg.points[0].position
    back = travelled(way(end, begin), WALK, chance(world.seed, who.key, "close the round"))
    return Round(chained([leg, back, dwell(begin, 10.0)]))


def live(
    world: World,
    start_ms: int,
    from_ms: int,
    to_ms: int,
    *,
    every: int = 1,
    devices: Sequence[Device] = DEVICES,
) -> list[Seen]:
    """What becomes known from `from_ms` up to `to_ms` in a live part begun at `start_ms`.

    In time order. `every` thins out the fixes: only each so many is taken.
    """
    found = list(bustle(world, devices, start_ms, from_ms, to_ms))
    for device in devices:
        if device.is_phone:
            found.extend(_moving(world, device, start_ms, from_ms, to_ms, every))
    return sorted(found, key=lambda one: (one.time_ms, one.device, one.kind))


def live_position(world: World, who: Person, start_ms: int, time_ms: int) -> Position:
    around = round_of(world, who)
    sample = around.motion.at(around.offset_s(start_ms, time_ms))
    return sample.lat, sample.lon


def _moving(
    world: World, device: Device, start_ms: int, from_ms: int, to_ms: int, every: int
) -> Iterator[Seen]:
    around = round_of(world, person(device.person))
    step_ms = FIX_EVERY_S[device.person] * 1000
    count = max(0, -(-(from_ms - start_ms) // step_ms))
    while (time_ms := start_ms + count * step_ms) < to_ms:
        sample = around.motion.at(around.offset_s(start_ms, time_ms))
        rests = (sample.speed_mps or 0.0) < _MOVING_MPS
        if count % every == 0 and (not rests or count % _RESTS_FIX_EVERY == 0):
            draw = chance(world.seed, device.key, start_ms, count)
            yield fix_of(device.key, time_ms, sample, draw.uniform(3.5, 8.0), draw)
        count += 1


def _errands(world: World) -> Motion:
    """The school's gate is left at once, so that somebody soon is told of it."""
    stops = [("school", 8.0), ("shop", 40.0), ("home", 60.0), ("school", 45.0)]
    parts: list[Motion] = []
    for index, (key, rest_s) in enumerate(stops):
        if index:
            path = way(spot(stops[index - 1][0]).position, spot(key).position)
            parts.append(travelled(path, WALK, chance(world.seed, "errand", index)))
        parts.append(dwell(spot(key).position, rest_s))
    return chained(parts)


def _since(motion: Motion, offset_s: float) -> Motion:
    """Without the beginning."""
    first = next(i for i, time_s in enumerate(motion.times_s) if time_s >= offset_s)
    times = tuple(time_s - motion.times_s[first] for time_s in motion.times_s[first:])
    return Motion(motion.points[first:], times)
