"""What holds for every track: order, splitting and doubling do not matter, nothing overlaps."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.cleaning import cleaned_fixes
from domain.consolidation.columns import Columns
from domain.consolidation.fixes import MAX_SPEED_MPS
from domain.consolidation.movements import Movement, Movements, Stay, Trip, movements
from domain.observations import Location
from tests.domain.builders import at, columns, fix, reordered

FROM_MS, TO_MS, LATER = at(0), at(2_000), at(1_000_000)


@st.composite
def tracks(draw: st.DrawFn) -> list[Location]:
    """A few stretches, each still or on the way, with pauses of minutes to hours between."""
    minute = east_m = 0.0
    fixes = []
    legs = st.tuples(
        st.integers(1, 12),  # fixes
        st.sampled_from([0.2, 1.0, 4.0, 20.0]),  # minutes between two
        st.sampled_from([0.0, 0.0, 0.5, 1.4, 12.0, 60.0]),  # metres a second
        st.sampled_from([0.0, 10.0, 45.0, 200.0, 500.0]),  # minutes of pause before
        st.sampled_from([0.0, 0.0, 60.0, 4_000.0, 900_000.0]),  # metres in the pause
        st.sampled_from([None, 5.0, 80.0, 190.0, 900.0]),  # accuracy
    )
    for count, step, speed_mps, pause, jump_m, accuracy_m in draw(st.lists(legs, max_size=8)):
        minute += pause
        east_m += jump_m
        for _ in range(count):
            minute += step
            east_m += speed_mps * step * 60
            noise_m = draw(st.sampled_from([0.0, 15.0, -15.0, 70.0]))
            speed = draw(st.sampled_from([None, speed_mps]))
            fixes.append(fix(minute, east_m, noise_m, accuracy_m=accuracy_m, speed_mps=speed))
    return fixes


def whole(given_columns: Columns) -> Movements:
    return movements(given_columns, FROM_MS, TO_MS, LATER)


def distance_m(items: tuple[Movement, ...]) -> float:
    return sum(one.distance_m for one in items if isinstance(one, Trip))


@given(tracks())
def test_they_follow_one_another_from_the_first_fix_to_the_last(fixes: list[Location]) -> None:
    items = movements(columns(fixes), at(-10), at(99_999), LATER).items
    believed, _ = cleaned_fixes(columns(fixes))
    if not len(believed):
        assert items == ()
        return
    assert items[0].from_ms == believed.time_ms[0]
    assert items[-1].to_ms == believed.time_ms[-1]
    assert all(one.to_ms == next_.from_ms for one, next_ in pairwise(items))
    assert all(one.from_ms < one.to_ms or isinstance(one, Stay) for one in items)


@given(tracks(), st.randoms(use_true_random=False))
def test_order_does_not_matter_nor_what_came_twice(
    fixes: list[Location], chance: random.Random
) -> None:
    given_columns = columns(fixes)
    order = [*range(len(fixes)), *chance.sample(range(len(fixes)), len(fixes) // 2)]
    chance.shuffle(order)
    assert whole(reordered(given_columns, order)).items == whole(given_columns).items


@given(tracks(), st.lists(st.integers(0, 2_000), max_size=5))
def test_the_parts_add_up_to_the_whole(fixes: list[Location], cuts: list[int]) -> None:
    given_columns = columns(fixes)
    edges = [FROM_MS, *sorted(at(cut) for cut in cuts), TO_MS]
    parts = [one for a, b in pairwise(edges) for one in movements(given_columns, a, b, LATER).items]
    items = whole(given_columns).items
    assert distance_m(tuple(parts)) == pytest.approx(distance_m(items), abs=1e-3)
    for kind in {type(one) for one in items}:
        assert _length_ms(parts, kind) == _length_ms(items, kind)
    assert all(one.to_ms <= next_.from_ms for one, next_ in pairwise(parts))


def _length_ms(items: list[Movement] | tuple[Movement, ...], kind: type[Movement]) -> int:
    return sum(one.to_ms - one.from_ms for one in items if type(one) is kind)


@given(tracks(), st.integers(0, 2_000), st.integers(0, 2_000))
def test_nothing_lies_outside_the_range_and_there_is_not_too_much(
    fixes: list[Location], one: int, other: int
) -> None:
    start, end = sorted((at(one), at(other)))
    items = movements(columns(fixes), start, end, LATER).items
    assert all(start <= item.from_ms <= item.to_ms <= end for item in items)
    assert len(items) <= 2 * len(fixes) + 1


@given(tracks())
def test_the_numbers_of_a_trip_agree(fixes: list[Location]) -> None:
    fastest = max((one.speed_mps or 0.0 for one in fixes), default=0.0)
    for one in whole(columns(fixes)).items:
        if isinstance(one, Trip):
            seconds = (one.to_ms - one.from_ms) / 1000
            assert one.distance_m == pytest.approx(one.average_speed_mps * seconds)
            assert 0 <= one.average_speed_mps <= MAX_SPEED_MPS
            assert one.top_speed_mps is None or 0 <= one.top_speed_mps <= fastest


@given(tracks(), st.integers(0, 2_500))
def test_now_matters_only_at_the_end(fixes: list[Location], now: int) -> None:
    given_columns = columns(fixes)
    items = movements(given_columns, FROM_MS, TO_MS, at(now)).items
    later = whole(given_columns).items
    assert items[:-1] == later[: max(0, len(items) - 1)]
    assert all(not one.open for one in items[:-1] if isinstance(one, Stay))
    if now >= 2_000:
        assert items == later
