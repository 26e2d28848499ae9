"""OwnTracks in HTTP mode, message by message as the apps write them."""

from typing import Any

import msgspec
import pytest

from adapters.inbound.http.foreign import owntracks
from adapters.inbound.http.foreign.reading import NOTHING, Reading
from domain.kinds import Kind

ANDROID = "Owntracks-Android/gms/420600000"
IOS = "OwnTracks/18.4.1 CFNetwork/1568 Darwin/24.0.0"
AT_S = 1_730_000_000
AT_MS = AT_S * 1000


def read(message: Any, user_agent: str = ANDROID, **more: Any) -> Reading:
    return owntracks.read(msgspec.json.encode(message), user_agent=user_agent, **more)


def location(**said: Any) -> dict[str, Any]:
    return {"_type": "location", "tst": AT_S, "lat": 45.5, "lon": 13.7, **said}


def test_android_2_6_0_location() -> None:
    reading = read(
        location(
            acc=13, alt=154, vac=3, vel=36, cog=271, batt=72, bs=1, conn="w", m=1, t="u", tid="ab",
            source="fused", inregions=["Home"], created_at=AT_S + 3, _id="6f2a", topic="o/a/p",
        )
    )  # fmt: skip
    fix, state = reading.observations
    assert (fix.kind, fix.time_ms) == (Kind.LOCATION, AT_MS)
    assert fix.fields == {
        "lat": 45.5,
        "lon": 13.7,
        "accuracy_m": 13.0,
        "altitude_m": 154.0,
        "speed_mps": 10.0,
        "bearing_deg": 271.0,
        "source": "fused",
    }
    assert fix.attributes == {
        "vac": 3,
        "m": 1,
        "t": "u",
        "tid": "ab",
        "inregions": ["Home"],
        "created_at": AT_S + 3,
        "_id": "6f2a",
        "topic": "o/a/p",
    }
    assert (state.kind, state.time_ms) == (Kind.DEVICE_STATE, AT_MS)
    assert state.fields == {"battery": 0.72, "charging": False, "network": "wifi"}
    assert reading.not_understood == ()


def test_ios_location_with_unknowns() -> None:
    said = location(acc=-1, vel=-1, cog=-1, batt=-1, bs=0, p=101.3, motionactivities=["walking"])
    (fix,) = read(said, IOS).observations
    assert fix.fields == {"lat": 45.5, "lon": 13.7}
    assert fix.attributes == {"p": 101.3, "motionactivities": ["walking"]}


def test_what_android_leaves_out_is_zero() -> None:
    (fix,) = read(location()).observations
    assert fix.fields["accuracy_m"] == fix.fields["speed_mps"] == fix.fields["bearing_deg"] == 0.0


@pytest.mark.parametrize("user_agent", [IOS, "", "curl/8", "Overland/1.3 Android"])
def test_what_others_leave_out_is_unknown(user_agent: str) -> None:
    (fix,) = read(location(), user_agent).observations
    assert set(fix.fields) == {"lat", "lon"}


@pytest.mark.parametrize("absent", ["lat", "lon"])
@pytest.mark.parametrize("user_agent", [ANDROID, IOS])
def test_a_missing_coordinate_is_zero(absent: str, user_agent: str) -> None:
    message = location()
    del message[absent]
    (fix,) = read(message, user_agent).observations
    assert fix.fields[absent] == 0.0


@pytest.mark.parametrize(
    ("bs", "charging"), [(0, None), (1, False), (2, True), (3, True), (9, None), (True, None)]
)
def test_battery_status(bs: Any, charging: bool | None) -> None:
    observations = read(location(bs=bs, batt=50)).observations
    assert observations[1].fields.get("charging") is charging


@pytest.mark.parametrize(("conn", "network"), [("w", "wifi"), ("o", "offline"), ("m", "mobile")])
def test_connection(conn: str, network: str) -> None:
    assert read(location(conn=conn)).observations[1].fields == {"network": network}


