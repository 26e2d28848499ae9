"""What holds for all rules and all series of observations."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kinds import Kind
from domain.observations import AppUse, DeviceState, Message, Presence, Traffic, WebVisit
from domain.rules.binding import BoundRule, bound_rules
from domain.rules.condition import (
    AllOf,
    AnyOf,
    BatteryBelow,
    Charging,
    Communicates,
    Condition,
    Dwells,
    Enters,
    Inside,
    Keyword,
    Leaves,
    Nature,
    Not,
    Outside,
    PresenceIs,
    SpeedOver,
    Subject,
    TrafficOver,
    UsedOver,
    Uses,
)
from domain.rules.judge import Cleared, Judged, Memory, Outcome, Raised, begin, judge, judge_series
from domain.rules.leaves import KIND_OF
from domain.rules.track import Judgement, judge_in_order
from domain.schedule import WEEKDAYS, Schedule
from tests.domain.builders import at, bound, fix

APPS = ("game", "work")
states: st.SearchStrategy[Condition] = st.sampled_from(
    [
        Inside("p"),
        Outside("p"),
        Dwells("p", 1_800.0),
        SpeedOver(9.0),
        BatteryBelow(0.2),
        Charging(True),
        PresenceIs("active"),
        Uses(Subject("app", "game")),
        UsedOver(Subject("app", "game"), 1_800.0),
        UsedOver(Subject("site", "http://a"), 600.0),
        TrafficOver(5_000, "day"),
        TrafficOver(9_000, "month", "mobile"),
    ]
)
events = st.sampled_from(
    [Enters("p"), Leaves("p"), Keyword(("help",), ("text", "title")), Communicates("stranger")]
)
combined: st.SearchStrategy[Condition] = st.recursive(
    states,
    lambda inner: (
        st.builds(AllOf, st.tuples(inner, inner))
        | st.builds(AnyOf, st.tuples(inner, inner))
        | st.builds(Not, inner)
    ),
    max_leaves=4,
)
whens: st.SearchStrategy[Condition] = st.one_of(
    combined, events, st.builds(lambda one, two: AllOf((one, two)), events, combined)
)


@st.composite
def rules(draw: st.DrawFn, conditions: st.SearchStrategy[Condition] = whens) -> BoundRule:
    rule = bound(
        draw(conditions),
        hold_s=draw(st.sampled_from([0.0, 600.0])),
        clear_s=draw(st.sampled_from([0.0, 600.0])),
        cooldown_s=draw(st.sampled_from([0.0, 7_200.0])),
        schedule=draw(st.sampled_from([None, Schedule(WEEKDAYS, 1_320, 540)])),
    )
    if rule.nature is Nature.EVENT:
        plain = attrs.evolve(rule.rule, hold_s=0.0, clear_s=0.0)
        return BoundRule(plain, rule.around)
    return rule


durations = st.sampled_from([None, 30.0, 600.0, 5_000.0, 40_000.0])


def _at_once(minute: float, long: float | None) -> list[Judged]:
    """What may be seen at a moment."""
    time_ms = at(minute)
    return [
        fix(minute, 0.0, speed_mps=1.0),
        fix(minute, 400.0, speed_mps=20.0),
        DeviceState(time_ms, battery=0.1, charging=True),
        DeviceState(time_ms, battery=0.9, charging=False),
        Presence(time_ms, "active"),
        AppUse(time_ms, APPS[0], duration_s=long),
        AppUse(time_ms, APPS[1], "help", long),
        WebVisit(time_ms, "http://a", duration_s=long),
        Message(time_ms, "sent", "sms", "x", text="help"),
        Traffic(time_ms, "mobile", 2_000, 500),
    ]


@st.composite
def series(draw: st.DrawFn) -> list[Judged]:
    minute, found = 0.0, list[Judged]()
    for _ in range(draw(st.integers(1, 30))):
        minute += draw(st.sampled_from([0.5, 1, 10, 25, 120, 700]))
        long = draw(durations)
        found.append(draw(st.sampled_from(_at_once(minute, long))))
    return found


def judged(rule: BoundRule, seen: Iterable[Judged], memory: Memory | None = None) -> list[Outcome]:
    memory, found = memory or Memory(1), list[Outcome]()
    for one in seen:
        if KIND_OF[type(one)] in rule.kinds:
            memory, some = judge(rule, memory, one)
            found += some
    return found


@settings(max_examples=300)
@given(rules(), series())
def test_alerts_are_apart_and_cleared_once_each(rule: BoundRule, seen: list[Judged]) -> None:
    open_ms: int | None = None
    last_ms: int | None = None
    for one in judged(rule, seen):
        if isinstance(one, Raised):
            if rule.nature is not Nature.EVENT:
                assert open_ms is None, "the episode before was cleared"
            assert last_ms is None or one.occurred_at_ms - last_ms >= rule.rule.cooldown_s * 1000
            open_ms = last_ms = one.occurred_at_ms
        else:
            assert one.raised_ms == open_ms, "a clear has its alert, once"
            # It may have been over when it began: one of several was, during a long use.
            assert one.at_ms >= one.raised_ms
            open_ms = None


@settings(max_examples=300)
@given(rules(), series())
def test_a_series_is_judged_as_its_observations_are(rule: BoundRule, seen: list[Judged]) -> None:
    asked = [one for one in seen if KIND_OF[type(one)] in rule.kinds]
    _, outcomes = judge_series(rule, Memory(1), asked)
    assert outcomes == judged(rule, asked)


def delivered(rule: BoundRule, batches: Iterable[Sequence[Judged]]) -> tuple[Judgement, list[str]]:
    judgement, latest, found = Judgement(), dict[Kind, Judged](), list[Outcome]()
    for batch in batches:
        by_kind: dict[Kind, list[Judged]] = {}
        for one in batch:
            by_kind.setdefault(KIND_OF[type(one)], []).append(one)
        judgement, some = judge_in_order([rule], judgement, latest, by_kind)
        latest.update({kind: some_of[-1] for kind, some_of in by_kind.items()})
        found += some
    return judgement, [repr(one) for one in found]


@given(rules(), series(), st.lists(st.integers(0, 30)))
def test_how_a_series_is_cut_changes_nothing(
    rule: BoundRule, seen: list[Judged], cuts: list[int]
) -> None:
    edges = [0, *sorted({min(cut, len(seen)) for cut in cuts}), len(seen)]
    parts = [seen[a:b] for a, b in pairwise(edges)]
    assert delivered(rule, parts) == delivered(rule, [seen])


@given(rules(), series(), st.integers(0, 30), st.integers(0, 30))
def test_what_comes_again_changes_nothing(
    rule: BoundRule, seen: list[Judged], first: int, last: int
) -> None:
    """Within a span that was judged without a gap."""
    close = [attrs.evolve(one, time_ms=at(index * 0.5)) for index, one in enumerate(seen)]
    _, once = delivered(rule, [close])
    _, again = delivered(rule, [close, close[first:last], close])
    assert again == once


@given(rules(), series())
def test_the_memory_is_as_large_as_the_condition(rule: BoundRule, seen: list[Judged]) -> None:
    judgement, _ = delivered(rule, [seen])
    for memory in judgement.live.values():
        assert len(memory.beliefs) in (0, len(rule.leaves))
        assert all(abs(one.since_ms) < 2**53 for one in memory.beliefs)


@given(rules(states), series())
def test_what_is_so_already_is_told_when_the_rule_wants_it(
    rule: BoundRule, seen: list[Judged]
) -> None:
    """A last word that says what is so already, and the same once more, two days later."""
    asked = [one for one in seen if KIND_OF[type(one)] in rule.kinds]
    plain = BoundRule(attrs.evolve(rule.rule, schedule=None), rule.around)
    also = BoundRule(attrs.evolve(plain.rule, also_now=True), rule.around)
    if not asked or isinstance(plain.rule.when, Dwells | UsedOver | TrafficOver):
        return
    latest, again = asked[-1], attrs.evolve(asked[-1], time_ms=asked[-1].time_ms + 48 * 3_600_000)
    is_so = bool(begin(plain, [latest]).truth)
    assert judged(plain, [again], begin(plain, [latest])) == []
    found = judged(also, [again], begin(also, [latest]))
    expected = [latest.time_ms + round(rule.rule.hold_s * 1000)] if is_so else []
    assert [one.occurred_at_ms for one in found if isinstance(one, Raised)] == expected
    assert not [one for one in found if isinstance(one, Cleared)]


days = st.lists(st.integers(61, 700), min_size=2, max_size=5)


@given(days)
def test_each_day_that_uses_up_its_quota_at_once_is_told(minutes: list[int]) -> None:
    quota = UsedOver(Subject("app", "game"), 3_600.0, (600.0,))
    uses = [
        AppUse(at(day * 1_440), "game", duration_s=minute * 60.0)
        for day, minute in enumerate(minutes)
    ]
    for rule in bound_rules(bound(quota).rule, bound(quota).around):
        found = judged(rule, uses)
        assert len([one for one in found if isinstance(one, Raised)]) == len(minutes)
        assert len([one for one in found if isinstance(one, Cleared)]) == len(minutes) - 1
