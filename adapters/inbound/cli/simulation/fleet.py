"""Vehicles that drive from town to town for ever, each its own way."""

from collections.abc import Sequence
from functools import cache

from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.driving import CAR, travelled
from adapters.inbound.cli.simulation.fixes import fix_of
from adapters.inbound.cli.simulation.motion import Motion
from adapters.inbound.cli.simulation.roads import NODES, way
from adapters.inbound.cli.simulation.seen import Observation

_VARIANTS = 3


class Vehicle:
    """One of many: its trips depend on the seed and its number alone."""

    def __init__(self, seed: int, number: int, from_ms: int) -> None:
        self.number = number
        self._draw = chance(seed, "vehicle", number)
        self._town = self._draw.choice(sorted(NODES))
        self._from_ms = from_ms
        self._trip = self._next_trip()

    def fixes(self, times_ms: Sequence[int]) -> list[Observation]:
        """Locations at rising times, in their JSON form."""
        return [self._fix(time_ms) for time_ms in times_ms]

    def _fix(self, time_ms: int) -> Observation:
        while (time_ms - self._from_ms) / 1000 > self._trip.duration_s:
            self._from_ms += round(self._trip.duration_s * 1000)
            self._trip = self._next_trip()
        sample = self._trip.at((time_ms - self._from_ms) / 1000)
        accuracy_m = self._draw.uniform(3.0, 12.0)
        return fix_of("", time_ms, sample, accuracy_m, self._draw).observation

    def _next_trip(self) -> Motion:
        start, self._town = self._town, self._draw.choice(_others(self._town))
        return _trip(start, self._town, self._draw.randrange(_VARIANTS))


def _others(town: str) -> list[str]:
    return [other for other in sorted(NODES) if other != town]


@cache
def _trip(start: str, target: str, variant: int) -> Motion:
    """Shared by all vehicles: there are as many as pairs of towns, and variants of each."""
    path = way(NODES[start], NODES[target])
    return travelled(path, CAR, chance("fleet", start, target, variant))
