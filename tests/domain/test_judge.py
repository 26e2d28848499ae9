"""What observations do to one rule: each condition, hold, clear, cooldown and schedule."""

from collections.abc import Iterable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.observations import Message, WebVisit
from domain.rules.binding import BoundRule
from domain.rules.condition import (
    BatteryBelow,
    Condition,
    Enters,
    Inside,
    Keyword,
    Leaves,
    Outside,
    SpeedOver,
)
from domain.rules.judge import (
    Cleared,
    Judged,
    Memory,
    Outcome,
    Raised,
    begin,
    judge,
)
from domain.schedule import Schedule
from tests.domain.builders import at, battery, bound, fix, square

IN, OUT = 0.0, 400.0
"""Metres east of the middle of School, which has a radius of 100 m."""


def judged(
    rule: BoundRule, observations: Iterable[Judged], memory: Memory | None = None
) -> list[Outcome]:
    memory = memory if memory is not None else begin(rule, ())
    outcomes: list[Outcome] = []
    for seen in observations:
        memory, found = judge(rule, memory, seen)
        outcomes += found
    return outcomes


def raised(
    rule: BoundRule, observations: Iterable[Judged], latest: Judged | None = None
) -> list[float]:
    """The minutes at which alerts occurred."""
    found = judged(rule, observations, begin(rule, [latest] if latest else ()))
    return [minutes(one.occurred_at_ms) for one in found if isinstance(one, Raised)]


def cleared(rule: BoundRule, observations: Iterable[Judged]) -> list[tuple[float, float]]:
    """(occurred, cleared) of alerts that were cleared, in minutes."""
    found = [one for one in judged(rule, observations) if isinstance(one, Cleared)]
    return [(minutes(one.raised_ms), minutes(one.at_ms)) for one in found]


def minutes(time_ms: int) -> float:
    return (time_ms - at(0)) / 60_000


def walk(*steps: tuple[float, float]) -> list[Judged]:
    """(minute, metres east) each."""
    return [fix(minute, east_m) for minute, east_m in steps]


THERE_AND_BACK = walk((0, OUT), (10, IN), (20, IN), (30, OUT), (40, OUT), (50, IN))


@pytest.mark.parametrize("place", [None, square(100.0)])
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (Enters("school"), [10, 50]),
        (Leaves("school"), [30]),
        (Inside("school"), [10, 50]),
        (Outside("school"), [0, 30]),
    ],
)
def test_places(when: Condition, expected: list[float], place: None) -> None:
    assert raised(bound(when, place=place), THERE_AND_BACK) == expected


@pytest.mark.parametrize(
    ("when", "seen"),
    [
        (Inside("school"), IN),
        (Enters("school"), IN),
        (Outside("school"), OUT),
        (Leaves("school"), OUT),
    ],
)
def test_what_is_already_so_when_a_rule_is_made_raises_nothing(
    when: Condition, seen: float
) -> None:
    still = walk(*((minute, seen) for minute in range(10)))
    assert raised(bound(when), still[1:], latest=still[0]) == []
    assert raised(bound(when, hold_s=60.0), still[1:], latest=still[0]) == []


@pytest.mark.parametrize(("when", "seen"), [(Enters("school"), IN), (Leaves("school"), OUT)])
def test_a_transition_needs_to_have_seen_the_opposite(when: Condition, seen: float) -> None:
    assert raised(bound(when), walk((0, seen), (1, seen))) == []
    other = OUT if seen == IN else IN
    assert raised(bound(when), walk((0, seen), (1, other), (2, seen))) == [2]


def test_speed() -> None:
    speeds = [10.0, 40.0, 41.0, None, 42.0, 36.0, 37.0]
    drive = [fix(m, 0, speed_mps=speed) for m, speed in enumerate(speeds)]
    found = [one for one in judged(bound(SpeedOver(36.0)), drive) if isinstance(one, Raised)]
    assert [(minutes(one.occurred_at_ms), one.value, one.threshold) for one in found] == [
        (1, 40.0, 36.0),
        (6, 37.0, 36.0),
    ]
    assert found[0].observation == drive[1]


def test_battery() -> None:
    levels = [0.2, 0.15, 0.14, None, 0.13, 0.9, 0.1]
    states = [battery(m, level) for m, level in enumerate(levels)]
    rule = bound(BatteryBelow(0.15))
    found = judged(rule, states)
    assert [(type(one), getattr(one, "value", None)) for one in found] == [
        (Raised, 0.14),
        (Cleared, None),
        (Raised, 0.1),
    ]


def test_observations_that_say_nothing_change_nothing() -> None:
    rule = bound(SpeedOver(36.0))
    memory = begin(rule, ())
    assert judge(rule, memory, fix(1, 0)) == (memory, ())
    charging = bound(BatteryBelow(0.1))
    assert judge(charging, begin(charging, ()), battery(2, None)) == (memory, ())


