"""What is wrong with a definition is said of its place, all of it at once."""

from typing import Any

import pytest

from domain.mapping import MAX_EXPRESSION, MAX_RULES, MAX_VALUES
from domain.mapping_definition import MappingDefinition
from domain.mapping_lines import line_of, lines_of
from domain.mapping_reading import MAX_ERRORS
from tests.domain.mapping_language import errors, read

_STATE: dict[str, Any] = {"kind": "device_state", "fields": {"battery": "level"}}


def field_errors(field: Any, name: str = "battery") -> dict[str, str]:
    return errors({"rules": [{**_STATE, "fields": {name: field}}]})


def test_a_whole_definition() -> None:
    raw = {
        "rules": [
            {
                "where": "type == 'drive'",
                "each": "points",
                "kind": "location",
                "time": {"path": "t", "format": "epoch_s"},
                "fields": {
                    "lat": "lat",
                    "lon": {"path": "lon", "of": "element"},
                    "speed_mps": {"path": "kmh", "scale": 0.27778, "offset": 0, "default": 0},
                    "source": {"value": "car"},
                },
            },
            {
                "kind": "presence",
                "fields": {"status": {"path": "s", "values": {"on": "active", "0": "away"}}},
            },
            {"where": "type == 'ping'", "ignore": True},
        ]
    }
    found = read(raw)
    assert isinstance(found, MappingDefinition)
    drive, presence, ping = found.rules
    assert [field.spec.name for field in drive.fields] == ["lat", "lon", "speed_mps", "source"]
    assert presence.fields[0].values == {"on": "active", "0": "away"}
    assert ping.kind is None


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (None, "definition"),
        ([], "definition"),
        ({}, "rules"),
        ({"rules": {}}, "rules"),
        ({"rules": []}, "rules"),
        ({"rules": [_STATE] * (MAX_RULES + 1)}, "rules"),
        ({"rules": [_STATE], "version": 2}, "version"),
        ({"rules": ["x"]}, "rules[0]"),
        ({"rules": [{}]}, "rules[0].kind"),
        ({"rules": [_STATE, {**_STATE, "kind": "weather"}]}, "rules[1].kind"),
        ({"rules": [{**_STATE, "kind": "document"}]}, "rules[0].kind"),
        ({"rules": [{**_STATE, "kind": ["call"]}]}, "rules[0].kind"),
        ({"rules": [{**_STATE, "if": "a"}]}, "rules[0].if"),
        ({"rules": [{**_STATE, "where": "a["}]}, "rules[0].where"),
        ({"rules": [{**_STATE, "where": True}]}, "rules[0].where"),
        ({"rules": [{**_STATE, "each": "a" * (MAX_EXPRESSION + 1)}]}, "rules[0].each"),
        ({"rules": [{**_STATE, "time": 5}]}, "rules[0].time"),
        ({"rules": [{**_STATE, "time": {"path": "t", "format": "iso"}}]}, "rules[0].time.format"),
        ({"rules": [{**_STATE, "time": {"format": "epoch_s"}}]}, "rules[0].time.path"),
        ({"rules": [{**_STATE, "time": {"path": "t", "of": "x"}}]}, "rules[0].time.of"),
        ({"rules": [{**_STATE, "fields": []}]}, "rules[0].fields"),
        ({"rules": [{**_STATE, "fields": {"level": "a"}}]}, "rules[0].fields.level"),
        ({"rules": [{"kind": "call", "fields": {}}]}, "rules[0].fields.direction"),
        ({"rules": [{"where": "a", "ignore": False}]}, "rules[0].ignore"),
        ({"rules": [{"kind": "call", "ignore": True}]}, "rules[0].kind"),
    ],
)
def test_the_place_of_what_is_wrong(raw: Any, field: str) -> None:
    found = errors(raw)
    assert field in found
    assert found[field]


@pytest.mark.parametrize(
    ("field", "part", "name"),
    [
        (5, "", "battery"),
        ({}, ".path", "battery"),
        ({"path": 1}, ".path", "battery"),
        ({"path": "a", "round": 1}, ".round", "battery"),
        ({"path": "a", "value": 1}, ".path", "battery"),
        ({"value": 1.5}, ".value", "battery"),
        ({"value": "x"}, ".value", "battery"),
        ({"value": True}, ".value", "battery"),
        ({"value": None}, ".value", "battery"),
        ({"value": 1}, ".value", "charging"),
        ({"value": "x" * 65}, ".value", "network"),
        ({"value": [1]}, ".value", "network"),
        ({"value": 1.5}, ".value", "storage_free_bytes"),
        ({"path": "a", "default": 2}, ".default", "battery"),
        ({"path": "a", "default": {}}, ".default", "battery"),
        ({"path": "a", "scale": "2"}, ".scale", "battery"),
        ({"path": "a", "scale": True}, ".scale", "battery"),
        ({"path": "a", "offset": 1e16}, ".offset", "battery"),
        ({"path": "a", "scale": float("nan")}, ".scale", "battery"),
        ({"path": "a", "scale": 2}, ".scale", "network"),
        ({"path": "a", "values": []}, ".values", "battery"),
        ({"path": "a", "values": {}}, ".values", "battery"),
        ({"path": "a", "values": {str(n): 1 for n in range(MAX_VALUES + 1)}}, ".values", "battery"),
        ({"path": "a", "values": {"full": 100}}, ".values.full", "battery"),
        ({"path": "a", "values": {"full": "1"}, "scale": 0.01}, ".values.full", "battery"),
    ],
)
def test_the_place_of_what_is_wrong_with_a_field(field: Any, part: str, name: str) -> None:
    assert f"rules[0].fields.{name}{part}" in field_errors(field, name)


def test_an_error_in_an_expression_names_the_column() -> None:
    assert field_errors("a.b[")["rules[0].fields.battery.path"].startswith("column 5: ")


def test_everything_is_said_at_once_up_to_a_bound() -> None:
    rule = {"kind": "location", "where": "a.", "fields": {"lat": "[", "speed": "x"}}
    assert len(errors({"rules": [rule]})) == 4
    assert len(errors({"rules": [rule] * MAX_RULES})) == MAX_ERRORS


def test_lines_of_a_text() -> None:
    text = (
        '{"rules": [\n  {"kind": "call",\n   "fields": {\n     "counterpart": "a\\"\\\\",'
        '\n     "direction": {"path": "[",\n "values": {"a b": [1, 2.5e3, null],  "c": {}} }\n'
        "  }},\n  true\n]}"
    )
    lines = lines_of(text)
    assert {path: lines[path] for path in ("rules", "rules[0]", "rules[0].kind", "rules[1]")} == {
        "rules": 1,
        "rules[0]": 2,
        "rules[0].kind": 2,
        "rules[1]": 8,
    }
    assert lines["rules[0].fields.direction.values.a b[1]"] == 6
    assert line_of(lines, "rules[0].fields.direction.path") == 5
    assert line_of(lines, "rules[0].fields.outcome") == 3
    assert line_of(lines, "definition") is None
