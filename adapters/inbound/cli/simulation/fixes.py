"""What a phone sees of a way: fixes with a receiver's errors, and places it comes to."""

import math
from collections.abc import Iterator, Sequence
from random import Random

from adapters.inbound.cli.simulation.itinerary import Move, Segment, Stay
from adapters.inbound.cli.simulation.motion import Sample
from adapters.inbound.cli.simulation.plane import moved
from adapters.inbound.cli.simulation.seen import Seen, seen
from domain.kinds import Kind

REST_S = (300.0, 600.0)
MOVING_S = (10.0, 14.0)
DETAIL = 4
"""While moving, a phone takes a fix each MOVING_S, sends every fourth and keeps the others."""


def fixes(device: str, segments: Sequence[Segment], draw: Random) -> Iterator[Seen]:
    """In time order, no two at the same time, and none outside the segments."""
    last_ms = -1
    for segment in segments:
        if isinstance(segment, Stay):
            found = _resting(device, segment, draw)
        elif isinstance(segment, Move) and segment.recorded:
            found = _recorded(device, segment, draw)
        elif isinstance(segment, Move):
            found = _moving(device, segment, draw)
        else:
            continue
        for fix in found:
            if fix.time_ms > last_ms:
                yield fix
                last_ms = fix.time_ms


def transitions(device: str, segments: Sequence[Segment]) -> Iterator[Seen]:
    """The phone's own geofences. A day's ends are no transitions: one sleeps through them."""
    for index, segment in enumerate(segments):
        if not isinstance(segment, Stay) or segment.spot is None or not segment.spot.radius_m:
            continue
        name = segment.spot.name
        for event, at_ms, happens in (
            ("enter", segment.from_ms, index > 0),
            ("leave", segment.to_ms, index < len(segments) - 1),
        ):
            if happens:
                yield seen(device, Kind.PLACE_TRANSITION, at_ms, place=name, event=event)


def fix_of(
    device: str,
    time_ms: int,
    sample: Sample,
    accuracy_m: float,
    draw: Random,
    *,
    detail: bool = False,
) -> Seen:
    """A sample as the receiver gives it: off by a part of the accuracy it claims.

    The error is normal with a third of the accuracy in both axes, and never beyond it.
    """
    error_m = min(accuracy_m, abs(draw.gauss(0.0, accuracy_m / 3)))
    angle = draw.uniform(0, 2 * math.pi)
    lat, lon = moved((sample.lat, sample.lon), error_m * math.cos(angle), error_m * math.sin(angle))
    return _location(device, time_ms, sample, lat, lon, accuracy_m, detail)


def _location(
    device: str,
    time_ms: int,
    sample: Sample,
    lat: float,
    lon: float,
    accuracy_m: float,
    detail: bool = False,
) -> Seen:
    return seen(
        device,
        Kind.LOCATION,
        time_ms,
        detail=detail,
        lat=round(lat, 7),
        lon=round(lon, 7),
        accuracy_m=round(accuracy_m, 1),
        altitude_m=None if sample.altitude_m is None else round(sample.altitude_m, 1),
        speed_mps=None if sample.speed_mps is None else round(sample.speed_mps, 2),
        bearing_deg=None if sample.bearing_deg is None else round(sample.bearing_deg, 1),
        source="network" if accuracy_m > 20 else "gps",
    )


def _resting(device: str, stay: Stay, draw: Random) -> Iterator[Seen]:
    at_ms = stay.from_ms + round(draw.uniform(20.0, 90.0)) * 1000
    sample = Sample(*stay.position, None, 0.0, None)
    while at_ms < stay.to_ms:
        yield fix_of(device, at_ms, sample, draw.uniform(8.0, 28.0), draw)
        at_ms += round(draw.uniform(*REST_S)) * 1000


def _moving(device: str, move: Move, draw: Random) -> Iterator[Seen]:
    at_ms, count = move.from_ms, 0
    while at_ms < move.to_ms:
        sample = move.motion.at((at_ms - move.from_ms) / 1000)
        detail = count % DETAIL != 0
        yield fix_of(device, at_ms, sample, draw.uniform(4.0, 10.0), draw, detail=detail)
        at_ms += round(draw.uniform(*MOVING_S)) * 1000
        count += 1


def _recorded(device: str, move: Move, draw: Random) -> Iterator[Seen]:
    """Each point where it was recorded, at its own time after the start."""
    for point, time_s in zip(move.motion.points, move.motion.times_s, strict=True):
        at_ms = move.from_ms + round(time_s) * 1000
        sample = move.motion.at(time_s)
        yield _location(device, at_ms, sample, *point.position, draw.uniform(3.0, 7.0))
