"""A phone that lies still collects no distance, however its positions wander about."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.cleaning import Cleaned
from domain.consolidation.movements import Stay, movements
from domain.observations import MOCK, Location
from tests.domain.builders import at, columns, fix

LATER = at(1_000_000)


def wandering(
    seed: int, accuracy_m: float, drift_min: float, step_min: float, spread: float
) -> list[Location]:
    """A day of fixes that err alike for `drift_min` minutes, and never beyond their accuracy."""
    chance = random.Random(seed)
    east = north = minute = 0.0
    fixes = []
    while minute < 1_440:
        kept = math.exp(-step_min / drift_min)
        push_m = spread * accuracy_m * math.sqrt(1 - kept * kept)
        east, north = east * kept + chance.gauss(0, push_m), north * kept + chance.gauss(0, push_m)
        off_m = math.hypot(east, north)
        within = min(1.0, accuracy_m / off_m) if off_m else 1.0
        fixes.append(fix(minute, east * within, north * within, accuracy_m=accuracy_m))
        minute += step_min * chance.choice([0.2, 1, 1, 3])
    return fixes


@pytest.mark.parametrize("accuracy_m", [5.0, 30.0, 80.0, 120.0, 190.0])
@pytest.mark.parametrize("drift_min", [1.0, 10.0, 60.0])
@pytest.mark.parametrize(("step_min", "spread"), [(1.0, 0.4), (5.0, 1.0)])
def test_a_day_on_the_table(
    accuracy_m: float, drift_min: float, step_min: float, spread: float
) -> None:
    for seed in range(3):
        fixes = wandering(seed, accuracy_m, drift_min, step_min, spread)
        items = movements(columns(fixes), at(0), at(1_440), LATER).items
        assert [type(one) for one in items] == [Stay]


@given(
    st.lists(
        st.tuples(
            st.floats(0.1, 30),  # minutes since the one before
            st.floats(0, 2 * math.pi),  # direction of the error
            st.floats(0, 1),  # error, as a share of the accuracy
        ),
        min_size=2,
        max_size=60,
    ),
    st.sampled_from([10.0, 50.0, 190.0]),
)
def test_errors_within_the_accuracy_are_no_way(
    errors: list[tuple[float, float, float]], accuracy_m: float
) -> None:
    minute, fixes = 0.0, []
    for pause, direction, share in errors:
        minute += pause
        east_m = math.cos(direction) * share * accuracy_m
        north_m = math.sin(direction) * share * accuracy_m
        fixes.append(fix(minute, east_m, north_m, accuracy_m=accuracy_m))
    items = movements(columns(fixes), at(0), at(5_000), LATER).items
    assert [type(one) for one in items] == [Stay]


def test_a_day_that_somebody_made_up_is_no_day() -> None:
    home = [fix(n, 0) for n in range(60)]
    made_up = [fix(n + 0.5, 60_000 + n * 500, source=MOCK) for n in range(60)]
    found = movements(columns([*home, *made_up]), at(0), at(1_440), LATER)
    assert [type(one) for one in found.items] == [Stay]
    assert found.cleaned == Cleaned(mock=60)


def test_what_was_left_out_is_counted_in_its_own_day() -> None:
    vague = [fix(n, 0, accuracy_m=900.0) for n in (-1, 0, 1_439.5, 1_440)]
    assert movements(columns(vague), at(0), at(1_440), LATER).cleaned == Cleaned(inaccurate=2)
