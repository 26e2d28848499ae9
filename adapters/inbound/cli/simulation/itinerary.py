"""One person's way through a day, as segments without a hole between them."""

from collections.abc import Sequence
from random import Random

import attrs

from adapters.inbound.cli.simulation.driving import Mode, travelled
from adapters.inbound.cli.simulation.motion import Motion
from adapters.inbound.cli.simulation.plane import Position, distance
from adapters.inbound.cli.simulation.recordings import Recording
from adapters.inbound.cli.simulation.roads import way
from adapters.inbound.cli.simulation.world import SPOTS, Spot

_NEAR_M = 40.0


@attrs.frozen
class Stay:
    """At one position from `from_ms` up to `to_ms`."""

    from_ms: int
    to_ms: int
    position: Position

    @property
    def spot(self) -> Spot | None:
        near = (spot for spot in SPOTS if distance(spot.position, self.position) < _NEAR_M)
        return next(near, None)


@attrs.frozen
class Move:
    """Under way; `recorded` is a stretch of a real recording, of which each point counts."""

    from_ms: int
    to_ms: int
    motion: Motion
    recorded: bool = False


@attrs.frozen
class Unseen:
    """Between two stretches of a recording that do not meet: nobody knows the way."""

    from_ms: int
    to_ms: int
    position: Position


Segment = Stay | Move | Unseen


def position_at(segment: Segment, time_ms: int) -> Position:
    if isinstance(segment, Stay | Unseen):
        return segment.position
    sample = segment.motion.at((time_ms - segment.from_ms) / 1000)
    return sample.lat, sample.lon


class Itinerary:
    """Builds the segments one after the other, from `from_ms` at a position."""

    def __init__(self, from_ms: int, position: Position, draw: Random) -> None:
        self.now_ms = from_ms
        self._position = position
        self._draw = draw
        self._segments: list[Segment] = []

    def stay_until(self, time_ms: int) -> None:
        """Nothing where it is later already."""
        if time_ms > self.now_ms:
            self._segments.append(Stay(self.now_ms, time_ms, self._position))
            self.now_ms = time_ms

    def stay(self, least_min: float, most_min: float) -> None:
        minutes = self._draw.uniform(least_min, most_min)
        self.stay_until(self.now_ms + round(minutes * 60) * 1000)

    def go(self, target: Position, mode: Mode) -> None:
        if distance(self._position, target) < 1.0:
            return
        self._move(travelled(way(self._position, target), mode, self._draw), recorded=False)

    def follow(self, recording: Recording) -> None:
        """At the recorded pace, with the pauses of the recording."""
        first_ms = self.now_ms
        for leg, start_s in zip(recording.legs, recording.starts_s, strict=True):
            resumes_ms = first_ms + round(start_s * 1000)
            if distance(self._position, leg.points[0].position) < _NEAR_M:
                self.stay_until(resumes_ms)
            elif resumes_ms > self.now_ms:
                self._segments.append(Unseen(self.now_ms, resumes_ms, self._position))
                self.now_ms = resumes_ms
            self._move(leg, recorded=True)

    def segments(self) -> Sequence[Segment]:
        return tuple(self._segments)

    def _move(self, motion: Motion, *, recorded: bool) -> None:
        end_ms = self.now_ms + round(motion.duration_s) * 1000
        self._segments.append(Move(self.now_ms, end_ms, motion, recorded))
        self.now_ms = end_ms
        self._position = motion.points[-1].position
