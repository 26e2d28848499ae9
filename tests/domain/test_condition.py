"""Conditions and rules as people write them: JSON there and back, and the sentence."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kinds import Kind
from domain.refusals import FieldError
from domain.rules.checks import MAX_HOLD_S, MAX_NAME, Known, rule_errors, rule_warnings
from domain.rules.condition import (
    AllOf,
    AnyOf,
    BatteryBelow,
    Charging,
    Communicates,
    Condition,
    Dwells,
    Enters,
    Expression,
    Inside,
    Keyword,
    Leaves,
    Nature,
    Not,
    Outside,
    PresenceIs,
    SilentFor,
    SpeedOver,
    Subject,
    TrafficOver,
    UsedOver,
    Uses,
    expression_kinds,
    nature,
    place_ids,
)
from domain.rules.parsing import CONDITION_NAMES, condition_json, parse_condition
from domain.rules.phrases import duration
from domain.rules.rule import Rule, Scope, Severity
from domain.rules.sentence import sentence
from domain.schedule import WEEKDAYS, Schedule

words = st.text("abc déß+", min_size=1).map(str.strip).filter(bool)
subjects = st.builds(Subject, st.sampled_from(["app", "site", "category"]), words)
seconds = st.floats(61, 86_400)
leaf_conditions: st.SearchStrategy[Condition] = st.one_of(
    *(st.builds(cls, words) for cls in (Inside, Outside, Enters, Leaves)),
    st.builds(Dwells, words, seconds),
    st.builds(SpeedOver, st.floats(0, 1_000)),
    st.builds(BatteryBelow, st.floats(0.001, 1)),
    st.builds(Charging, st.booleans()),
    st.builds(PresenceIs, st.sampled_from(["active", "away", "locked"])),
    st.builds(SilentFor, st.floats(60, 30 * 86_400)),
    st.builds(Uses, subjects),
    st.builds(UsedOver, subjects, seconds, st.sampled_from([(), (60.0, 1.0)])),
    st.builds(
        Keyword,
        st.lists(words, min_size=1, unique=True).map(tuple),
        st.sampled_from([("url",), ("url", "title", "text"), ("text",)]),
    ),
    st.builds(
        Communicates,
        st.sampled_from(["stranger", "anybody", "+386 1 234"]),
        st.sampled_from([(Kind.MESSAGE,), (Kind.MESSAGE, Kind.CALL)]),
        st.sampled_from([None, "sent", "received"]),
    ),
    st.builds(
        TrafficOver,
        st.integers(1, 2**50),
        st.sampled_from(["day", "month"]),
        st.sampled_from([None, "wifi", "mobile"]),
        st.none() | words,
    ),
    st.builds(Expression, st.just("location.speed_mps > 30.0")),
)
conditions = st.recursive(
    leaf_conditions,
    lambda inner: (
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=4,
)
KNOWN = Known(places={"school"}, calendars={"holidays"}, categories={"video"})
NAMES = {
    "holidays": "School holidays",
    "school": "School",
    "mia": "Mia",
    "tim": "Tim",
    "phone": "Mia's phone",
}


def rule(when: Condition, **changes: Any) -> Rule:
    return attrs.evolve(Rule("r", "a", "a rule", Scope(("mia",)), when, 0), **changes)


@given(conditions)
def test_conditions_come_back_from_their_json(condition: Condition) -> None:
    written = condition_json(condition)
    assert parse_condition(written) == condition
    assert next(iter(written)) in CONDITION_NAMES


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
        ({"dwells": {"place": "a"}}, "when.dwells.for_s"),
        ({"dwells": {"place": "a", "for_s": 60, "and": 1}}, "when.dwells.and"),
        ({"charging": "yes"}, "when.charging"),
        ({"presence": "asleep"}, "when.presence"),
        ({"uses": {}}, "when.uses"),
        ({"uses": {"app": "a", "site": "b"}}, "when.uses"),
        ({"uses": {"app": "  "}}, "when.uses.app"),
        ({"used_over": {"app": "a"}}, "when.used_over.per_day_s"),
        ({"used_over": {"app": "a", "per_day_s": 59}}, "when.used_over.per_day_s"),
        (
            {"used_over": {"app": "a", "per_day_s": 90, "warn_at_s": [90]}},
            "when.used_over.warn_at_s",
        ),
        ({"keyword": {"words": []}}, "when.keyword.words"),
        ({"keyword": {"words": ["a", 7]}}, "when.keyword.words[1]"),
        ({"keyword": {"words": ["a"], "in": ["body"]}}, "when.keyword.in[0]"),
        ({"communicates": {"with": "anybody", "by": ["pigeon"]}}, "when.communicates.by[0]"),
        ({"communicates": {"with": "x", "direction": "up"}}, "when.communicates.direction"),
        ({"traffic_over": {"bytes": 0, "per": "day"}}, "when.traffic_over.bytes"),
        ({"traffic_over": {"bytes": 1, "per": "week"}}, "when.traffic_over.per"),
        (
            {"traffic_over": {"bytes": 1, "per": "day", "interface": "x"}},
            "when.traffic_over.interface",
        ),
        ({"expression": 7}, "when.expression"),
        ({"expression": "x" * 1_001}, "when.expression"),
        ({"all": [{"inside": "a"}]}, "when.all"),
        ({"any": [{"inside": "a"}, {"near": "b"}]}, "when.any[1].near"),
        ({"not": {"not": {"not": {"not": {"not": {"inside": "a"}}}}}}, "when.not.not.not.not.not"),
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
        assert parse_condition(condition_json(found)) == found


WORD = Keyword(("a",), ("url",))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Inside("p"), Nature.STATE),
        (Enters("p"), Nature.TRANSITION),
        (Leaves("p"), Nature.TRANSITION),
        (WORD, Nature.EVENT),
        (Communicates("anybody"), Nature.EVENT),
        (AllOf((Inside("p"), Charging(True))), Nature.STATE),
        (AllOf((Inside("p"), WORD)), Nature.EVENT),
        (AnyOf((Enters("p"), WORD)), Nature.EVENT),
        (Not(Inside("p")), Nature.STATE),
    ],
)
def test_what_lasts_and_what_happens(condition: Condition, expected: Nature) -> None:
    assert nature(condition) is expected


def test_the_places_of_a_condition_are_named_once() -> None:
    asked = AllOf((Inside("b"), AnyOf((Outside("a"), Not(Dwells("b", 60.0)))), SpeedOver(1.0)))
    assert place_ids(asked) == ("b", "a")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("location.speed_mps > 3.0", {Kind.LOCATION}),
        ("app_use.app == 'location.of things'", {Kind.APP_USE}),
        ('app_use.app == "a\\"location.b" && call.outcome == \'x\'', {Kind.APP_USE, Kind.CALL}),
        ("time.hour > 7", set()),
    ],
)
def test_the_kinds_of_an_expression(text: str, kinds: set[Kind]) -> None:
    assert expression_kinds(text) == kinds


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
        ({"schedule": Schedule(("mon",), calendar_id="gone")}, "schedule.except"),
        ({"when": Uses(Subject("category", "gone"))}, "when"),
        ({"when": Expression("time.hour > 7")}, "when.expression"),
        ({"when": Expression("location.lat > call.duration_s")}, "when.expression"),
        ({"when": Expression("document.source == 'a'")}, "when.expression"),
        ({"when": WORD, "hold_s": 60.0}, "hold_s"),
        ({"when": SilentFor(60.0), "clear_s": 60.0}, "clear_s"),
        ({"when": AnyOf((WORD, Charging(True)))}, "when.any"),
        ({"when": AllOf((WORD, Enters("school")))}, "when.all"),
        ({"when": Not(WORD)}, "when.not"),
        ({"when": AllOf((Charging(True), SilentFor(60.0)))}, "when.all[1].silent_for_s"),
        (
            {"when": Not(UsedOver(Subject("app", "a"), 90.0, (60.0,)))},
            "when.not.used_over.warn_at_s",
        ),
        ({"when": AllOf((AllOf((Charging(True),) * 10),) * 3)}, "when"),
    ],
)
def test_rules_that_cannot_work(changes: dict[str, Any], field: str) -> None:
    assert not rule_errors(rule(Outside("school")), KNOWN)
    wrong = attrs.evolve(rule(Outside("school")), **changes)
    assert [error.field for error in rule_errors(wrong, KNOWN)] == [field]


EIGHT_TO_NINE = Schedule(("mon",), 480, 540)
NIGHT = Schedule(("mon",), 1380, 60)


@pytest.mark.parametrize(
    ("asked", "policies", "fields"),
    [
        (rule(Outside("school"), hold_s=30.0), [{Kind.LOCATION: 60}], ["hold_s"]),
        (rule(Outside("school"), hold_s=60.0), [{Kind.LOCATION: 60}], []),
        (rule(Outside("school")), [{Kind.LOCATION: 60}], []),
        (rule(Charging(True)), [{Kind.LOCATION: 60}], ["when"]),
        (rule(Charging(True)), [{Kind.LOCATION: 60}, {Kind.DEVICE_STATE: 60}], []),
        (rule(Charging(True)), [], []),
        (
            rule(Charging(True), hold_s=3_600.0, schedule=Schedule(("mon",), 480, 540)),
            [],
            ["hold_s"],
        ),
        (rule(Charging(True), hold_s=3_599.0, schedule=EIGHT_TO_NINE), [], []),
        (
            rule(Charging(True), hold_s=7_200.0, schedule=Schedule(("mon",), 1380, 60)),
            [],
            ["hold_s"],
        ),
        (rule(Charging(True), hold_s=90_000.0, schedule=Schedule(("mon",))), [], []),
        (rule(Enters("school"), hold_s=3_600.0, schedule=EIGHT_TO_NINE), [], []),
        (rule(UsedOver(Subject("app", "a"), 86_400.0)), [], ["when"]),
        (rule(UsedOver(Subject("app", "a"), 86_399.0)), [], []),
    ],
)
def test_what_is_allowed_and_probably_not_meant(
    asked: Rule, policies: list[dict[Kind, float]], fields: list[str]
) -> None:
    assert [one.field for one in rule_warnings(asked, policies)] == fields


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
            rule(
                AllOf((Outside("school"), AnyOf((Charging(False), BatteryBelow(0.2))))),
                schedule=Schedule(("mon",), calendar_id="holidays"),
            ),
            "When Mia is outside School and (is not charging or has less than 20% battery)"
            " on mon except School holidays, raise an alert.",
        ),
        (
            rule(UsedOver(Subject("category", "video"), 7_200.0, (900.0, 300.0))),
            "When Mia uses video for more than 2 hours a day, raise an alert,"
            " and give a warning when 15 minutes and 5 minutes are left.",
        ),
        (
            rule(Communicates("stranger", (Kind.CALL,), "received")),
            "When Mia receives a call from somebody unknown, raise an alert.",
        ),
        (
            rule(Keyword(("a", "b", "c", "d"), ("text",))),
            "When Mia comes across “a”, “b”, “c” or 1 more in a message, raise an alert.",
        ),
        (
            rule(TrafficOver(5_000_000_000, "month", "mobile")),
            "When Mia sends and receives more than 5 GB over mobile a month, raise an alert.",
        ),
        (
            rule(SilentFor(90.0), schedule=Schedule(WEEKDAYS, 1320, 360)),
            "When Mia has been silent for 90 seconds every day 22:00–6:00, raise an alert.",
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
