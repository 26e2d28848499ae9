"""Traccar Client 9, which sends the OsmAnd protocol as JSON."""

from typing import Any

import msgspec
import pytest

from adapters.inbound.http.foreign import osmand
from adapters.inbound.http.foreign.reading import Reading
from domain.kinds import Kind

NOW_MS = 1_750_000_000_123
AT_MS = 1_756_381_906_587


def body(**location: Any) -> dict[str, Any]:
    """As Traccar Client 9.5.3 sends it."""
    return {
        "location": {
            "timestamp": "2025-08-28T11:51:46.587Z",
            "coords": {
                "latitude": -37.6998277,
                "longitude": 145.0686733,
                "accuracy": 4.32,
                "speed": 0.11,
                "heading": 158.44,
                "altitude": 103,
            },
            "is_moving": True,
            "odometer": 0,
            "battery": {"level": 0.88, "is_charging": False},
            "activity": {"type": "still"},
            **location,
        },
        "device_id": "82879256",
    }


def read(message: Any) -> Reading:
    return osmand.read_json(msgspec.json.encode(message), received_ms=NOW_MS)


def with_coords(**coords: Any) -> dict[str, Any]:
    message = body()
    message["location"]["coords"].update(coords)
    return message


def test_traccar_client_9_5_3() -> None:
    reading = read(body())
    location, state = reading.observations
    assert reading.device_id == "82879256"
    assert location.time_ms == state.time_ms == AT_MS
    assert location.fields == {
        "lat": -37.6998277,
        "lon": 145.0686733,
        "accuracy_m": 4.32,
        "speed_mps": 0.11,
        "bearing_deg": 158.44,
        "altitude_m": 103.0,
    }
    assert location.attributes == {
        "is_moving": True,
        "odometer": 0,
        "activity": {"type": "still"},
    }
    assert state.fields == {"battery": 0.88, "charging": False}


def test_minus_one_is_unknown() -> None:
    message = with_coords(accuracy=-1, speed=-1, heading=-1, altitude=-1)
    message["location"]["battery"] = {"level": -1}
    (location,) = read(message).observations
    assert set(location.fields) == {"lat", "lon"}


def test_the_rest_is_kept_where_it_was() -> None:
    message = with_coords(speed_accuracy=0.5, heading=400)
    message["location"].update(extras={"job": 7}, mock=False, event="motionchange", alarm="sos")
    message["location"]["battery"]["health"] = "good"
    said = read(message).observations[0].attributes
    assert said["coords"] == {"speed_accuracy": 0.5, "heading": 400}
    assert said["battery"] == {"health": "good"}
    assert said["extras"] == {"job": 7}
    assert (said["mock"], said["event"], said["alarm"]) == (False, "motionchange", "sos")


@pytest.mark.parametrize(("mock", "source"), [(True, "mock"), (False, None), ("yes", None)])
def test_a_made_up_position_is_marked(mock: Any, source: str | None) -> None:
    (location, *_) = read(body(mock=mock)).observations
    assert location.fields.get("source") == source
    assert location.attributes["mock"] == mock, "and what was said is kept"


@pytest.mark.parametrize("coords", [None, {}])
def test_heartbeat_without_a_fix(coords: Any) -> None:
    (state,) = read(body(coords=coords)).observations
    assert (state.kind, state.time_ms) == (Kind.DEVICE_STATE, AT_MS)
    assert state.attributes["is_moving"] is True


@pytest.mark.parametrize("message", [{}, {"device_id": 7}, {"location": {"battery": {}}}])
def test_nothing_to_keep_is_no_error(message: Any) -> None:
    reading = read(message)
    assert (reading.observations, reading.not_understood) == ((), ())


def test_without_timestamp_it_is_now() -> None:
    assert read(body(timestamp=None)).observations[0].time_ms == NOW_MS


def test_a_number_as_device_id() -> None:
    assert read({"device_id": 82879256}).device_id == "82879256"


@pytest.mark.parametrize(
    ("message", "reason", "field"),
    [
        (with_coords(latitude=-91), "out_of_range", "location.coords.latitude"),
        (with_coords(longitude=None), "missing", "location.coords.longitude"),
        (with_coords(longitude="2"), "wrong_type", "location.coords.longitude"),
        (body(timestamp="yesterday"), "not_a_time", "location.timestamp"),
        (body(timestamp=[]), "not_a_time", "location.timestamp"),
        (body(coords=[1, 2]), "wrong_type", "location.coords"),
        ({"location": 7}, "wrong_type", "location"),
        ([], "wrong_type", ""),
    ],
)
def test_what_is_not_understood(message: Any, reason: str, field: str) -> None:
    (fault,) = read(message).not_understood
    assert (fault.reason, fault.field) == (reason, field)
    assert fault.payload == msgspec.json.encode(message)


def test_a_battery_that_is_no_object_is_an_attribute() -> None:
    (location,) = read(body(battery=0.5)).observations
    assert location.attributes["battery"] == 0.5