def test_an_alert_is_raised_once_the_condition_has_lasted() -> None:
    rule = bound(Outside("school"), hold_s=600.0)
    assert raised(rule, walk((0, IN), (5, OUT), (14.9, OUT))) == []
    assert raised(rule, walk((0, IN), (5, OUT), (15, OUT), (25, OUT))) == [15]
    assert raised(rule, walk((0, IN), (5, OUT), (40, OUT))) == [15], "at event time"


def test_hold_begins_anew_when_the_condition_was_over() -> None:
    rule = bound(Outside("school"), hold_s=600.0)
    assert raised(rule, walk((0, OUT), (9, OUT), (9.5, IN), (10, OUT), (19, OUT))) == []
    assert raised(rule, walk((0, OUT), (9, IN), (10, OUT), (20, OUT))) == [20]


def test_a_short_return_is_no_new_episode() -> None:
    rule = bound(Outside("school"), clear_s=300.0)
    steps = walk((0, IN), (1, OUT), (2, IN), (6.9, OUT), (8, IN), (13, IN), (14, OUT))
    assert raised(rule, steps) == [1, 14]
    assert cleared(rule, steps) == [(1, 8)]


def test_an_alert_is_cleared_when_the_condition_turned_false() -> None:
    rule = bound(Outside("school"), clear_s=120.0)
    assert cleared(rule, walk((0, OUT), (1, IN), (2, IN))) == []
    assert cleared(rule, walk((0, OUT), (1, IN), (3, IN), (9, IN))) == [(0, 1)]


def test_an_alert_is_cleared_even_if_only_the_next_episode_shows_it() -> None:
    rule = bound(Outside("school"), clear_s=300.0)
    steps = walk((0, OUT), (1, IN), (60, OUT), (61, IN), (90, IN))
    assert raised(rule, steps) == [0, 60]
    assert cleared(rule, steps) == [(0, 1), (60, 61)]


def test_cooldown_keeps_alerts_apart_by_event_time() -> None:
    rule = bound(Enters("school"), cooldown_s=3_600.0)
    steps = walk(*((minute, IN if minute % 20 else OUT) for minute in range(0, 200, 10)))
    assert raised(rule, steps) == [10, 70, 130, 190]


def test_what_fell_into_the_cooldown_is_not_told_later() -> None:
    rule = bound(Inside("school"), cooldown_s=3_600.0)
    steps = walk((0, IN), (5, OUT), (10, IN), (70, IN), (80, OUT), (90, IN))
    assert raised(rule, steps) == [0, 90]


def test_an_event_that_is_older_than_the_last_alert_is_one_all_the_same() -> None:
    """Pages and messages come in batches of their own."""
    word = Keyword(("help",), ("title", "text"))
    page = WebVisit(at(65), "https://a.example", "help")
    message = Message(at(60), "received", "sms", "x", text="help")
    soon = Message(at(66), "received", "sms", "x", text="help")
    assert raised(bound(word), [page, message]) == [65, 60]
    assert raised(bound(word, cooldown_s=600.0), [page, message, soon]) == [65]
    assert raised(bound(word, cooldown_s=180.0), [page, message, soon]) == [65, 60]


def test_what_is_measured_is_what_fulfilled_it() -> None:
    fast = bound(SpeedOver(30.0), hold_s=60.0)
    steps = [fix(0, 0, speed_mps=40.0), fix(2, 0), fix(3, 0, speed_mps=1.0)]
    (one,) = (one for one in judged(fast, steps) if isinstance(one, Raised))
    assert (one.value, one.threshold) == (None, 30.0)
    low = bound(BatteryBelow(0.15), hold_s=60.0)
    for last, measured in ((None, None), (0.0, 0.0)):
        (found,) = judged(low, [battery(0, 0.12), battery(2, last)])
        assert isinstance(found, Raised) and found.value == measured


def test_an_alert_says_until_when_it_is_known_to_be_so() -> None:
    def known(rule: BoundRule, *steps: tuple[float, float]) -> list[float]:
        found = judged(rule, walk(*steps))
        return [minutes(one.so_until_ms) for one in found if isinstance(one, Raised)]

    held = bound(Outside("school"), hold_s=600.0)
    assert known(held, (0, IN), (1, OUT), (100, OUT)) == [100]
    assert known(bound(Leaves("school")), (0, IN), (1, OUT), (100, OUT)) == [1]
    morning = bound(Outside("school"), hold_s=600.0, schedule=MORNING)
    assert known(morning, (359, IN), (361, OUT), (900, OUT)) == pytest.approx([420])


