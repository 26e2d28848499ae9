"""A document becomes observations: which rules are about it, and what each of them takes."""

from typing import Any

import pytest

from domain.kinds import Kind
from domain.mapping import MAX_FAULTS, MAX_PER_DOCUMENT
from tests.domain.mapping_language import NOW_MS, made

_STATE: dict[str, Any] = {"kind": "device_state", "fields": {"battery": "level"}}
_FIXES: dict[str, Any] = {
    "each": "points",
    "kind": "location",
    "time": {"path": "t", "format": "epoch_ms"},
    "fields": {"lat": "lat", "lon": "lon", "source": {"path": "name", "of": "document"}},
}


def points(*times_ms: int) -> list[dict[str, Any]]:
    return [{"t": time_ms, "lat": 45.0, "lon": 14.0} for time_ms in times_ms]


def test_a_document_becomes_one_observation_at_its_own_time() -> None:
    result = made({"level": 0.5}, _STATE)
    (one,) = result.observed
    assert (one.kind, one.row) == (Kind.DEVICE_STATE, {"time_ms": NOW_MS, "battery": 0.5})
    assert result.understood and not result.faults


def test_each_element_of_a_list_becomes_one_and_may_take_from_the_whole_document() -> None:
    document = {"name": "car", "points": points(NOW_MS - 1_000, NOW_MS)}
    result = made(document, _FIXES)
    assert [one.row["time_ms"] for one in result.observed] == [NOW_MS - 1_000, NOW_MS]
    assert {one.row["source"] for one in result.observed} == {"car"}


def test_several_rules_may_be_about_a_document() -> None:
    document = {"level": 0.5, "points": points(NOW_MS)}
    result = made(document, _STATE, _FIXES)
    assert [one.kind for one in result.observed] == [Kind.DEVICE_STATE, Kind.LOCATION]


@pytest.mark.parametrize(
    ("where", "understood"),
    [("type == 'a'", True), ("type == 'b'", False), ("type", True), ("zero", True),
     ("nothing", False), ("empty", False), ("no", False)],
)  # fmt: skip
def test_a_rule_is_about_the_documents_where_its_words_are_true(
    where: str, understood: bool
) -> None:
    document = {"type": "a", "zero": 0, "empty": [], "no": False, "level": 0.5}
    result = made(document, {**_STATE, "where": where})
    assert result.understood is understood
    assert len(result.observed) == understood


def test_an_empty_list_is_understood_and_a_missing_one_is_not() -> None:
    assert made({"points": []}, _FIXES).understood
    assert not made({}, _FIXES).understood
    assert made({}, _FIXES).faults == []


def test_what_is_to_be_ignored_is_understood() -> None:
    result = made({"ping": True}, _STATE | {"where": "level"}, {"where": "ping", "ignore": True})
    assert result.understood and not result.observed and not result.faults


def test_a_required_field_that_is_missing_is_a_fault_of_its_element() -> None:
    result = made({"points": [*points(NOW_MS), {"t": NOW_MS, "lat": 1}]}, _FIXES)
    (fault,) = result.faults
    assert (fault.field, fault.element) == ("rules[0].fields.lon", 1)
    assert len(result.observed) == 1


@pytest.mark.parametrize("time_ms", [None, 0, NOW_MS + 25 * 3_600_000, 946_684_799_999, "x"])
def test_a_time_that_cannot_be_is_a_fault(time_ms: Any) -> None:
    document = {"points": [{"t": time_ms, "lat": 1, "lon": 2}]}
    assert [fault.field for fault in made(document, _FIXES).faults] == ["rules[0].time"]


@pytest.mark.parametrize("points", [5, {}, "x", True])
def test_what_is_no_list_is_a_fault(points: Any) -> None:
    (fault,) = made({"points": points}, _FIXES).faults
    assert fault.field == "rules[0].each"
    assert "not a list" in fault.reason


@pytest.mark.parametrize("part", ["where", "each"])
def test_words_that_do_not_fit_the_document_are_a_fault(part: str) -> None:
    (fault,) = made({"level": 0.5}, {**_STATE, part: "sort(level)"}).faults
    assert fault.field == f"rules[0].{part}"
    assert "sort() takes" in fault.reason


def test_more_observations_than_a_document_may_become_are_a_fault() -> None:
    whole = {"points": points(*[NOW_MS] * MAX_PER_DOCUMENT)}
    assert len(made(whole, _FIXES, length=60_000).observed) == MAX_PER_DOCUMENT
    (fault,) = made({"points": [*whole["points"], whole["points"][0]]}, _FIXES).faults
    assert fault.field == "rules[0].each"
    both = made({**whole, "level": 0.5}, _FIXES, _STATE, length=60_000)
    assert [fault.field for fault in both.faults] == ["rules[1].each"]


def test_only_the_first_faults_are_told() -> None:
    result = made({"points": [{}] * 500}, _FIXES)
    assert len(result.faults) == MAX_FAULTS


def test_a_short_document_cannot_become_much_text() -> None:
    rule = {
        "each": "[@, @, @, @, @, @, @, @, @, @]",
        "kind": "web_visit",
        "fields": {"url": {"value": "x" * 4_000}},
    }
    result = made({}, rule, length=2)
    assert result.faults and "steps" in result.faults[0].reason
