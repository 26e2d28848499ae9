"""Stays and trips of real GPS recordings; see data/gpx/NOTICE.md for where they are from."""

import itertools
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from domain.consolidation.cleaning import Cleaned
from domain.consolidation.columns import Columns
from domain.consolidation.movements import Movements, Stay, Trip, movements
from domain.geometry import distance_m
from domain.times import from_datetime

_FOLDER = Path(__file__).parent.parent / "data" / "gpx"


def recorded(name: str) -> Columns:
    """The points that have a time."""
    rows = []
    for point in ElementTree.parse(_FOLDER / name).getroot().iter():
        if point.tag.endswith("}trkpt"):
            time = point.findtext(point.tag.replace("trkpt", "time"))
            if time:
                time_ms = from_datetime(datetime.fromisoformat(time))
                rows.append((time_ms, float(point.attrib["lat"]), float(point.attrib["lon"])))
    times, lats, lons = zip(*sorted(rows), strict=True)
    return {"time_ms": times, "lat": lats, "lon": lons}


def whole(columns: Columns) -> Movements:
    times = columns["time_ms"]
    return movements(columns, times[0], times[-1] + 1, times[-1] + 10**9)


def length_m(columns: Columns) -> float:
    points = list(zip(columns["lat"], columns["lon"], strict=True))
    return sum(distance_m(*a, *b) for a, b in itertools.pairwise(points))


def test_a_drive_is_one_trip() -> None:
    drive = recorded("around-visnjan-with-car.gpx")
    (trip,) = whole(drive).items
    assert isinstance(trip, Trip)
    assert trip.distance_m == pytest.approx(length_m(drive), rel=0.02)
    assert trip.average_speed_mps == pytest.approx(5.2, abs=0.1)
    (stop,) = trip.stops
    assert (stop.to_ms - stop.from_ms) / 1000 == 130, "and its jitter is no distance"


@pytest.mark.parametrize(
    ("name", "stays"), [("cerknicko-jezero.gpx", 3), ("korita-zbevnica.gpx", 6)]
)
def test_a_walk_with_rests(name: str, stays: int) -> None:
    walk = recorded(name)
    found = whole(walk)
    rests = [one for one in found.items if isinstance(one, Stay)]
    trips = [one for one in found.items if isinstance(one, Trip)]
    assert len(rests) == stays
    assert len(rests) + len(trips) == len(found.items), "no gaps"
    walked_m = sum(trip.distance_m for trip in trips)
    assert 0.8 * length_m(walk) < walked_m <= length_m(walk) * 1.001
    assert found.cleaned == Cleaned()


@pytest.mark.parametrize(
    "name", ["around-visnjan-with-car.gpx", "cerknicko-jezero.gpx", "korita-zbevnica.gpx"]
)
@pytest.mark.parametrize("keep_every", [2, 3, 5])
def test_fewer_fixes_tell_the_same_story(name: str, keep_every: int) -> None:
    columns = recorded(name)
    fewer = {field: values[::keep_every] for field, values in columns.items()}
    trips, fewer_trips = (
        sum(one.distance_m for one in whole(given).items if isinstance(one, Trip))
        for given in (columns, fewer)
    )
    assert fewer_trips == pytest.approx(trips, rel=0.25)
    assert fewer_trips <= length_m(columns)