MORNING = Schedule(("mon",), 8 * 60, 9 * 60)
"""In Berlin: minutes 360 to 420 of these tests."""


def test_a_state_counts_from_the_beginning_of_the_schedule() -> None:
    rule = bound(Outside("school"), schedule=MORNING, hold_s=600.0)
    stroll = walk(*((minute, OUT) for minute in range(300, 480, 5)))
    assert raised(rule, stroll) == [370]
    assert cleared(rule, stroll) == [(370, 420)]


def test_what_began_within_the_schedule_is_over_when_that_ends() -> None:
    rule = bound(Outside("school"), schedule=MORNING)
    steps = walk((365, IN), (370, OUT), (400, OUT), (425, OUT), (430, OUT))
    assert cleared(rule, steps) == [(370, 420)]


def test_hours_end_whether_anything_is_seen_then_or_not() -> None:
    days = Schedule(("mon", "tue"), 8 * 60, 9 * 60)
    rule = bound(Outside("school"), schedule=days, hold_s=600.0)
    next_day = 1_440 + 360
    monday = walk((300, IN), (365, OUT), (380, OUT))
    tuesday = walk((next_day + 5, OUT), (next_day + 20, OUT))
    assert raised(rule, monday + tuesday) == [375, next_day + 15]
    assert raised(rule, monday + walk((500, OUT)) + tuesday) == [375, next_day + 15]


def test_a_hold_ends_with_the_hours() -> None:
    days = Schedule(("mon", "tue"), 8 * 60, 9 * 60)
    rule = bound(Outside("school"), schedule=days, hold_s=600.0)
    assert raised(rule, walk((300, IN), (415, OUT), (1_440 + 340, OUT))) == []
    assert raised(rule, walk((300, IN), (415, OUT), (418, OUT), (430, OUT))) == []


def test_a_transition_outside_the_schedule_is_not_told_within_it() -> None:
    rule = bound(Leaves("school"), schedule=MORNING)
    assert raised(rule, walk((350, IN), (355, OUT), (365, OUT))) == []
    assert raised(rule, walk((350, IN), (365, OUT), (430, OUT))) == [365]
    assert raised(rule, walk((350, IN), (355, OUT), (365, IN), (370, OUT))) == [370]


def test_jitter_at_the_edge_raises_one_alert() -> None:
    edge = walk(*((minute, 100 + (10 if minute % 2 else -10)) for minute in range(60)))
    assert raised(bound(Enters("school")), walk((-1, OUT)) + edge) == [0]
    assert raised(bound(Leaves("school")), edge) == []
    assert raised(bound(Outside("school")), edge) == []


def test_a_vague_fix_far_away_is_believed_a_vague_fix_nearby_is_not() -> None:
    rule = bound(Leaves("school"))
    assert raised(rule, [fix(0, IN), fix(1, 240, accuracy_m=3_000.0)]) == []
    assert raised(rule, [fix(0, IN), fix(1, 2_000, accuracy_m=3_000.0)]) == [1]


def test_a_changed_rule_forgets() -> None:
    rule = bound(Inside("school"))
    changed = BoundRule(attrs.evolve(rule.rule, version=7), rule.around)
    assert begin(changed, ()) == Memory(7)


steps_st = st.lists(st.tuples(st.integers(1, 40), st.floats(-250, 250)), max_size=40)
rules_st = st.builds(
    bound,
    st.sampled_from([Inside("school"), Outside("school"), Enters("school"), Leaves("school")]),
    hold_s=st.sampled_from([0.0, 300.0, 1_200.0]),
    clear_s=st.sampled_from([0.0, 300.0, 1_200.0]),
    cooldown_s=st.sampled_from([0.0, 3_600.0]),
    schedule=st.sampled_from([None, MORNING, Schedule(("mon",), 23 * 60, 7 * 60)]),
)


@given(rules_st, steps_st)
def test_alerts_are_raised_and_cleared_in_turn(
    rule: BoundRule, steps: list[tuple[int, float]]
) -> None:
    minute, seen = 0, []
    for pause, east_m in steps:
        minute += pause
        seen.append(fix(minute, east_m))
    outcomes = judged(rule, seen)
    open_ms: int | None = None
    last_ms: int | None = None
    for one in outcomes:
        if isinstance(one, Raised):
            assert open_ms is None, "each episode is cleared before the next alert"
            assert last_ms is None or one.occurred_at_ms - last_ms >= rule.rule.cooldown_s * 1000
            assert at(1) <= one.occurred_at_ms <= seen[-1].time_ms
            open_ms = last_ms = one.occurred_at_ms
        else:
            assert one.raised_ms == open_ms
            assert one.at_ms > one.raised_ms
            open_ms = None
