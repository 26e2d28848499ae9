"""What a document holds becomes what a field may hold, or the reason why not."""

from typing import Any

import pytest

from domain.mapping_definition import TimeFormat
from domain.mapping_values import Unfit, time_value
from tests.domain.mapping_language import NOW_MS, made


def fields(value: Any, name: str, **how: Any) -> dict[str, Any]:
    """Of a device state of which one field is taken from the document."""
    result = made({"v": value}, {"kind": "device_state", "fields": {name: {"path": "v", **how}}})
    assert result.faults == [], result.faults
    (one,) = result.observed
    assert one.row.pop("time_ms") == NOW_MS
    return one.row


def fault(value: Any, name: str, **how: Any) -> str:
    result = made({"v": value}, {"kind": "device_state", "fields": {name: {"path": "v", **how}}})
    (found,) = result.faults
    assert found.field == f"rules[0].fields.{name}"
    assert result.observed == []
    return found.reason


@pytest.mark.parametrize(
    ("value", "name", "how", "field"),
    [
        (0.5, "battery", {}, 0.5),
        (1, "battery", {}, 1),
        ("0.5", "battery", {}, 0.5),
        (" 5e-1 ", "battery", {}, 0.5),
        (55, "battery", {"scale": 0.01}, 0.55),
        ("55", "battery", {"scale": 0.01, "offset": 0.1}, 0.65),
        ("half", "battery", {"values": {"half": 0.5}}, 0.5),
        ("half", "battery", {"values": {"half": 50}, "scale": 0.01}, 0.5),
        (2, "battery", {"values": {"2": 0.5}}, 0.5),
        (2.0, "battery", {"values": {"2": 0.5}}, 0.5),
        (True, "battery", {"values": {"true": 1}}, 1),
        ("?", "battery", {"values": {"half": 0.5}, "default": 0}, 0),
        (None, "battery", {"default": 0.25, "scale": 0.01}, 0.25),
        (3, "storage_free_bytes", {}, 3),
        (3.0, "storage_free_bytes", {}, 3),
        (1.5004, "storage_free_bytes", {"scale": 1000}, 1500),
        (True, "charging", {}, True),
        ("on", "charging", {"values": {"on": True, "off": False}}, True),
        ("wifi", "network", {}, "wifi"),
        (5, "network", {}, "5"),
        (5.5, "network", {}, "5.5"),
        ("", "network", {}, ""),
    ],
)
def test_what_fits(value: Any, name: str, how: dict[str, Any], field: Any) -> None:
    found = fields(value, name, **how)[name]
    assert found == pytest.approx(field) if isinstance(field, float) else found == field
    assert isinstance(found, bool) == isinstance(field, bool)


@pytest.mark.parametrize(
    ("value", "how"),
    [(None, {}), ("unknown", {"values": {"unknown": None, "half": 0.5}})],
)
def test_what_is_not_said_is_left_out(value: Any, how: dict[str, Any]) -> None:
    assert fields(value, "battery", **how) == {}


@pytest.mark.parametrize(
    ("value", "name", "how", "words"),
    [
        (1.5, "battery", {}, "must be from 0 to 1"),
        (55, "battery", {}, "must be from 0 to 1"),
        ("x", "battery", {}, "is text, not a number"),
        ("nan", "battery", {}, "is text, not a number"),
        ("1_0", "battery", {}, "is text, not a number"),
        (True, "battery", {}, "is true or false, not a number"),
        ([1], "battery", {}, "is a list, not a number"),
        ({}, "battery", {}, "is an object, not a number"),
        (float("inf"), "battery", {}, "beyond all numbers"),
        (10**400, "battery", {}, "beyond all numbers"),
        (1e308, "battery", {"scale": 1e10}, "beyond all numbers"),
        ("x", "battery", {"values": {"half": 0.5}}, "“x” is not in the table"),
        ({}, "battery", {"values": {"half": 0.5}}, "only plain values"),
        (3.5, "storage_free_bytes", {}, "no whole number"),
        (1e308, "storage_free_bytes", {"scale": 1e10}, "beyond all numbers"),
        (-1, "storage_free_bytes", {}, "must be from 0"),
        ("true", "charging", {}, "is text, not true or false"),
        (1, "charging", {}, "is a number, not true or false"),
        ("x" * 65, "network", {}, "more than 64 characters"),
        (False, "network", {}, "is true or false, not text"),
        ("a\0", "network", {}, "no text may have"),
        ("\ud800", "network", {}, "no text may have"),
    ],
)
def test_what_does_not_fit_says_why(value: Any, name: str, how: dict[str, Any], words: str) -> None:
    assert words in fault(value, name, **how)


@pytest.mark.parametrize(
    ("form", "found", "time_ms"),
    [
        ("rfc3339", "2026-01-31T12:00:00Z", 1_769_860_800_000),
        ("rfc3339", "2026-01-31T13:00:00.5+01:00", 1_769_860_800_500),
        ("epoch_s", 1_769_860_800, 1_769_860_800_000),
        ("epoch_s", 1_769_860_800.5, 1_769_860_800_500),
        ("epoch_s", "1769860800", 1_769_860_800_000),
        ("epoch_ms", 1_769_860_800_001, 1_769_860_800_001),
    ],
)
def test_times(form: str, found: Any, time_ms: int) -> None:
    assert time_value(TimeFormat(form), found) == time_ms


@pytest.mark.parametrize(
    ("form", "found", "words"),
    [
        ("rfc3339", None, "says nothing"),
        ("rfc3339", 5, "is a number, not a time"),
        ("rfc3339", "yesterday", "is no time"),
        ("rfc3339", "2026-01-31T12:00:00", "offset from UTC"),
        ("epoch_s", "2026-01-31", "is text, not a number"),
        ("epoch_s", 1e300, "beyond the calendar"),
        ("epoch_ms", True, "true or false"),
        ("epoch_ms", float("inf"), "beyond all numbers"),
    ],
)
def test_times_that_cannot_be(form: str, found: Any, words: str) -> None:
    with pytest.raises(Unfit, match=words):
        time_value(TimeFormat(form), found)
