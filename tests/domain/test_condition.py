"""Conditions and rules as people write them: JSON there and back, and the sentence."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import FieldError
from domain.rules.condition import (
    CONDITION_NAMES,
    BatteryBelow,
    Condition,
    Enters,
    Inside,
    Leaves,
    Outside,
    SilentFor,
    SpeedOver,
    condition_json,
    is_transition,
    parse_condition,
    place_of,
)
from domain.rules.rule import MAX_HOLD_S, MAX_NAME, Rule, Scope, Severity, rule_errors
from domain.rules.sentence import duration, sentence
from domain.schedule import WEEKDAYS, Schedule

place_ids = st.text(min_size=1)
conditions: st.SearchStrategy[Condition] = st.one_of(
    *(st.builds(cls, place_ids) for cls in (Inside, Outside, Enters, Leaves)),
    st.builds(SpeedOver, st.floats(0, 1_000)),
    st.builds(BatteryBelow, st.floats(0.001, 1)),
    st.builds(SilentFor, st.floats(60, 30 * 86_400)),
)
NAMES = {"school": "School", "mia": "Mia", "tim": "Tim", "phone": "Mia's phone"}


def rule(when: Condition, **changes: Any) -> Rule:
    return attrs.evolve(Rule("r", "a", "a rule", Scope(("mia",)), when, 0), **changes)


@given(conditions)
def test_conditions_come_back_from_their_json(condition: Condition) -> None:
    written = condition_json(condition)
    assert parse_condition(written) == condition
    assert next(iter(written)) in CONDITION_NAMES
    assert (place_of(condition) is not None) == ("place_id" in attrs.asdict(condition))


@pytest.mark.parametrize(
    ("written", "field"),
    [
        (None, "when"),
        ([], "when"),
        ({}, "when"),
        ({"inside": "a", "outside": "b"}, "when"),
        ({"near": "a"}, "when.near"),
        ({"inside": ""}, "when.inside"),
        ({"inside": 3}, "when.inside"),
        ({"speed_over_mps": "fast"}, "when.speed_over_mps"),
        ({"speed_over_mps": True}, "when.speed_over_mps"),
        ({"speed_over_mps": -1}, "when.speed_over_mps"),
        ({"speed_over_mps": float("nan")}, "when.speed_over_mps"),
        ({"battery_below": 0}, "when.battery_below"),
        ({"battery_below": 15}, "when.battery_below"),
        ({"silent_for_s": 59}, "when.silent_for_s"),
        ({"silent_for_s": float("inf")}, "when.silent_for_s"),
    ],
)
def test_what_cannot_be_names_its_field(written: object, field: str) -> None:
    error = parse_condition(written)
    assert isinstance(error, FieldError)
    assert error.field == field


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(json_values | st.dictionaries(st.sampled_from(CONDITION_NAMES), json_values, max_size=2))
def test_any_json_is_a_condition_or_a_refusal(written: object) -> None:
    found = parse_condition(written)
    if not isinstance(found, FieldError):
        assert condition_json(found) == written


def test_only_entering_and_leaving_are_transitions() -> None:
    assert [is_transition(cls("p")) for cls in (Inside, Outside, Enters, Leaves)] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * (MAX_NAME + 1)}, "name"),
        ({"hold_s": -1.0}, "hold_s"),
        ({"clear_s": MAX_HOLD_S + 1}, "clear_s"),
        ({"cooldown_s": float("nan")}, "cooldown_s"),
        ({"when": Outside("removed")}, "when"),
        ({"channels": ("pigeon",)}, "channels"),
        ({"scope": Scope(tuple(map(str, range(201))))}, "scope"),
    ],
)
def test_rules_that_cannot_work(changes: dict[str, Any], field: str) -> None:
    assert not rule_errors(rule(Outside("school")), NAMES)
    wrong = attrs.evolve(rule(Outside("school")), **changes)
    assert [error.field for error in rule_errors(wrong, NAMES)] == [field]


def test_whom_a_scope_covers() -> None:
    assert Scope().covers("anybody", "any device")
    assert Scope(people=("mia",)).covers("mia", "phone")
    assert Scope(devices=("phone",)).covers("tim", "phone")
    assert not Scope(people=("mia",), devices=("tablet",)).covers("tim", "phone")


WEEKDAY_HOURS = Schedule(("mon", "tue", "wed", "thu", "fri"), 480, 900)


@pytest.mark.parametrize(
    ("given_rule", "text"),
    [
        (
            rule(
                Outside("school"),
                hold_s=600.0,
                schedule=WEEKDAY_HOURS,
                cooldown_s=3_600.0,
                severity=Severity.CRITICAL,
            ),
            "When Mia is outside School for 10 minutes on weekdays 8:00–15:00, "
            "raise an alert (critical), at most once per hour.",
        ),
        (
            rule(Enters("school"), scope=Scope(("mia",), ("phone",)), cooldown_s=7_200.0),
            "When Mia or Mia's phone enters School, raise an alert, at most once per 2 hours.",
        ),
        (
            rule(Leaves("gone"), scope=Scope(), schedule=Schedule(("sun", "sat"))),
            "When anybody leaves a removed place on weekends, raise an alert.",
        ),
        (
            rule(Inside("school"), scope=Scope(("gone",)), schedule=Schedule(("tue", "mon"))),
            "When somebody removed is inside School on mon, tue, raise an alert.",
        ),
        (rule(SpeedOver(36.0)), "When Mia moves faster than 130 km/h, raise an alert."),
        (rule(BatteryBelow(0.15)), "When Mia has less than 15% battery, raise an alert."),
        (
            rule(SilentFor(90.0), schedule=Schedule(WEEKDAYS, 1320, 360)),
            "When Mia has been silent for 90 seconds on every day 22:00–6:00, raise an alert.",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(given_rule: Rule, text: str) -> None:
    assert sentence(given_rule, NAMES) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (86_400, "1 day"),
        (5_400, "90 minutes"),
        (61, "61 seconds"),
        (1, "1 second"),
        (0.5, "0.5 seconds"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@given(conditions, st.floats(0, MAX_HOLD_S), st.floats(0, MAX_HOLD_S))
def test_every_rule_has_a_sentence(when: Condition, hold_s: float, cooldown_s: float) -> None:
    text = sentence(rule(when, hold_s=hold_s, cooldown_s=cooldown_s), NAMES)
    assert text.startswith("When Mia ")
    assert text.endswith(".")
