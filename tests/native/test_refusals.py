"""What is refused of a batch, by index, field and reason, and what stops a batch as a whole."""

import json
from typing import Any

import fieldpost_native as native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kinds import Kind
from tests.native.generated import EARLIEST_MS, LATEST_MS, Batch, batches

AT = "2026-01-02T03:04:05Z"
VALID: dict[str, dict[str, Any]] = {
    "location": {"time": AT, "lat": 1, "lon": 2},
    "message": {"time": AT, "direction": "sent", "channel": "sms", "counterpart": "+1"},
    "traffic": {"time": AT, "interface": "wifi", "sent_bytes": 1, "received_bytes": 2},
    "device_state": {"time": AT},
    "document": {"time": AT, "source": "s", "body": 1},
}


def refusals(kind: str, text: str, foreign: bool = False) -> list[tuple[int, str, str]]:
    encoded = native.encode_json(kind, text.encode(), EARLIEST_MS, LATEST_MS, foreign=foreign)
    assert encoded.refused_count == len(encoded.refused)
    return encoded.refused


def refusal(kind: str, changes: str, foreign: bool = False) -> tuple[str, str] | None:
    """Of a valid observation with members, as JSON text, in place of its own."""
    names = json.loads("{" + changes + "}")
    kept = {name: value for name, value in VALID[kind].items() if name not in names}
    members = [json.dumps(kept)[1:-1], changes]
    found = refusals(kind, "[{" + ", ".join(filter(None, members)) + "}]", foreign)
    return (found[0][1], found[0][2]) if found else None


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("location", '"lat": null', ("lat", "missing")),
        ("location", '"time": null', ("time", "missing")),
        ("location", '"accuracy_m": null', None),
        ("location", '"height": 1', ("height", "unknown_field")),
        ("location", '"time_ms": 1767323045000', ("time_ms", "unknown_field")),
        ("location", '"attributes": {}', ("attributes", "unknown_field")),
        ("location", '"' + "x" * 99 + '": 1', ("x" * 64, "unknown_field")),
        ("location", '"lat": "1"', ("lat", "wrong_type")),
        ("location", '"lat": true', ("lat", "wrong_type")),
        ("location", '"lat": [1]', ("lat", "wrong_type")),
        ("location", '"lat": 90.0000001', ("lat", "out_of_range")),
        ("location", '"lat": 90.00000001', ("lat", "out_of_range")),
        ("location", '"lat": -90.00000000000000000000000001', ("lat", "out_of_range")),
        ("location", '"lat": 1e999', ("lat", "out_of_range")),
        ("location", '"lat": -1e99999999999', ("lat", "out_of_range")),
        ("location", '"lat": 1e-999', None),
        ("location", '"lat": 89.99999999999999999999', None),
        ("location", '"speed_mps": -0.0', None),
        ("location", '"speed_mps": -0.0000001', ("speed_mps", "out_of_range")),
        ("location", '"source": ""', None),
        ("location", '"source": 5', ("source", "wrong_type")),
        ("location", '"source": "a\\u0000"', ("source", "wrong_type")),
        ("location", '"source": "\\ud83d"', ("source", "wrong_type")),
        ("location", '"source": "\\ude00\\ud83d"', ("source", "wrong_type")),
        ("location", '"source": "' + "é" * 64 + '"', None),
        ("location", '"source": "' + "é" * 65 + '"', ("source", "too_long")),
        ("message", '"counterpart": ""', ("counterpart", "empty")),
        ("message", '"direction": "Sent"', ("direction", "not_a_choice")),
        ("message", '"direction": 1', ("direction", "wrong_type")),
        ("message", '"size_bytes": 5.0', None),
        ("message", '"size_bytes": 50e-1', None),
        ("message", '"size_bytes": 5.5', ("size_bytes", "wrong_type")),
        ("message", '"size_bytes": -1', ("size_bytes", "out_of_range")),
        ("traffic", '"sent_bytes": 9007199254740991', None),
        ("traffic", '"sent_bytes": 9007199254740992', ("sent_bytes", "out_of_range")),
        ("traffic", '"sent_bytes": 123456789012345678901234567890', ("sent_bytes", "out_of_range")),
        ("device_state", '"charging": 1', ("charging", "wrong_type")),
        ("device_state", '"charging": false', None),
        ("document", '"body": null', ("body", "missing")),
        ("document", '"body": "\\ud800"', ("body", "wrong_type")),
        ("document", '"body": {"a": [1e400]}', ("body", "out_of_range")),
        ("document", '"body": "' + "a" * 65_534 + '"', None),
        ("document", '"body": "' + "a" * 65_535 + '"', ("body", "too_long")),
        ("document", '"body": "' + "é" * 32_768 + '"', ("body", "too_long")),
    ],
)
def test_reasons(kind: str, changes: str, expected: tuple[str, str] | None) -> None:
    assert refusal(kind, changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ('"time_ms": 5', ("time_ms", "duplicate_field")),
        ('"attributes": {"a": 1}', None),
        ('"attributes": [1]', ("attributes", "wrong_type")),
        ('"attributes": "{}"', ("attributes", "wrong_type")),
        ('"attributes": {"a": "' + "x" * 8_184 + '"}', None),
        ('"attributes": {"a": "' + "x" * 8_185 + '"}', ("attributes", "too_long")),
    ],
)
def test_reasons_for_foreign_agents(changes: str, expected: tuple[str, str] | None) -> None:
    assert refusal("location", changes, foreign=True) == expected


