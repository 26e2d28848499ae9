"""Conditions joined with and, or and not, over several kinds of observations."""

from collections.abc import Iterable
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.observations import AppUse, DeviceState, Message, WebVisit
from domain.rules.binding import BoundRule
from domain.rules.condition import (
    AllOf,
    AnyOf,
    BatteryBelow,
    Charging,
    Condition,
    Enters,
    Keyword,
    Not,
    Outside,
    Subject,
    Uses,
)
from domain.rules.judge import Judged, Memory, Outcome, Raised, judge
from tests.domain.builders import at, bound, fix

IN, OUT = 0.0, 400.0
GAME = Uses(Subject("app", "game"))
AWAY = Outside("school")
WORD = Keyword(("help",), ("text",))


def game(minute: float) -> AppUse:
    return AppUse(at(minute), "game")


def work(minute: float) -> AppUse:
    return AppUse(at(minute), "work")


def state(minute: float, level: float | None = None, on: bool | None = None) -> DeviceState:
    return DeviceState(at(minute), battery=level, charging=on)


def says(minute: float, text: str) -> Message:
    return Message(at(minute), "sent", "sms", "x", text=text)


def outcomes(rule: BoundRule, seen: Iterable[Judged]) -> list[Outcome]:
    memory, found = Memory(1), list[Outcome]()
    for one in seen:
        memory, some = judge(rule, memory, one)
        found += some
    return found


def raised(when: Condition, *seen: Judged, hold_s: float = 0.0) -> list[float]:
    found = outcomes(bound(when, hold_s=hold_s), seen)
    return [(one.occurred_at_ms - at(0)) / 60_000 for one in found if isinstance(one, Raised)]


def test_nothing_is_raised_before_all_is_known() -> None:
    both = AllOf((GAME, AWAY))
    assert raised(both, game(0), game(1)) == []
    assert raised(both, fix(0, OUT), fix(1, OUT)) == []
    assert raised(both, game(0), fix(1, OUT)) == [1]
    assert raised(AllOf((GAME, Not(AWAY))), game(0), game(5)) == []


def test_one_part_may_decide_alone() -> None:
    assert raised(AnyOf((GAME, AWAY)), game(0)) == [0]
    assert raised(Not(AllOf((GAME, AWAY))), work(0)) == [0]


def test_all_is_so_since_the_last_of_its_parts_and_any_since_the_first() -> None:
    steps: list[Judged] = [fix(0, OUT), game(10), fix(12, OUT), game(40)]
    assert raised(AllOf((GAME, AWAY)), *steps, hold_s=1_200.0) == [30]
    assert raised(AnyOf((GAME, AWAY)), *steps, hold_s=1_200.0) == [20]


def test_an_episode_ends_with_any_of_its_parts() -> None:
    rule = bound(AllOf((GAME, AWAY)))
    found = outcomes(rule, [fix(0, OUT), game(10), fix(20, IN), fix(30, OUT), work(40)])
    times = [one.occurred_at_ms if isinstance(one, Raised) else one.at_ms for one in found]
    assert [(time - at(0)) / 60_000 for time in times] == [10, 20, 30, 40]


def test_an_event_counts_while_its_states_hold() -> None:
    when = AllOf((WORD, AWAY, Not(Charging(True))))
    steps: list[Judged] = [
        says(0, "help"),
        fix(1, OUT),
        says(2, "help"),
        state(3, on=False),
        says(4, "help"),
        fix(5, IN),
        says(6, "help"),
        fix(7, OUT),
        says(8, "well"),
        state(9, on=True),
        says(10, "help"),
    ]
    assert raised(when, *steps) == [4]


def test_a_transition_counts_while_a_state_holds() -> None:
    when = AllOf((Enters("school"), BatteryBelow(0.2)))
    low, full = state(0, 0.1), state(0, 0.9)
    assert raised(when, low, fix(1, OUT), fix(2, IN)) == [2]
    assert raised(when, full, fix(1, OUT), fix(2, IN)) == []
    assert raised(when, low, fix(2, IN)) == [], "nobody saw it come in"


def test_any_of_several_events() -> None:
    when = AnyOf((AllOf((WORD, AWAY)), Enters("school")))
    steps: list[Judged] = [fix(0, OUT), says(1, "help"), fix(2, IN), says(3, "help")]
    assert raised(when, *steps) == [1, 2]


def test_why_says_since_when_each_part_was_so() -> None:
    (found,) = outcomes(bound(AllOf((GAME, AWAY))), [fix(0, OUT), fix(5, OUT), game(10)])
    assert isinstance(found, Raised)
    assert [(one.truth, one.since_ms) for one in found.beliefs] == [(True, at(10)), (True, at(0))]


LEVEL, POWER = BatteryBelow(0.2), Charging(True)
LOGIC = {True: 1.0, False: 0.0, None: 0.5}
SHAPES: list[Condition] = [
    AllOf((LEVEL, POWER)),
    AnyOf((LEVEL, POWER)),
    Not(AllOf((LEVEL, POWER))),
    AllOf((Not(LEVEL), POWER)),
    AnyOf((AllOf((LEVEL, POWER)), Not(POWER))),
]


def value(when: Condition, level: bool | None, power: bool | None) -> float:
    """Of Kleene's logic, with 1/2 for unknown."""
    match when:
        case AllOf(parts):
            return min(value(part, level, power) for part in parts)
        case AnyOf(parts):
            return max(value(part, level, power) for part in parts)
        case Not(part):
            return 1 - value(part, level, power)
    return LOGIC[level if when == LEVEL else power]


@pytest.mark.parametrize("when", SHAPES)
@pytest.mark.parametrize(("level", "power"), list(product([True, False, None], repeat=2)))
def test_what_is_unknown_decides_nothing(
    when: Condition, level: bool | None, power: bool | None
) -> None:
    seen = state(0, None if level is None else (0.1 if level else 0.9), power)
    assert (raised(when, seen) == [0]) is (value(when, level, power) == 1)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_order_in_which_kinds_arrive_changes_nothing(a: int, b: int, c: int) -> None:
    """As long as all of it arrives before it has lasted long enough."""
    when = AllOf((GAME, AWAY, LEVEL))
    parts: list[Judged] = [game(a), fix(b, OUT), state(c, 0.1)]
    for order in permutations(parts):
        last: list[Judged] = [game(120)]
        assert raised(when, *order, *last, hold_s=3_600.0) == [max(a, b, c) + 60]


def test_what_of_two_kinds_is_unknown_until_one_of_them_tells() -> None:
    """A category is used by apps and by sites."""
    idle = AllOf((AWAY, Not(Uses(Subject("category", "games")))))
    page = WebVisit(at(6), "https://work.example")
    assert raised(idle, fix(0, OUT), fix(10, OUT)) == []
    assert raised(idle, fix(0, OUT), work(5)) == [5]
    assert raised(idle, fix(0, OUT), page) == [6]
