"""The OsmAnd protocol as query string and form, from each agent that speaks it."""

import pytest

from adapters.inbound.http.foreign import osmand
from adapters.inbound.http.foreign.reading import NOTHING, ForeignObservation, Reading
from domain.kinds import Kind

NOW_MS = 1_750_000_000_123
AT_MS = 1_730_000_000_000


def read(query: str) -> Reading:
    return osmand.read_query(query.encode(), received_ms=NOW_MS)


def fix(query: str) -> ForeignObservation:
    reading = read(query)
    assert reading.not_understood == ()
    assert reading.observations[0].kind is Kind.LOCATION
    return reading.observations[0]


def test_traccar_client_android_7_9_query_in_seconds_and_knots() -> None:
    reading = read(
        "id=82879256&timestamp=1730000000&lat=-35.5555277&lon=145.5555733&speed=10.0"
        "&bearing=26.2&altitude=103.0&accuracy=22.9&batt=72.0"
    )
    location, state = reading.observations
    assert reading.device_id == "82879256"
    assert location.time_ms == state.time_ms == AT_MS
    assert location.fields == {
        "lat": -35.5555277,
        "lon": 145.5555733,
        "speed_mps": pytest.approx(5.144444, abs=1e-6),
        "bearing_deg": 26.2,
        "altitude_m": 103.0,
        "accuracy_m": 22.9,
    }
    assert location.attributes == {}
    assert (state.kind, state.fields) == (Kind.DEVICE_STATE, {"battery": 0.72})


def test_traccar_client_10_heartbeat_without_a_fix() -> None:
    (state,) = read("id=1&timestamp=1730000000&batt=40&charge=true&alarm=sos").observations
    assert (state.kind, state.time_ms) == (Kind.DEVICE_STATE, AT_MS)
    assert state.fields == {"battery": 0.4, "charging": True}
    assert state.attributes == {"alarm": "sos"}


@pytest.mark.parametrize(
    "query", ["", "&&", "id=1", "deviceid=1&timestamp=1730000000", "lat=&lon="]
)
def test_nothing_to_keep_is_no_error(query: str) -> None:
    reading = read(query)
    assert (reading.observations, reading.not_understood) == ((), ())
    assert reading.device_id in (None, "1")


def test_osmand_and_gpslogger_attributes() -> None:
    said = fix(
        "deviceid=a&lat=1&lon=2&hdop=1.5&valid=false&driverUniqueId=007&code=007&sat=7"
        "&cell=310%2C410%2C1%2C2&wifi=aa-bb,-60&note=a+b%20c&serial=12345678901234567890"
    ).attributes
    assert said == {
        "hdop": 1.5,
        "valid": False,
        "driverUniqueId": "007",
        "code": "007",
        "sat": 7,
        "cell": "310,410,1,2",
        "wifi": "aa-bb,-60",
        "note": "a b c",
        "serial": "12345678901234567890",
    }


@pytest.mark.parametrize(
    ("timestamp", "time_ms"),
    [
        ("1730000000", AT_MS),
        ("1730000000123", AT_MS + 123),
        ("2147483646", 2_147_483_646_000),
        ("2147483647", None),  # 2^31-1 is already milliseconds: January 1970
        ("2024-10-27T03:33:20Z", AT_MS),
        ("2024-10-27T03:33:20.5Z", AT_MS + 500),
        ("2024-10-27T05:33:20%2B02:00", AT_MS),
        ("2024-10-27T05:33:20+02:00", AT_MS),  # a "+" that was not escaped
        ("2024-10-27 03:33:20", AT_MS),
        ("2024-10-27+03:33:20", AT_MS),
    ],
)
def test_timestamp(timestamp: str, time_ms: int | None) -> None:
    reading = read(f"lat=1&lon=2&timestamp={timestamp}")
    assert [seen.time_ms for seen in reading.observations] == [time_ms] * (time_ms is not None)


