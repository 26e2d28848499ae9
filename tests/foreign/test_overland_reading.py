"""Overland's batches of GeoJSON."""

from typing import Any

import msgspec
import pytest

from adapters.inbound.http.foreign import overland
from adapters.inbound.http.foreign.reading import Reading
from domain.kinds import Kind

AT_MS = 1_443_711_600_000


def feature(coordinates: Any = (-122.030581, 37.3318), **properties: Any) -> dict[str, Any]:
    """As Overland's README shows it."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": coordinates},
        "properties": {
            "timestamp": "2015-10-01T08:00:00-0700",
            "altitude": 12,
            "speed": 4,
            "horizontal_accuracy": 30,
            "vertical_accuracy": -1,
            "motion": ["driving", "stationary"],
            "battery_state": "charging",
            "battery_level": 0.89,
            "device_id": "anas-phone",
            "wifi": "Home",
            **properties,
        },
    }


def read(*features: Any, **more: Any) -> Reading:
    return overland.read(msgspec.json.encode({"locations": features, **more}))


def test_a_feature() -> None:
    reading = read(feature(course=90, unique_id="C0FFEE"))
    location, state = reading.observations
    assert reading.device_id == "anas-phone"
    assert (location.kind, location.time_ms) == (Kind.LOCATION, AT_MS)
    assert location.fields == {
        "lat": 37.3318,
        "lon": -122.030581,
        "accuracy_m": 30.0,
        "altitude_m": 12.0,
        "speed_mps": 4.0,
        "bearing_deg": 90.0,
    }
    assert location.attributes == {
        "vertical_accuracy": -1,
        "motion": ["driving", "stationary"],
        "wifi": "Home",
        "unique_id": "C0FFEE",
    }
    assert (state.kind, state.time_ms) == (Kind.DEVICE_STATE, AT_MS)
    assert state.fields == {"battery": 0.89, "charging": True, "network": "wifi"}


def test_negative_is_invalid() -> None:
    said = feature(speed=-1, course=-1, horizontal_accuracy=-1, battery_level=-1, wifi="")
    location, state = read(said).observations
    assert set(location.fields) == {"lat", "lon", "altitude_m"}
    assert state.fields == {"charging": True}


@pytest.mark.parametrize(
    ("said", "charging"),
    [("charging", True), ("full", True), ("unplugged", False), (False, False), (True, True)],
)
def test_battery_state(said: Any, charging: bool) -> None:
    """A boolean is from overland_android."""
    assert read(feature(battery_state=said)).observations[1].fields["charging"] is charging


def test_unknown_battery_state() -> None:
    assert "charging" not in read(feature(battery_state="unknown")).observations[1].fields


def test_two_hundred_a_batch() -> None:
    assert len(read(*[feature()] * 200).observations) == 400


def test_current_is_a_point_of_its_own() -> None:
    newer = feature(timestamp="2015-10-01T18:00:00Z")
    times = {seen.time_ms for seen in read(feature(), current=newer).observations}
    assert times == {AT_MS, AT_MS + 3 * 3600 * 1000}


def test_the_running_trip_is_left_out() -> None:
    reading = read(trip={"distance": 7, "mode": "car"}, current=None)
    assert (reading.observations, reading.not_understood) == ((), ())


@pytest.mark.parametrize(
    "properties", [{"action": "visit"}, {"type": "trip", "end": "2015-10-01T15:00:00Z"}]
)
def test_events_are_documents_and_no_fixes(properties: dict[str, Any]) -> None:
    said = feature(**properties)
    (event,) = read(said).observations
    assert (event.kind, event.time_ms) == (Kind.DOCUMENT, AT_MS)
    assert event.fields["source"] == "overland"
    assert event.fields["body"]["properties"]["device_id"] == "anas-phone"


@pytest.mark.parametrize(
    ("bad", "reason", "field"),
    [
        (feature((200, 1)), "out_of_range", "geometry.coordinates.0"),
        (feature((1, "2")), "wrong_type", "geometry.coordinates.1"),
        (feature((1,)), "missing", "geometry.coordinates"),
        (feature("1,2"), "wrong_type", "geometry.coordinates"),
        (feature(timestamp=None), "missing", "properties.timestamp"),
        (feature(timestamp="2015"), "not_a_time", "properties.timestamp"),
        ({"type": "Feature", "geometry": {}}, "missing", "properties"),
        ({"properties": {}, "geometry": []}, "wrong_type", "geometry"),
        (7, "wrong_type", ""),
    ],
)
def test_one_bad_feature_does_not_spoil_the_batch(bad: Any, reason: str, field: str) -> None:
    reading = read(feature(), bad, feature())
    (fault,) = reading.not_understood
    assert (fault.reason, fault.field) == (reason, field)
    assert fault.payload == msgspec.json.encode(bad)
    assert len(reading.observations) == 4


@pytest.mark.parametrize(
    ("body", "reason", "field"),
    [
        (b"{}", "missing", "locations"),
        (b'{"locations": {}}', "wrong_type", "locations"),
        (b'{"locations": [' + b"1," * 10_000 + b"1]}", "too_many", "locations"),
        (b"[]", "wrong_type", ""),
        (b"", "not_json", ""),
    ],
)
def test_bad_batches(body: bytes, reason: str, field: str) -> None:
    (fault,) = overland.read(body).not_understood
    assert (fault.reason, fault.field, fault.payload) == (reason, field, body)


@pytest.mark.parametrize("device_id", ["", None, 7, "x" * 300])
def test_no_device_id(device_id: Any) -> None:
    assert read(feature(device_id=device_id)).device_id is None
