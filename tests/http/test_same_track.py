"""One recording, sent the way each agent would, is the same track afterwards."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import attrs
import gpxpy
import gpxpy.gpx
import pytest

from domain.geometry import distance_m
from tests.support.blocks import block, frame, post_blocks
from tests.support.client import Account, Device, expect_receipts, rfc3339

GPX = Path(__file__).parents[1] / "data" / "gpx"
KMH_PER_KNOT = 1.852


@attrs.frozen
class Point:
    """`speed_kmh` is whole, as OwnTracks tells it."""

    time: str
    epoch_s: int
    lat: float
    lon: float
    speed_kmh: int


def recording(name: str, limit: int) -> list[Point]:
    with (GPX / name).open() as file:
        parsed = gpxpy.parse(file)
    found = [p for track in parsed.tracks for segment in track.segments for p in segment.points]
    timed = [p for p in found if p.time is not None][:limit]
    return [_point(before, p) for before, p in zip([timed[0], *timed], timed, strict=False)]


def _point(before: gpxpy.gpx.GPXTrackPoint, point: gpxpy.gpx.GPXTrackPoint) -> Point:
    assert point.time is not None and before.time is not None
    passed_s = (point.time - before.time).total_seconds()
    way_m = distance_m(before.latitude, before.longitude, point.latitude, point.longitude)
    speed_kmh = round(way_m / passed_s * 3.6) if passed_s else 0
    epoch_s = int(point.time.timestamp())
    return Point(rfc3339(point.time), epoch_s, point.latitude, point.longitude, speed_kmh)


def as_fieldpost(device: Device, points: list[Point]) -> None:
    device.enrol()
    for start in range(0, len(points), 50):
        device.deliver(
            "location",
            *(
                {"time": p.time, "lat": p.lat, "lon": p.lon, "speed_mps": p.speed_kmh / 3.6}
                for p in points[start : start + 50]
            ),
        )


def as_blocks(device: Device, points: list[Point]) -> None:
    device.enrol()
    rows = [
        {"time": p.time, "lat": p.lat, "lon": p.lon, "speed_mps": p.speed_kmh / 3.6} for p in points
    ]
    framed = [
        frame(number, block("location", *rows[start : start + 50]))
        for number, start in enumerate(range(0, len(rows), 50))
    ]
    for receipt in expect_receipts(post_blocks(device, *framed)):
        assert receipt["outcome"] == "accepted", receipt


def as_owntracks(device: Device, points: list[Point]) -> None:
    secret = base64.b64encode(f"{device.id}:{device.token('owntracks')}".encode()).decode()
    agent = device.account.server.http(authorization=f"Basic {secret}", user_agent="OwnTracks/iOS")
    for p in points:
        message = {"_type": "location", "tst": p.epoch_s, "lat": p.lat, "lon": p.lon}
        agent.post("/agent/owntracks", {**message, "vel": p.speed_kmh, "t": "t"}).expect(200)


def _osmand_pairs(p: Point) -> str:
    pairs = {"id": "123456", "timestamp": p.epoch_s, "lat": p.lat, "lon": p.lon}
    return urlencode({**pairs, "speed": p.speed_kmh / KMH_PER_KNOT, "batt": 80.0})


def as_osmand_query(device: Device, points: list[Point]) -> None:
    path = f"/agent/osmand/{device.token('osmand')}"
    agent = device.account.server.http()
    for p in points:
        agent.post(f"{path}?{_osmand_pairs(p)}").expect(200)


def as_osmand_form(device: Device, points: list[Point]) -> None:
    path = f"/agent/osmand/{device.token('osmand')}"
    agent = device.account.server.http(content_type="application/x-www-form-urlencoded")
    for p in points:
        agent.post(path, _osmand_pairs(p).encode()).expect(200)


def as_traccar_json(device: Device, points: list[Point]) -> None:
    path = f"/agent/osmand/{device.token('osmand')}"
    agent = device.account.server.http()
    for p in points:
        coords: dict[str, Any] = {"latitude": p.lat, "longitude": p.lon, "accuracy": -1}
        coords |= {"speed": p.speed_kmh / 3.6, "heading": -1, "altitude": -1}
        location = {"timestamp": p.time, "coords": coords, "is_moving": True}
        agent.post(path, {"device_id": "123456", "location": location}).expect(200)


def as_overland(device: Device, points: list[Point]) -> None:
    path = f"/agent/overland/{device.token('overland')}"
    agent = device.account.server.http()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [p.lon, p.lat]},
            "properties": {"timestamp": p.time, "speed": p.speed_kmh / 3.6, "course": -1},
        }
        for p in points
    ]
    for start in range(0, len(points), 200):
        told = agent.post(path, {"locations": features[start : start + 200]}).expect(200)
        assert told == {"result": "ok"}


WAYS: tuple[Callable[[Device, list[Point]], None], ...] = (
    as_fieldpost,
    as_blocks,
    as_owntracks,
    as_osmand_query,
    as_osmand_form,
    as_traccar_json,
    as_overland,
)


@pytest.mark.parametrize("name", ["around-visnjan-with-car.gpx", "korita-zbevnica.gpx"])
def test_one_recording_is_one_track_whoever_sends_it(account: Account, name: str) -> None:
    points = recording(name, 120)
    person = account.person()
    devices = [account.device(person) for _ in WAYS]
    for send, device in zip(WAYS, devices, strict=True):
        send(device, points)
    account.server.settled()
    end = rfc3339_after(points[-1])
    tracks = [device.track(points[0].time, end) for device in devices]
    first = tracks[0]
    assert first["lat"] == pytest.approx([p.lat for p in points], abs=6e-8)
    assert first["lon"] == pytest.approx([p.lon for p in points], abs=6e-8)
    assert first["speed_mps"] == pytest.approx([p.speed_kmh / 3.6 for p in points], abs=6e-3)
    assert [time.replace("Z", ".000Z") for time in first["time"]] == [p.time for p in points]
    for send, track in zip(WAYS, tracks, strict=True):
        assert track == first, f"{send.__name__} gives another track"


@pytest.mark.parametrize("send", WAYS[2:])
def test_what_a_foreign_agent_repeats_is_there_once(
    account: Account, send: Callable[[Device, list[Point]], None]
) -> None:
    points = recording("around-visnjan-with-car.gpx", 10)
    device = account.device()
    send(device, points)
    send(device, points)
    account.server.settled()
    assert len(device.track(points[0].time, rfc3339_after(points[-1]))["time"]) == len(points)


def test_what_overland_repeats_among_new_points_is_there_once(account: Account) -> None:
    """It sends what is first in its queue: after an answer that was lost that is more."""
    points = recording("around-visnjan-with-car.gpx", 15)
    device = account.device()
    as_overland(device, points[:10])
    as_overland(device, points)
    account.server.settled()
    assert len(device.track(points[0].time, rfc3339_after(points[-1]))["time"]) == len(points)


def rfc3339_after(point: Point) -> str:
    return point.time.replace(".000Z", ".001Z")