def test_without_timestamp_it_is_now() -> None:
    assert fix("lat=1&lon=2").time_ms == NOW_MS


def test_location_in_one_value() -> None:
    assert fix("location=1.5%2C-2.5").fields == {"lat": 1.5, "lon": -2.5}


@pytest.mark.parametrize(("mock", "source"), [("true", "mock"), ("1", "mock"), ("false", None)])
def test_a_made_up_position_is_marked(mock: str, source: str | None) -> None:
    assert fix(f"lat=1&lon=2&mock={mock}").fields.get("source") == source


def test_of_repeated_keys_the_first_wins() -> None:
    reading = read("id=1&id=2&lat=1&lat=9&lon=2&x=a&x=b")
    assert reading.device_id == "1"
    assert reading.observations[0].fields["lat"] == 1.0
    assert reading.observations[0].attributes == {"x": "a"}


def test_heading_is_bearing() -> None:
    assert fix("lat=1&lon=2&heading=90").fields["bearing_deg"] == 90.0


def test_negative_is_unknown_but_not_for_the_altitude() -> None:
    location = fix("lat=1&lon=2&speed=-1&bearing=-1&accuracy=-1&altitude=-1&batt=-1")
    assert location.fields == {"lat": 1.0, "lon": 2.0, "altitude_m": -1.0}
    assert location.attributes == {}


@pytest.mark.parametrize(
    ("charge", "charging"), [("true", True), ("false", False), ("1", True), ("0", False)]
)
def test_charge(charge: str, charging: bool) -> None:
    assert read(f"charge={charge}").observations[0].fields == {"charging": charging}


def test_impossible_optional_values_become_attributes() -> None:
    location = fix("lat=1&lon=2&speed=NaN&bearing=361&accuracy=1e9&altitude=high&batt=101&charge=?")
    assert location.fields == {"lat": 1.0, "lon": 2.0}
    assert location.attributes == {
        "speed": "NaN",
        "bearing": 361,
        "accuracy": "1e9",
        "altitude": "high",
        "batt": 101,
        "charge": "?",
    }


@pytest.mark.parametrize(
    ("query", "reason", "field"),
    [
        ("lat=91&lon=2", "out_of_range", "lat"),
        ("lat=1e999&lon=2", "out_of_range", "lat"),
        ("lat=NaN&lon=2", "wrong_type", "lat"),
        ("lat=1_0&lon=2", "wrong_type", "lat"),
        ("lat=%D9%A1&lon=2", "wrong_type", "lat"),
        ("lat=1", "missing", "lon"),
        ("lon=1", "missing", "lat"),
        ("location=1.5", "wrong_type", "location"),
        ("lat=1&lon=2&timestamp=soon", "not_a_time", "timestamp"),
        ("lat=1&lon=2&timestamp=2024-13-01T00:00:00Z", "not_a_time", "timestamp"),
        ("lat=1&lon=2&timestamp=0", "out_of_range", "timestamp"),
        ("lat=1&lon=2&timestamp=999999999999999999", "out_of_range", "timestamp"),
        ("&".join(f"k{i}=1" for i in range(300)), "too_many", ""),
    ],
)
def test_what_is_not_understood(query: str, reason: str, field: str) -> None:
    reading = read(query)
    (fault,) = reading.not_understood
    assert (fault.reason, fault.field, fault.payload) == (reason, field, query.encode())
    assert reading.observations == ()


def test_invalid_utf8() -> None:
    (fault,) = osmand.read_query(b"id=\xff", received_ms=NOW_MS).not_understood
    assert fault.reason == "not_utf8"


def test_a_wrongly_escaped_attribute_does_not_cost_the_fix() -> None:
    assert fix("lat=1&lon=2&note=caf%E9").attributes == {"note": "caf\ufffd"}


@pytest.mark.parametrize("query", ["id=" + "9" * 300, "id="])
def test_an_absurd_id_is_none(query: str) -> None:
    assert read(query).device_id is None


def test_empty() -> None:
    assert read("") == NOTHING
