"""Late data: in which order a device's history arrives must not invent alerts."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kinds import Kind
from domain.rules.binding import BoundRule
from domain.rules.condition import Condition, Enters, Inside, Leaves, Outside, SpeedOver
from domain.rules.judge import Judged, Outcome, Raised
from domain.rules.track import GAP_MS, Judgement, judge_in_order
from tests.domain.builders import at, bound, circle, fix

IN, OUT = 0.0, 400.0
HOUR = 60.0
DAY = 24 * HOUR


class Phone:
    """Judges what a phone delivers, batch by batch, and remembers as the platform does."""

    def __init__(self, *rules: BoundRule) -> None:
        self.rules = rules
        self.judgement = Judgement()
        self.latest: Judged | None = None
        self.outcomes: list[Outcome] = []

    def delivers(self, batch: Iterable[Judged]) -> list[tuple[str, float]]:
        """What it raised: (rule, minute)."""
        seen = sorted(batch, key=lambda one: one.time_ms)
        latest = {Kind.LOCATION: self.latest} if self.latest else {}
        self.judgement, found = judge_in_order(
            self.rules, self.judgement, latest, {Kind.LOCATION: seen}
        )
        if seen and (self.latest is None or seen[-1].time_ms >= self.latest.time_ms):
            self.latest = seen[-1]
        self.outcomes += found
        return alerts(found)


def alerts(outcomes: Sequence[Outcome]) -> list[tuple[str, float]]:
    return sorted(
        (one.rule_id, (one.occurred_at_ms - at(0)) / 60_000)
        for one in outcomes
        if isinstance(one, Raised)
    )


def stretch(start: float, end: float, east_m: float, step: float = 10.0) -> list[Judged]:
    """A fix every ten minutes, the end excluded."""
    count = round((end - start) / step)
    return [fix(start + step * index, east_m) for index in range(count)]


def all_rules(hold_s: float = 0.0, clear_s: float = 0.0) -> list[BoundRule]:
    whens: list[Condition] = [Enters("p"), Leaves("p"), Inside("p"), Outside("p"), SpeedOver(9.0)]
    return [
        bound(when, id_=type(when).__name__.lower(), hold_s=hold_s, clear_s=clear_s)
        for when in whens
    ]


def test_a_phone_that_is_already_inside_raises_nothing() -> None:
    phone = Phone()
    phone.delivers(stretch(0, 60, IN))
    phone.rules = tuple(all_rules())
    assert phone.delivers(stretch(60, 120, IN)) == []
    assert phone.delivers([fix(120, OUT)]) == [("leaves", 120), ("outside", 120)]


def test_three_days_of_backlog_after_todays_positions() -> None:
    phone = Phone(*all_rules())
    phone.delivers(stretch(-60, 0, IN))
    assert phone.delivers(stretch(3 * DAY, 3 * DAY + 30, IN)) == [], "back, and at school"
    away = [(DAY, DAY + 2 * HOUR), (2 * DAY, 2 * DAY + HOUR)]
    day_by_day = [
        stretch(10, DAY, IN),
        stretch(DAY, DAY + 2 * HOUR, OUT) + stretch(DAY + 2 * HOUR, 2 * DAY, IN),
        stretch(2 * DAY, 2 * DAY + HOUR, OUT) + stretch(2 * DAY + HOUR, 3 * DAY, IN),
    ]
    found = [one for batch in day_by_day for one in phone.delivers(batch)]
    assert sorted(found) == sorted(
        [("leaves", start) for start, _ in away]
        + [("outside", start) for start, _ in away]
        + [("enters", end) for _, end in away]
        + [("inside", end) for _, end in away]
    )
    assert phone.delivers(stretch(3 * DAY + 30, 3 * DAY + 60, IN)) == []


@pytest.mark.parametrize(("before", "now"), [(IN, IN), (OUT, OUT)])
def test_backlog_that_was_elsewhere_says_nothing_about_today(before: float, now: float) -> None:
    phone = Phone(*all_rules())
    phone.delivers(stretch(0, 60, before))
    phone.delivers(stretch(3 * DAY, 3 * DAY + 30, now))
    elsewhere = OUT if now == IN else IN
    found = phone.delivers(stretch(DAY, 2 * DAY, elsewhere))
    assert found == [], "nobody saw it come or go"
    assert phone.delivers(stretch(3 * DAY + 30, 3 * DAY + 60, now)) == []


def test_a_backlog_that_comes_newest_first_raises_no_alert_per_batch() -> None:
    phone = Phone(*all_rules())
    phone.delivers(stretch(0, 60, OUT))
    phone.delivers(stretch(3 * DAY, 3 * DAY + 30, OUT))
    batches = [stretch(start, start + HOUR, OUT) for start in range(120, 1_000, 60)]
    assert [one for batch in reversed(batches) for one in phone.delivers(batch)] == []


def test_what_the_live_line_has_judged_is_not_judged_again() -> None:
    phone = Phone(*all_rules())
    day = stretch(0, 60, IN) + stretch(60, 120, OUT) + stretch(120, 180, IN)
    phone.delivers(day)
    assert phone.delivers(day) == []
    assert phone.delivers(day[4:9]) == []
    assert phone.delivers(stretch(180, 240, IN)) == []


def test_a_new_rule_is_not_told_of_what_came_before_it() -> None:
    """No rule, hence no line: the newest observation is where the device stands."""
    phone = Phone()
    phone.delivers([*stretch(0, 60, OUT), fix(3 * DAY, IN)])
    phone.rules = tuple(all_rules())
    backlog = stretch(60, DAY, OUT)
    assert phone.delivers(backlog) == []
    assert phone.delivers([fix(3 * DAY + 5, IN)]) == [], "it has been there all the time"
    assert phone.delivers([fix(3 * DAY + 10, OUT)]) == [
        ("leaves", 3 * DAY + 10),
        ("outside", 3 * DAY + 10),
    ]


def test_a_rule_that_is_back_after_a_pause_starts_where_the_device_is() -> None:
    phone = Phone(*all_rules())
    phone.delivers(stretch(0, 60, OUT))
    rules, phone.rules = phone.rules, ()
    phone.latest = fix(2 * DAY, IN)
    phone.rules = rules
    assert phone.delivers(stretch(DAY, DAY + 60, OUT)) == []
    assert phone.delivers([fix(2 * DAY + 5, IN)]) == []


def test_a_gap_in_the_live_line_may_be_filled() -> None:
    phone = Phone(*all_rules())
    phone.delivers(stretch(0, 60, IN))
    phone.delivers(stretch(300, 360, IN))
    filled = stretch(60, 120, IN) + stretch(120, 180, OUT) + stretch(180, 300, IN)
    assert phone.delivers(filled) == [
        ("enters", 180),
        ("inside", 180),
        ("leaves", 120),
        ("outside", 120),
    ]


def test_a_short_pause_is_no_gap() -> None:
    phone = Phone(*all_rules())
    phone.delivers([fix(0, IN), fix(GAP_MS / 60_000, IN)])
    assert phone.delivers([fix(5, OUT), fix(10, IN)]) == []


paths = st.lists(
    st.tuples(st.integers(1, 70), st.sampled_from([IN, OUT, 95.0, 110.0]), st.booleans()),
    min_size=1,
    max_size=40,
)


def observations(path: Sequence[tuple[int, float, bool]], start: float = 0.0) -> list[Judged]:
    """(minutes since the one before, metres east, whether it is fast)."""
    minute, found = start, list[Judged]()
    for pause, east_m, fast in path:
        minute += pause
        found.append(fix(minute, east_m, speed_mps=20.0 if fast else 1.0))
    return found


def split(whole: Sequence[Judged], cuts: Iterable[int]) -> list[list[Judged]]:
    edges = [0, *sorted({min(cut, len(whole)) for cut in cuts}), len(whole)]
    return [list(whole[a:b]) for a, b in pairwise(edges)]


held = st.sampled_from([0.0, 600.0, 3_600.0])


@given(paths, st.lists(st.integers(0, 40)), held, held)
def test_how_a_series_is_cut_into_batches_changes_nothing(
    path: list[tuple[int, float, bool]], cuts: list[int], hold_s: float, clear_s: float
) -> None:
    rules = all_rules(hold_s, clear_s)
    whole = observations(path)
    at_once, in_parts = Phone(*rules), Phone(*rules)
    at_once.delivers(whole)
    for batch in split(whole, cuts):
        in_parts.delivers(batch)
    assert sorted(map(repr, in_parts.outcomes)) == sorted(map(repr, at_once.outcomes))
    assert in_parts.judgement == at_once.judgement


@given(paths, paths, st.lists(st.integers(0, 40)), held)
def test_nor_does_it_in_a_backlog(
    live: list[tuple[int, float, bool]],
    path: list[tuple[int, float, bool]],
    cuts: list[int],
    hold_s: float,
) -> None:
    rules = all_rules(hold_s)
    whole = observations(path)
    today = [fix(4 * DAY + m, e) for m, e in enumerate([step[1] for step in live])]
    phones = Phone(*rules), Phone(*rules)
    for phone, batches in zip(phones, ([whole], split(whole, cuts)), strict=True):
        phone.delivers(today)
        for batch in batches:
            phone.delivers(batch)
    assert sorted(map(repr, phones[0].outcomes)) == sorted(map(repr, phones[1].outcomes))


@given(paths, paths, paths, held)
def test_a_backlog_raises_only_what_happened_and_nothing_about_today(
    first: list[tuple[int, float, bool]],
    backlog: list[tuple[int, float, bool]],
    today: list[tuple[int, float, bool]],
    hold_s: float,
) -> None:
    """What is raised late would have been raised in order, too; the live line goes on as if
    there had been no backlog.
    """
    rules = all_rules(hold_s)
    before = observations(first)
    offline_for = (before[-1].time_ms - at(0) + GAP_MS) / 60_000
    late = observations([(1, IN, False), *backlog], start=offline_for)
    now = [fix(7 * DAY + m * 10, step[1]) for m, step in enumerate(today)]
    half = len(now) // 2 + 1

    offline, never = Phone(*rules), Phone(*rules)
    in_order = Phone(*rules)
    for phone in (offline, never):
        phone.delivers(before)
        phone.delivers(now[:half])
    late_alerts = offline.delivers(late)
    assert offline.delivers(now[half:]) == never.delivers(now[half:])

    in_order.delivers([*before, *late, *now])
    assert set(late_alerts) <= set(alerts(in_order.outcomes))
    assert all(minute < 7 * DAY for _, minute in late_alerts)


def test_two_rules_do_not_disturb_each_other() -> None:
    home = circle(100.0, OUT, id_="home")
    rules = [bound(Enters("school"), id_="one"), bound(Enters("home"), id_="two", place=home)]
    path = stretch(0, 30, IN) + stretch(30, 60, OUT) + stretch(60, 90, IN)
    assert Phone(*rules).delivers(path) == [("one", 60), ("two", 30)]
