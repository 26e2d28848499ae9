"""Observations to encode: recordings of real receivers, and days of the simulated family."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import gpxpy
import gpxpy.gpx

from adapters.inbound.cli.simulation import days, people, world
from domain.kinds import Kind
from domain.times import from_datetime, to_rfc3339

Rows = list[dict[str, Any]]

_GPX = Path(__file__).parents[1] / "tests" / "data" / "gpx"
_SEED = 1
_FIRST_DAY = date(2026, 3, 2)


def recorded() -> Rows:
    """The fixes of all recordings that have a time, in time order."""
    points = [
        point
        for path in sorted(_GPX.glob("*.gpx"))
        for track in gpxpy.parse(path.read_text()).tracks
        for segment in track.segments
        for point in segment.points
    ]
    return sorted((_fix(point) for point in points if point.time), key=lambda fix: fix["time"])


def simulated(kind: Kind, person: people.Person, count: int) -> Rows:
    """What this person's devices see of a kind, day after day; of the phone's fixes all."""
    family = world.build(_SEED)
    rows: Rows = []
    day = _FIRST_DAY
    while len(rows) < count:
        seen = days.day(family, person, day, detail=True)
        rows += [one.observation for one in seen if one.kind is kind]
        day += timedelta(days=1)
    return rows[:count]


def _fix(point: gpxpy.gpx.GPXTrackPoint) -> dict[str, Any]:
    assert point.time is not None and point.elevation is not None
    return {
        "time": to_rfc3339(from_datetime(point.time)),
        "lat": round(point.latitude, 7),
        "lon": round(point.longitude, 7),
        "altitude_m": round(point.elevation, 1),
    }
