"""What alerts say: in a line, and why."""

import pytest
from hypothesis import given

from domain.kinds import Kind
from domain.observations import AppUse, Message, WebVisit
from domain.rules.binding import BoundRule
from domain.rules.checks import Known, condition_errors
from domain.rules.condition import (
    AllOf,
    BatteryBelow,
    Charging,
    Communicates,
    Condition,
    Dwells,
    Enters,
    Inside,
    Keyword,
    Leaves,
    Not,
    Outside,
    PresenceIs,
    SilentFor,
    SpeedOver,
    Subject,
    TrafficOver,
    UsedOver,
    Uses,
)
from domain.rules.judge import Judged, Raised
from domain.rules.leaves import Belief
from domain.rules.phrases import phrase, volume
from domain.rules.wording import MAX_QUOTED, alert_text, reasons
from tests.domain.builders import at, bound
from tests.domain.test_condition import conditions

VIDEO = Subject("category", "video")


def text(
    when: Condition,
    *,
    value: float | None = None,
    seen: Judged | None = None,
    hold_s: float = 0.0,
    remaining_s: float = 0.0,
) -> str:
    rule = bound(when, hold_s=hold_s)
    raised = Raised("rule", at(0), value, None, seen, remaining_s)
    line = alert_text(BoundRule(rule.rule, rule.around, remaining_s), raised, "Mia", "phone")
    return line.removeprefix("Mia (phone) ")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (Enters("school"), "entered School"),
        (Leaves("school"), "left School"),
        (Dwells("school", 3_600.0), "was inside School for 1 hour"),
        (SilentFor(86_400.0), "has been silent for 1 day"),
        (UsedOver(VIDEO, 7_200.0), "used video for more than 2 hours that day"),
    ],
)
def test_what_happened(when: Condition, expected: str) -> None:
    assert text(when) == expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (Inside("school"), "was inside School for 10 minutes"),
        (Outside("school"), "was outside School for 10 minutes"),
        (Uses(VIDEO), "used video for 10 minutes"),
        (Charging(False), "is not charging for 10 minutes"),
        (PresenceIs("away"), "is away from the device for 10 minutes"),
        (
            AllOf((Outside("school"), Not(Uses(VIDEO)))),
            "is outside School and does not use video for 10 minutes",
        ),
    ],
)
def test_for_how_long(when: Condition, expected: str) -> None:
    assert text(when, hold_s=600.0) == expected


@pytest.mark.parametrize(
    ("when", "value", "expected"),
    [
        (SpeedOver(36.2), 40.0, "moved at 144 km/h, over 130 km/h"),
        (SpeedOver(36.2), None, "moved at over 130 km/h"),
        (BatteryBelow(0.15), 0.14, "has 14% battery left, under 15%"),
        (BatteryBelow(0.15), 0.0, "has 0% battery left, under 15%"),
        (BatteryBelow(0.15), None, "has under 15% battery left"),
        (TrafficOver(5 * 10**9, "month"), 5.1e9, "sent and received 5.1 GB, over 5 GB a month"),
    ],
)
def test_how_much(when: Condition, value: float | None, expected: str) -> None:
    assert text(when, value=value) == expected


def test_an_early_warning_says_what_is_left() -> None:
    when = UsedOver(VIDEO, 7_200.0, (900.0,))
    assert text(when, remaining_s=900.0) == "has 15 minutes of video left that day"


def test_what_was_written_is_quoted_and_shortened() -> None:
    when = Keyword(("help", "sos"), ("text", "title"))
    said = Message(at(0), "sent", "sms", "Tim", text="help me")
    assert text(when, seen=WebVisit(at(0), "http://x", "SOS")) == "came across “help”, “sos”: SOS"
    assert text(when, seen=said).startswith("came across “help”, “sos”: ")
    long = AppUse(at(0), "editor", title="sos " * 300)
    quoted = text(when, seen=long).partition(": ")[2]
    assert len(quoted) == MAX_QUOTED and quoted.endswith("…")


def test_with_whom() -> None:
    call = Message(at(0), "received", "sms", "+386 1")
    when = Communicates("stranger", (Kind.MESSAGE,), "received")
    assert text(when, seen=call) == "receives a message from somebody unknown: +386 1"


def test_why_names_each_part_that_is_known() -> None:
    rule = bound(AllOf((Inside("school"), Not(Charging(True)), BatteryBelow(0.5))))
    beliefs = (Belief(True, at(0)), Belief(False, at(5)), Belief())
    found = reasons(rule, Raised("rule", at(9), None, None, None, beliefs=beliefs))
    assert [(one.text, one.since_ms) for one in found] == [
        ("is inside School", at(0)),
        ("is not charging", at(5)),
    ]
    assert reasons(bound(Inside("p")), Raised("rule", 0, None, None, None)) == ()


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_500, "1.5 kB"), (2.5e9, "2.5 GB"), (2e12, "2 TB")],
)
def test_volumes(count: float, written: str) -> None:
    assert volume(count) == written


@given(conditions)
def test_every_condition_has_words_and_an_alert(when: Condition) -> None:
    assert phrase(when, {})
    if not list(condition_errors(when, Known(places=["school"]))):
        assert text(when)