def test_impossible_optional_values_become_attributes() -> None:
    said = {"acc": "far", "vel": 1e9, "cog": 400, "batt": 250, "bs": 7, "conn": ["w"], "alt": True}
    (fix,) = read(location(**said)).observations
    assert fix.fields == {"lat": 45.5, "lon": 13.7}
    assert fix.attributes == said


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"lat": 91}, "out_of_range", "lat"),
        ({"lon": -180.5}, "out_of_range", "lon"),
        ({"lat": "45.5"}, "wrong_type", "lat"),
        ({"lat": True}, "wrong_type", "lat"),
        ({"lat": None}, "missing", "lat"),
        ({"lat": 10**30}, "out_of_range", "lat"),
        ({"tst": None}, "missing", "tst"),
        ({"tst": "now"}, "not_a_time", "tst"),
        ({"tst": 0}, "out_of_range", "tst"),
        ({"tst": 1e300}, "out_of_range", "tst"),
        # Overland's OwnTracks mode counts from 2001 where OwnTracks counts from 1970.
        ({"tst": AT_S - 978_307_200}, "out_of_range", "tst"),
        ({"_type": "mystery"}, "unknown_type", "_type"),
        ({"_type": ["location"]}, "wrong_type", "_type"),
        ({"_type": None}, "missing", "_type"),
    ],
)
def test_what_is_not_understood(change: dict[str, Any], reason: str, field: str) -> None:
    body = msgspec.json.encode(location(**change))
    reading = owntracks.read(body, user_agent=ANDROID)
    (fault,) = reading.not_understood
    assert (fault.reason, fault.field, fault.payload) == (reason, field, body)
    assert reading.observations == ()


def test_transition() -> None:
    message = {
        "_type": "transition", "event": "leave", "desc": "School", "wtst": 1, "tst": AT_S, "t": "c",
        "acc": 20, "lat": 45.5, "lon": 13.7, "tid": "ab",
    }  # fmt: skip
    (passage,) = read(message).observations
    assert (passage.kind, passage.time_ms) == (Kind.PLACE_TRANSITION, AT_MS)
    assert passage.fields == {"place": "School", "event": "leave"}
    assert passage.attributes["lat"] == 45.5


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"desc": None}, "missing", "desc"),
        ({"desc": "x" * 201}, "too_long", "desc"),
        ({"event": "dwell"}, "not_a_choice", "event"),
    ],
)
def test_transition_at_fault(change: dict[str, Any], reason: str, field: str) -> None:
    message = {"_type": "transition", "event": "enter", "desc": "Home", "tst": AT_S, **change}
    (fault,) = read(message).not_understood
    assert (fault.reason, fault.field) == (reason, field)


@pytest.mark.parametrize("type_", ["waypoint", "waypoints", "status", "steps", "lwt", "card"])
def test_kept_as_document(type_: str) -> None:
    message = {"_type": type_, "tst": AT_S, "desc": "Home"}
    (kept,) = read(message).observations
    assert (kept.kind, kept.time_ms) == (Kind.DOCUMENT, AT_MS)
    assert kept.fields == {"source": "owntracks", "body": message}


def test_android_status_has_no_time_of_its_own() -> None:
    message = {"_type": "status", "_id": "x", "android": {"wifi": 1, "ps": 0, "loc": 1}}
    assert read(message) == NOTHING
    (kept,) = read(message, received_ms=AT_MS).observations
    assert kept.time_ms == AT_MS


@pytest.mark.parametrize("type_", ["cmd", "dump", "configuration", "beacon", "request"])
def test_valid_and_not_kept(type_: str) -> None:
    assert read({"_type": type_, "configuration": {"password": "secret"}}) == NOTHING


@pytest.mark.parametrize("body", [b"", b" \r\n", b"[]"])
def test_empty_body(body: bytes) -> None:
    assert owntracks.read(body, user_agent=IOS) == NOTHING


def test_array_keeps_the_good_and_names_the_bad() -> None:
    body = b'[{"_type":"location","tst":1730000000}, {"_type":"location"} ,7]'
    reading = owntracks.read(body, user_agent=IOS)
    assert len(reading.observations) == 1
    assert [(bad.reason, bad.field, bad.payload) for bad in reading.not_understood] == [
        ("missing", "tst", b'{"_type":"location"}'),
        ("wrong_type", "", b"7"),
    ]
