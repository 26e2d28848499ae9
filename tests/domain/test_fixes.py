"""Which fixes are believed."""

import random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.cleaning import (
    MAX_ACCURACY_M,
    Cleaned,
    Fault,
    cleaned_fixes,
)
from domain.consolidation.columns import Columns
from domain.consolidation.fixes import MAX_SPEED_MPS, Fixes, hop_distance_m
from domain.geometry import distance_m
from domain.observations import MOCK, Location
from tests.domain.builders import at, columns, fix, reordered


def cleaned_and_counted(given_columns: Columns) -> tuple[Fixes, Cleaned]:
    found, left_out = cleaned_fixes(given_columns)
    return found, Cleaned.of(one.fault for one in left_out)


def kept(*fixes: Location) -> tuple[list[float], Cleaned]:
    """The minutes of the fixes that are left."""
    found, cleaned = cleaned_and_counted(columns(fixes))
    return [(time_ms - at(0)) / 60_000 for time_ms in found.time_ms], cleaned


def test_nothing_given() -> None:
    found, cleaned = cleaned_and_counted({})
    assert (len(found), cleaned) == (0, Cleaned())
    assert len(cleaned_fixes({"time_ms": [], "lat": [], "lon": []})[0]) == 0


def test_fields_that_no_fix_has() -> None:
    found, _ = cleaned_fixes({"time_ms": [1, 2], "lat": [1.0, 1.0], "lon": [2.0, 2.0]})
    assert list(found.speed_mps) == [-1.0, -1.0]


def test_of_one_moment_the_most_accurate_is_kept() -> None:
    found, cleaned = cleaned_and_counted(
        columns([fix(0, 0, accuracy_m=30.0), fix(0, 9, accuracy_m=5.0), fix(0, 0)])
    )
    assert list(found.accuracy_m) == [5.0]
    assert cleaned == Cleaned(duplicates=2)


def test_vague_fixes_are_left_out() -> None:
    vague = fix(1, 0, accuracy_m=MAX_ACCURACY_M + 1)
    assert kept(fix(0, 0), vague, fix(2, 0)) == ([0, 2], Cleaned(inaccurate=1))


def test_what_is_made_up_is_left_out_and_cannot_hide_what_is_not() -> None:
    made_up = [fix(n, 90_000, accuracy_m=1.0, source=MOCK) for n in (0, 1, 2)]
    assert kept(fix(0, 0), fix(2, 0), *made_up) == ([0, 2], Cleaned(mock=3))


def test_each_that_is_left_out_has_one_reason_and_its_place() -> None:
    fixes = [
        fix(0, 0),
        fix(0, 5, accuracy_m=30.0),
        fix(1, 3_000),
        fix(2, 0),
        fix(3, 0, accuracy_m=900.0),
        fix(4, 7, accuracy_m=900.0, source=MOCK),
    ]
    _, left_out = cleaned_fixes(columns(fixes))
    assert [one.fault for one in left_out] == [
        Fault.DUPLICATE,
        Fault.JUMP,
        Fault.INACCURATE,
        Fault.MOCK,
    ]
    places = [(one.time_ms, one.lat, one.lon) for one in left_out]
    assert places == [(one.time_ms, one.lat, one.lon) for one in (*fixes[1:3], *fixes[4:])]


def test_a_spike_is_left_out() -> None:
    assert kept(fix(0, 0), fix(1, 3_000), fix(2, 10)) == ([0, 2], Cleaned(jumps=1))


def test_two_spikes_to_the_same_wrong_spot() -> None:
    spikes = fix(0, 0), fix(1, 3_000), fix(2, 5), fix(3, 3_000), fix(4, 0)
    assert kept(*spikes) == ([0, 2, 4], Cleaned(jumps=2))


@pytest.mark.parametrize("speed_mps", [1.4, 14.0, 40.0, 250.0])
@pytest.mark.parametrize("step_s", [1, 10, 60, 600])
def test_travel_is_no_jump(speed_mps: float, step_s: int) -> None:
    way = [fix(n * step_s / 60, n * step_s * speed_mps) for n in range(20)]
    assert kept(*way)[1] == Cleaned()


def test_turning_back_at_a_walk_is_no_jump() -> None:
    assert kept(fix(0, 0), fix(5, 500), fix(10, 0))[1] == Cleaned()


def test_a_few_fixes_in_another_town() -> None:
    home = [fix(n, 0) for n in range(10)]
    elsewhere = [fix(4.2 + n / 10, 400_000 + n) for n in range(3)]
    assert kept(*home, *elsewhere)[1] == Cleaned(jumps=3)


def test_a_first_fix_in_another_town() -> None:
    assert kept(fix(0, 400_000), *(fix(n, 0) for n in range(1, 9)))[1] == Cleaned(jumps=1)


def test_many_fixes_in_another_town_may_well_be_right() -> None:
    here = [fix(n, 0) for n in range(10)]
    there = [fix(10 + n, 400_000) for n in range(10)]
    assert kept(*here, *there)[1] == Cleaned()


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_hops_on_the_plane_are_near_the_truth(
    lat: float, lon: float, dlat: float, dlon: float
) -> None:
    other = (lon + dlon + 180) % 360 - 180
    truth_m = distance_m(lat, lon, lat + dlat, other)
    assert hop_distance_m(lat, lon, lat + dlat, other) == pytest.approx(truth_m, rel=2e-3, abs=0.1)


wild = st.lists(
    st.builds(
        fix,
        st.integers(0, 200).map(lambda n: n / 3),
        st.sampled_from([0.0, 30.0, 400.0, 5_000.0, 900_000.0]),
        st.floats(-200, 200),
        accuracy_m=st.sampled_from([None, 5.0, 50.0, 5_000.0]),
        speed_mps=st.none() | st.floats(0, 50),
        source=st.sampled_from([None, None, "gps", MOCK]),
    ),
    max_size=50,
)


@given(wild, st.randoms(use_true_random=False))
def test_every_fix_is_kept_or_counted_whatever_the_order(
    fixes: list[Location], chance: random.Random
) -> None:
    given_columns = columns(fixes)
    found, left_out = cleaned_fixes(given_columns)
    assert len(found) + len(left_out) == len(fixes)
    counts = Cleaned.of(one.fault for one in left_out)
    assert sum(attrs.astuple(counts)) == len(left_out)
    believed = zip(found.time_ms, found.lat, found.lon, strict=True)
    others = [(one.time_ms, one.lat, one.lon) for one in left_out]
    assert sorted([*believed, *others]) == sorted((one.time_ms, one.lat, one.lon) for one in fixes)
    assert all(a < b for a, b in zip(found.time_ms, found.time_ms[1:], strict=False))
    order = list(range(len(fixes)))
    chance.shuffle(order)
    assert cleaned_fixes(reordered(given_columns, order)) == (found, left_out)


@given(wild)
def test_what_came_twice_changes_nothing_but_the_count(fixes: list[Location]) -> None:
    once, _ = cleaned_fixes(columns(fixes))
    twice, _ = cleaned_fixes(columns([*fixes, *fixes]))
    assert once == twice


def test_faster_than_sound() -> None:
    far_m = MAX_SPEED_MPS * 60 + 100
    found, cleaned = cleaned_and_counted(columns([fix(0, 0), fix(1, far_m)]))
    assert found.implausible(1)
    assert cleaned == Cleaned(), "but which of the two is wrong?"