@pytest.mark.parametrize(
    ("time", "expected_ms"),
    [
        ("2026-01-02T03:04:05Z", 1_767_323_045_000),
        ("2026-01-02 03:04:05.9999999Z", 1_767_323_045_999),
        ("2026-01-02t05:34:05.1+02:30", 1_767_323_045_100),
        ("2026-01-01T23:04:05.12-04:00", 1_767_323_045_120),
        ("2026-01-02T03:04:60Z", 1_767_323_099_999),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ("2000-02-29T00:00:00-00:00", 951_782_400_000),
    ],
)
def test_times(time: str, expected_ms: int) -> None:
    text = json.dumps([{"time": time, "lat": 1, "lon": 2}]).encode()
    assert native.encode_json("location", text, EARLIEST_MS, LATEST_MS).first_ms == expected_ms


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        ('"1999-12-31T23:59:59.999Z"', "too_early"),
        ('"2100-01-01T00:00:00.001Z"', "too_late"),
        ('"9999-12-31T23:59:59-23:59"', "too_late"),
        ('"0000-01-01T00:00:00+23:59"', "too_early"),
        ("1767323045000", "wrong_type"),
        ('"2026-02-29T00:00:00Z"', "not_a_time"),
        ('"2100-02-29T00:00:00Z"', "not_a_time"),
        ('"2026-13-01T00:00:00Z"', "not_a_time"),
        ('"2026-00-01T00:00:00Z"', "not_a_time"),
        ('"2026-01-32T00:00:00Z"', "not_a_time"),
        ('"2026-01-02T24:00:00Z"', "not_a_time"),
        ('"2026-01-02T00:60:00Z"', "not_a_time"),
        ('"2026-01-02T00:00:61Z"', "not_a_time"),
        ('"2026-01-02T00:00:00"', "not_a_time"),
        ('"2026-01-02T00:00:00.Z"', "not_a_time"),
        ('"2026-01-02T00:00:00+24:00"', "not_a_time"),
        ('"2026-01-02T00:00:00+0100"', "not_a_time"),
        ('"2026-01-02T00:00:00Zulu"', "not_a_time"),
        ('"2026-01-02"', "not_a_time"),
        ('""', "not_a_time"),
        ('"\\ud800"', "not_a_time"),
    ],
)
def test_times_that_are_refused(time: str, reason: str) -> None:
    assert refusals("location", f'[{{"time": {time}, "lat": 1, "lon": 2}}]') == [
        (0, "time", reason)
    ]


def test_time_in_milliseconds_is_for_foreign_agents() -> None:
    def reason(value: str) -> str | None:
        found = refusals("presence", f'[{{"time_ms": {value}, "status": "away"}}]', foreign=True)
        return found[0][2] if found else None

    assert reason("1767323045000") is None
    assert reason("1767323045000.5") == "wrong_type"
    assert reason('"1767323045000"') == "wrong_type"
    assert reason("1") == "too_early"
    assert reason("5000000000000") == "too_late"
    assert reason("1e300") == "out_of_range"


