"""A recorded track says the same in every agent's words."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import gpxpy
import msgspec
import pytest

from adapters.inbound.http.foreign import osmand, overland, owntracks
from adapters.inbound.http.foreign.reading import Reading

RECORDINGS = Path(__file__).parents[1] / "data" / "gpx"


class Point(NamedTuple):
    time_s: int
    iso: str
    lat: float
    lon: float
    altitude_m: float


def recorded(name: str) -> list[Point]:
    gpx = gpxpy.parse((RECORDINGS / name).read_text(encoding="utf-8"))
    return [
        Point(int(p.time.timestamp()), p.time.isoformat(), p.latitude, p.longitude, p.elevation)
        for track in gpx.tracks
        for segment in track.segments
        for p in segment.points
        if p.time is not None and p.elevation is not None
    ]


def by_owntracks(p: Point) -> Reading:
    message = {"_type": "location", "tst": p.time_s, "lat": p.lat, "lon": p.lon}
    message["alt"] = p.altitude_m
    return owntracks.read(msgspec.json.encode(message), user_agent="OwnTracks/18 iOS")


def by_osmand_query(p: Point) -> Reading:
    """As Traccar Client Android 7.9."""
    pairs = {"id": "1", "timestamp": p.time_s, "lat": p.lat, "lon": p.lon, "altitude": p.altitude_m}
    return osmand.read_query(urlencode(pairs).encode(), received_ms=0)


def by_osmand_form(p: Point) -> Reading:
    """As Traccar Client 10, but with its time in ISO and its point in one value."""
    pairs = {"location": f"{p.lat},{p.lon}", "timestamp": p.iso, "altitude": p.altitude_m}
    return osmand.read_query(urlencode(pairs).encode(), received_ms=0)


def by_traccar_json(p: Point) -> Reading:
    coords = {"latitude": p.lat, "longitude": p.lon, "altitude": p.altitude_m}
    message = {"device_id": "1", "location": {"timestamp": p.iso, "coords": coords}}
    return osmand.read_json(msgspec.json.encode(message), received_ms=0)


def by_overland(p: Point) -> Reading:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [p.lon, p.lat]},
        "properties": {"timestamp": p.iso, "altitude": p.altitude_m},
    }
    return overland.read(msgspec.json.encode({"locations": [feature]}))


@pytest.mark.parametrize(
    "said_by", [by_owntracks, by_osmand_query, by_osmand_form, by_traccar_json, by_overland]
)
@pytest.mark.parametrize(
    "name", ["around-visnjan-with-car.gpx", "cerknicko-jezero.gpx", "korita-zbevnica.gpx"]
)
def test_the_same_times_and_coordinates(name: str, said_by: Callable[[Point], Reading]) -> None:
    points = recorded(name)
    assert len(points) > 100
    for point in points:
        (seen,) = said_by(point).observations
        assert seen.time_ms == point.time_s * 1000
        assert seen.fields == {
            "lat": point.lat,
            "lon": point.lon,
            "altitude_m": point.altitude_m,
        }
        assert seen.attributes == {}
