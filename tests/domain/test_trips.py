"""What is told of a trip: its ends, its stops, and that it goes on beyond the day."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.consolidation.movements import Movements, Stop, Trip, movements
from domain.consolidation.stays import MIN_STAY_MS, MIN_STOP_MS
from domain.geometry import distance_m
from domain.observations import Location
from tests.domain.builders import at, columns, fix, position

LATER = at(1_000_000)


def found(fixes: list[Location], start: float = 0, end: float = 1_440) -> Movements:
    return movements(columns(fixes), at(start), at(end), LATER)


def the_trip(fixes: list[Location], start: float = 0, end: float = 1_440) -> Trip:
    (trip,) = [one for one in found(fixes, start, end).items if isinstance(one, Trip)]
    return trip


def resting(start: float, end: float, east_m: float, jitter_m: float = 4.0) -> list[Location]:
    """At one spot, six fixes a minute, both ends included."""
    chance = random.Random(f"{start} {east_m}")
    count = round((end - start) * 6)
    return [
        fix(start + n / 6, east_m + chance.gauss(0, jitter_m), chance.gauss(0, jitter_m))
        for n in range(count + 1)
    ]


def riding(start: float, end: float, from_m: float, to_m: float) -> list[Location]:
    """Six fixes a minute, without those at the ends."""
    count = round((end - start) * 6)
    step_m = (to_m - from_m) / count
    return [fix(start + n / 6, from_m + n * step_m) for n in range(1, count)]


def ride_with_a_stop(minutes: float) -> list[Location]:
    """From 10 to 20 and, after a stop, for ten minutes more; 6 km in all."""
    on = 20 + minutes
    return [
        *resting(0, 10, 0),
        *riding(10, 20, 0, 3_000),
        *resting(20, on, 3_000),
        *riding(on, on + 10, 3_000, 6_000),
        *resting(on + 10, on + 20, 6_000),
    ]


@pytest.mark.parametrize("minutes", [1.5, 2, 3, 4.5])
def test_a_stop_on_the_way(minutes: float) -> None:
    trip = the_trip(ride_with_a_stop(minutes))
    (stop,) = trip.stops
    assert stop.from_ms == pytest.approx(at(20), abs=10_000)
    assert stop.to_ms == pytest.approx(at(20 + minutes), abs=10_000)
    assert distance_m(stop.lat, stop.lon, *position(3_000)) < 10
    assert trip.distance_m == pytest.approx(6_000, rel=0.02), "jitter in the stop is no way"


def test_half_a_minute_at_the_lights_is_no_stop() -> None:
    assert the_trip(ride_with_a_stop(0.5)).stops == ()


def test_a_phone_that_is_silent_while_the_car_waits() -> None:
    way = [*resting(0, 10, 0), *riding(10, 20, 0, 3_000), fix(20, 3_000), fix(23, 3_000)]
    way += [*riding(23, 33, 3_000, 6_000), *resting(33, 43, 6_000)]
    assert [(stop.from_ms, stop.to_ms) for stop in the_trip(way).stops] == [(at(20), at(23))]


@pytest.mark.parametrize("speed_mps", [1.0, 1.4, 5.0, 30.0])
@pytest.mark.parametrize("step_s", [1, 5, 15, 60])
@pytest.mark.parametrize("accuracy_m", [5.0, 30.0, None])
def test_whoever_keeps_going_does_not_stop(
    speed_mps: float, step_s: int, accuracy_m: float | None
) -> None:
    count = 1_200 // step_s
    walk = [
        fix(n * step_s / 60, n * step_s * speed_mps, accuracy_m=accuracy_m) for n in range(count)
    ]
    assert the_trip(walk).stops == ()


def test_where_a_trip_starts_and_ends() -> None:
    trip = the_trip(ride_with_a_stop(2))
    assert trip.start is not None
    assert trip.end is not None
    assert distance_m(*trip.start, *position(0)) < 60
    assert distance_m(*trip.end, *position(6_000)) < 60
    assert not trip.began_before
    assert not trip.goes_on


def test_the_part_of_a_trip_before_midnight_and_the_part_after_it() -> None:
    night = resting(-30, -10, 0) + riding(-10, 10, 0, 12_000) + resting(10, 30, 12_000)
    before, after = the_trip(night, -1_440, 0), the_trip(night)
    assert (before.began_before, before.goes_on) == (False, True)
    assert (after.began_before, after.goes_on) == (True, False)
    assert before.end == after.start
    assert before.end is not None
    assert distance_m(*before.end, *position(6_000)) < 10


def test_between_two_fixes_the_device_went_straight() -> None:
    trip = the_trip([fix(-1, 0), fix(3, 4_000)])
    assert trip.start is not None
    assert distance_m(*trip.start, *position(1_000)) < 1


def test_a_cut_on_the_antimeridian() -> None:
    way = [Location(at(n - 2), -17.0, lon) for n, lon in enumerate((179.98, 179.995, -179.985))]
    trip = the_trip(way, -0.5)
    assert trip.start is not None
    assert trip.start[1] == pytest.approx(-179.995)


def test_a_stop_over_midnight_is_cut() -> None:
    night = [*resting(-30, -10, 0), *riding(-10, -1, 0, 3_000), *resting(-1, 2, 3_000)]
    night += [*riding(2, 12, 3_000, 6_000), *resting(12, 30, 6_000)]
    (before,), (after,) = the_trip(night, -1_440, 0).stops, the_trip(night).stops
    assert before.to_ms == after.from_ms == at(0)
    assert (after.lat, after.lon) == (before.lat, before.lon)


@given(
    st.lists(st.tuples(st.floats(0.2, 12), st.floats(0.5, 15)), min_size=1, max_size=6),
    st.lists(st.integers(-5, 200), max_size=4),
)
@settings(deadline=None)
def test_stops_lie_in_their_trip_and_their_parts_add_up(
    legs: list[tuple[float, float]], cuts: list[int]
) -> None:
    """(minutes of rest, minutes of riding) .."""
    minute = east_m = 0.0
    fixes: list[Location] = []
    for rest, ride in legs:
        fixes += resting(minute, minute + rest, east_m)
        minute += rest
        fixes += riding(minute, minute + ride, east_m, east_m + ride * 400)
        minute, east_m = minute + ride, east_m + ride * 400
    fixes += resting(minute, minute + 6, east_m)
    edges = sorted({-10, 300, *cuts})
    parts = [part for a, b in pairwise(edges) for part in trips(fixes, a, b)]
    whole = trips(fixes, -10, 300)
    for one in whole:
        assert sum(stop.to_ms - stop.from_ms for stop in one.stops) <= one.to_ms - one.from_ms
        assert all(one.from_ms <= s.from_ms < s.to_ms <= one.to_ms for s in one.stops)
        assert all(stop.to_ms - stop.from_ms >= MIN_STOP_MS for stop in one.stops)
        assert all(a.to_ms <= b.from_ms for a, b in pairwise(one.stops))
    assert length_ms(parts) == length_ms(whole)
    total_m, parts_m = (sum(one.distance_m for one in some) for some in (whole, parts))
    assert parts_m == pytest.approx(total_m, abs=1e-3)


def trips(fixes: list[Location], start: float, end: float) -> list[Trip]:
    return [one for one in found(fixes, start, end).items if isinstance(one, Trip)]


def length_ms(some: list[Trip]) -> int:
    stops: list[Stop] = [stop for one in some for stop in one.stops]
    return sum(stop.to_ms - stop.from_ms for stop in stops)


def test_five_minutes_are_a_stay() -> None:
    rests = found(ride_with_a_stop(MIN_STAY_MS / 60_000 + 1)).items
    assert [type(one).__name__ for one in rests] == ["Stay", "Trip", "Stay", "Trip", "Stay"]