def test_the_valid_ones_are_kept_and_the_first_fault_is_named() -> None:
    good = json.dumps(VALID["location"])
    twice = '{"lat": 1, "l\\u0061t": 2, "lon": "x"}'
    text = f'[{good}, 4, {twice}, {{"lon": 1}}, [], {good}, {{"lon": true, "lat": 1}}]'
    encoded = native.encode_json("location", text.encode(), EARLIEST_MS, LATEST_MS)
    assert encoded.count == 2
    assert encoded.refused == [
        (1, "", "wrong_type"),
        (2, "lat", "duplicate_field"),
        (3, "time", "missing"),
        (4, "", "wrong_type"),
        (6, "lon", "wrong_type"),
    ]
    few = native.encode_json("location", text.encode(), EARLIEST_MS, LATEST_MS, max_refusals=2)
    assert (len(few.refused), few.refused_count) == (2, 5)


MALFORMED = [
    b"",
    b" ",
    b"{}",
    b'"a"',
    b"[",
    b"[1",
    b"[1,",
    b"[1,]",
    b"[,1]",
    b"[1 2]",
    b"[]]",
    b"[] x",
    b"\xef\xbb\xbf[]",
    b"[nul]",
    b"[NaN]",
    b"[Infinity]",
    b"[-Infinity]",
    b"[01]",
    b"[-]",
    b"[+1]",
    b"[.5]",
    b"[1.]",
    b"[1e]",
    b"[1e+]",
    b"[0x1]",
    b"['a']",
    b'["a',
    b'["\\',
    b'["\\x"]',
    b'["\\u12g4"]',
    b'["\\u12',
    b'["\n"]',
    b'["\x00"]',
    b"[\x00]",
    b"[\x0b1]",
    b"[{]",
    b'[{"a"}]',
    b'[{"a" 1}]',
    b'[{"a":}]',
    b'[{"a":1,}]',
    b"[{a:1}]",
    b"[{1:1}]",
    b'[{"a":1]',
    b"[//\n]",
    b'["\xff"]',
    b'["\xc0\xaf"]',
    b'["\xed\xa0\x80"]',
    b'["\xf4\x90\x80\x80"]',
    b'["\xe2\x82"]',
    b"[" * 33 + b"]" * 33,
    b'[{"body":' + b"[" * 31 + b"]" * 31 + b"}]",
    b"[" * 100_000,
]


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed(text: bytes) -> None:
    for kind in ("location", "document"):
        with pytest.raises(native.Malformed, match=r"^byte \d+: "):
            native.encode_json(kind, text, EARLIEST_MS, LATEST_MS)


def test_a_fault_after_an_invalid_observation_is_still_malformed() -> None:
    with pytest.raises(native.Malformed, match="byte 13: "):
        native.encode_json("location", b'[{"lat": 99} }', EARLIEST_MS, LATEST_MS)
    with pytest.raises(native.Malformed, match="byte 11: not UTF-8"):
        native.encode_json("location", b'[{"lat": "\xc3\xa9\xff"}]'[1:], 0, 1)


def test_thirty_two_brackets_are_not_too_deep() -> None:
    assert refusals("location", "[" * 32 + "]" * 32) == [(0, "", "wrong_type")]
    assert refusal("document", '"body": ' + "[" * 30 + "]" * 30) is None


def test_too_many_and_unknown() -> None:
    with pytest.raises(native.TooMany):
        native.encode_json("location", b"[1,2,3]", 0, 1, max_observations=2)
    assert native.encode_json("location", b"[1,2]", 0, 1, max_observations=2).refused_count == 2
    with pytest.raises(ValueError, match="unknown kind: nothing"):
        native.encode_json("nothing", b"[]", 0, 1)
    assert issubclass(native.TooMany, ValueError)
    assert issubclass(native.Malformed, ValueError)


@given(batch=batches(list(Kind), max_size=4), data=st.data())
@settings(max_examples=300, deadline=None)
def test_any_text_is_encoded_or_refused(batch: Batch, data: st.DataObject) -> None:
    text = bytearray(batch.json)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
        if not text:
            return
    try:
        encoded = native.encode_json(batch.kind, bytes(text), EARLIEST_MS, LATEST_MS, foreign=True)
    except (native.Malformed, native.TooMany):
        return
    json.loads(text)
    if encoded.block:
        native.validate(encoded.block)
