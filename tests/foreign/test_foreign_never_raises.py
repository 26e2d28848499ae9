"""Whatever the bytes are, they give a reading, and all in it keeps the bounds of the domain."""

import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.inbound.http.foreign import activitywatch, osmand, overland, owntracks
from adapters.inbound.http.foreign.attributes import MAX_BYTES, MAX_ENTRIES
from adapters.inbound.http.foreign.reading import ForeignObservation, Reading, Reason
from domain.fields import FieldSpec, FieldType, specs_of
from domain.observations import EARLIEST_TIME_MS, OBSERVATION_CLASSES

NOW_MS = 1_750_000_000_000
Reader = Callable[[bytes], Reading]

READERS: dict[str, Reader] = {
    "owntracks": lambda body: owntracks.read(body, user_agent="owntracks android", key=b"key"),
    "owntracks-ios": lambda body: owntracks.read(body, user_agent="", received_ms=NOW_MS),
    "osmand-query": lambda body: osmand.read_query(body, received_ms=NOW_MS),
    "osmand-json": lambda body: osmand.read_json(body, received_ms=NOW_MS),
    "overland": overland.read,
    "aw-window": lambda body: activitywatch.read_events("currentwindow", "h", body),
    "aw-afk": lambda body: activitywatch.read_events("afkstatus", "h", body),
    "aw-web": lambda body: activitywatch.read_events("web.tab.current", "h", body),
    "aw-other": lambda body: activitywatch.read_events("other", "", body),
}
every_reader = pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())

WORDS = st.sampled_from(
    ["location", "transition", "waypoint", "encrypted", "enter", "afk", "w", "charging", "true"]
)
TIMES = st.sampled_from([1_730_000_000, 1_730_000_000_000, "2024-10-27T03:33:20Z", 0, -1, 1e300])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-200, 200)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | WORDS
    | TIMES
)
AGENTS_NAMES = """
    _type tst lat lon acc alt vel cog batt bs conn desc event data source created_at
    device_id location timestamp coords latitude longitude accuracy speed heading altitude
    battery level is_charging locations current properties geometry coordinates motion
    battery_level battery_state wifi action type duration app title status url browser
"""
KEYS = st.sampled_from(AGENTS_NAMES.split())
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=8)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=40,
)
LIKELY = st.dictionaries(KEYS, SCALARS | JSON, max_size=16) | st.fixed_dictionaries(
    {"_type": WORDS, "tst": TIMES, "timestamp": TIMES, "data": JSON, "location": JSON},
    optional={"lat": SCALARS, "lon": SCALARS, "locations": st.lists(JSON, max_size=4)},
)
PAIRS = st.lists(
    st.tuples(KEYS | st.sampled_from(["id", "charge", "bearing", "cell"]), SCALARS.map(str)).map(
        "=".join
    ),
    max_size=12,
).map("&".join)


def is_within(value: Any, spec: FieldSpec) -> bool:
    if spec.type in (FieldType.NUMBER, FieldType.INTEGER):
        wanted = float if spec.type is FieldType.NUMBER else int
        assert spec.low is not None and spec.high is not None
        return type(value) is wanted and spec.low <= value <= spec.high
    if spec.type is FieldType.TEXT:
        return isinstance(value, str) and len(value) <= (spec.max_length or 0)
    if spec.type is FieldType.CHOICE:
        return value in spec.choices
    if spec.type is FieldType.FLAG:
        return isinstance(value, bool)
    return len(msgspec.json.encode(value)) <= (spec.max_length or 0)


def assert_observation_is_sound(seen: ForeignObservation) -> None:
    specs = {spec.name: spec for spec in specs_of(OBSERVATION_CLASSES[seen.kind])}
    assert type(seen.time_ms) is int
    assert seen.time_ms >= EARLIEST_TIME_MS
    assert {name for name, spec in specs.items() if spec.required} <= set(seen.fields)
    for name, value in seen.fields.items():
        assert is_within(value, specs[name]), (name, value)
    assert len(seen.attributes) <= MAX_ENTRIES
    assert len(msgspec.json.encode(seen.attributes)) <= MAX_BYTES


def assert_sound(reading: Reading, body: bytes) -> None:
    for seen in reading.observations:
        assert_observation_is_sound(seen)
    for fault in reading.not_understood:
        assert isinstance(fault.reason, Reason)
        assert fault.payload in body


@every_reader
@settings(max_examples=120, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes(read: Reader, body: bytes) -> None:
    assert_sound(read(body), body)


@every_reader
@settings(max_examples=120, deadline=None)
@given(value=LIKELY | JSON | st.lists(LIKELY, max_size=4))
def test_any_json(read: Reader, value: Any) -> None:
    body = msgspec.json.encode(value)
    assert_sound(read(body), body)


@settings(max_examples=500, deadline=None)
@given(query=PAIRS | st.text(max_size=100))
def test_any_query(query: str) -> None:
    body = query.encode()
    assert_sound(osmand.read_query(body, received_ms=NOW_MS), body)


HOSTILE = {
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep data": b'{"_type":"waypoint","tst":1730000000,"timestamp":"2024-10-27T03:33:20Z","data":'
    + b"[" * 900
    + b"]" * 900
    + b"}",
    "nan": b'{"_type":"location","tst":NaN}',
    "infinity": b'{"_type":"location","tst":1730000000,"lat":Infinity}',
    "beyond a float": b'{"_type":"location","tst":1e999}',
    "huge integer": b'{"_type":"location","tst":1730000000,"lat":' + b"9" * 4000 + b"}",
    "huge attribute": b'{"_type":"location","tst":1730000000,"x":' + b"9" * 4000 + b"}",
    "huge speed": b'{"_type":"location","tst":1730000000,"vel":' + b"9" * 400 + b"}",
    "absurd integer": b'{"_type":"location","tst":' + b"9" * 100_000 + b"}",
    "not utf-8": b'{"_type":"\xff"}',
    "surrogate": b'{"_type":"\\ud800"}',
    "bom": b"\xef\xbb\xbf{}",
    "long key": b'{"' + b"k" * 1_000_000 + b'":1}',
    "scalar": b"7",
    "null": b"null",
    "trailing": b"{} {}",
}


@every_reader
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies(read: Reader, body: bytes) -> None:
    assert_sound(read(body), body)


@every_reader
def test_hostile_depth_with_little_stack_left(read: Reader) -> None:
    body = HOSTILE["deep data"]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit - 200)
    try:
        assert_sound(read(body), body)
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not_json"),
        (b'{"_type":"\xff"}', "not_utf8"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":1e999}', "out_of_range"),
        (b"7", "wrong_type"),
        (b"[" + b"1," * 10_000 + b"1]", "too_many"),
    ],
)
def test_reason_of_a_whole_body(body: bytes, reason: str) -> None:
    (fault,) = owntracks.read(body, user_agent="").not_understood
    assert (fault.reason, fault.field, fault.payload) == (reason, "", body)
