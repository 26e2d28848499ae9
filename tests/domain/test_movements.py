"""Stays, trips and gaps, by example."""

import math
import random

import pytest

from domain.consolidation.cleaning import Cleaned
from domain.consolidation.movements import Gap, Movement, Movements, Stay, Trip, movements
from domain.consolidation.stays import MAX_SLEEP_MS, MIN_STAY_MS
from domain.geometry import distance_m
from domain.observations import Location
from tests.domain.builders import DAY_MS, at, columns, fix, position

LATER = at(1_000_000)


def found(
    fixes: list[Location], start: float = 0, end: float = 1_440, now: float | None = None
) -> Movements:
    now_ms = LATER if now is None else at(now)
    return movements(columns(fixes), at(start), at(end), now_ms)


def words(fixes: list[Location], **bounds: float) -> list[tuple[str, float, float]]:
    """(what, from, to) in minutes."""
    items = found(fixes, **bounds).items
    return [(type(one).__name__, _minute(one.from_ms), _minute(one.to_ms)) for one in items]


def _minute(time_ms: int) -> float:
    return round((time_ms - at(0)) / 60_000, 2)


def still(start: float, end: float, east_m: float, step: float = 1.0) -> list[Location]:
    """At one spot from `start` to `end`, both included, with the jitter of a good receiver."""
    chance = random.Random(start)
    count = round((end - start) / step) + 1
    return [
        fix(start + n * step, east_m + chance.gauss(0, 8), chance.gauss(0, 8)) for n in range(count)
    ]


def way(start: float, end: float, from_m: float, to_m: float, step: float = 0.5) -> list[Location]:
    """Between two spots; without the fixes at its ends."""
    count = round((end - start) / step)
    metres = (to_m - from_m) / count
    return [fix(start + n * step, from_m + n * metres) for n in range(1, count)]


def test_nothing_is_known() -> None:
    assert found([]) == Movements(())
    assert found([]).cleaned == Cleaned()


def test_a_day_of_school() -> None:
    day = still(0, 60, 0) + way(60, 70, 0, 6_000) + still(70, 400, 6_000)
    items = found(day).items
    assert [type(one) for one in items] == [Stay, Trip, Stay]
    home, ride, school = items
    assert isinstance(home, Stay)
    assert isinstance(ride, Trip)
    assert isinstance(school, Stay)
    assert distance_m(home.lat, home.lon, *position(0)) < 5
    assert distance_m(school.lat, school.lon, *position(6_000)) < 5
    assert ride.from_ms == pytest.approx(at(60), abs=30_000)
    assert ride.to_ms == pytest.approx(at(70), abs=30_000)
    assert ride.distance_m == pytest.approx(6_000, rel=0.02)
    assert ride.average_speed_mps == pytest.approx(10, rel=0.05)
    assert ride.top_speed_mps is None


def test_top_speed_is_as_measured() -> None:
    ride = [fix(n / 2, n * 300, speed_mps=7.0 + n if n % 3 else None) for n in range(9)]
    (trip,) = found(ride).items
    assert isinstance(trip, Trip)
    assert trip.top_speed_mps == 15.0


def test_a_halt_at_the_lights_is_part_of_the_trip() -> None:
    halt = MIN_STAY_MS / 60_000 - 1
    day = still(0, 30, 0) + way(30, 40, 0, 3_000) + still(40, 40 + halt, 3_000)
    day += way(44, 54, 3_000, 6_000) + still(54, 90, 6_000)
    assert [what for what, _, _ in words(day)] == ["Stay", "Trip", "Stay"]


def test_around_the_corner_and_back_is_one_stay() -> None:
    day = [*still(0, 30, 0), fix(31, 160), fix(32, 170), *still(33, 60, 0)]
    assert words(day) == [("Stay", 0, 60)]


def test_somebody_strolling_does_not_stay() -> None:
    stroll = [fix(n / 2, n * 15) for n in range(120)]
    assert words(stroll) == [("Trip", 0, 59.5)]


def test_a_phone_asleep_on_the_table_is_no_gap() -> None:
    assert words([*still(0, 30, 0), *still(330, 360, 0)]) == [("Stay", 0, 360)]


def test_but_a_phone_that_was_off_all_day_is() -> None:
    off = 30 + MAX_SLEEP_MS / 60_000 + 1
    assert words([*still(0, 30, 0), *still(off, off + 30, 0)]) == [
        ("Stay", 0, 30),
        ("Gap", 30, off),
        ("Stay", off, off + 30),
    ]


def test_half_an_hour_unseen_and_elsewhere_afterwards_is_a_gap() -> None:
    assert words([*still(0, 30, 0), *still(61, 90, 5_000)]) == [
        ("Stay", 0, 30),
        ("Gap", 30, 61),
        ("Stay", 61, 90),
    ]
    assert words([*still(0, 30, 0), *still(59, 90, 5_000)]) == [
        ("Stay", 0, 30),
        ("Trip", 30, 59),
        ("Stay", 59, 90),
    ]


def test_a_teleport_is_a_gap_and_no_distance() -> None:
    day = still(0, 30, 0) + still(31, 60, 400_000)
    assert words(day) == [("Stay", 0, 30), ("Gap", 30, 31), ("Stay", 31, 60)]


def test_seen_for_a_moment() -> None:
    assert words([fix(10, 0)]) == [("Stay", 10, 10)]
    day = [*still(0, 30, 0), fix(100, 9_000), *still(200, 230, 0)]
    assert words(day) == [
        ("Stay", 0, 30),
        ("Gap", 30, 100),
        ("Stay", 100, 100),
        ("Gap", 100, 200),
        ("Stay", 200, 230),
    ]


def test_one_vague_fix_does_not_end_a_stay() -> None:
    vague = fix(30.5, 180, accuracy_m=190.0)
    assert words([*still(0, 30, 0), vague, *still(31, 60, 0)]) == [("Stay", 0, 60)]


def test_a_stay_that_reaches_into_the_day_is_cut_at_midnight() -> None:
    night = still(-120, 420, 0, step=15)
    assert words(night, start=0, end=300) == [("Stay", 0, 300)]


def test_a_trip_across_midnight_is_shared_by_both_days() -> None:
    night = still(-60, -10, 0) + way(-10, 10, 0, 12_000) + still(10, 60, 12_000)
    before, after = found(night, -1_440, 0).items[-1], found(night, 0, 1_440).items[0]
    assert isinstance(before, Trip)
    assert isinstance(after, Trip)
    assert before.to_ms == after.from_ms == at(0)
    assert before.distance_m == pytest.approx(after.distance_m, rel=0.01)


def test_the_last_stay_is_open_while_the_day_is_not_over() -> None:
    day = still(0, 60, 0)
    (stay,) = found(day, now=65).items
    assert isinstance(stay, Stay)
    assert (stay.open, stay.to_ms) == (True, at(65))
    assert words(day, now=60 + MAX_SLEEP_MS / 60_000 + 1) == [("Stay", 0, 60)], "silent too long"
    assert words(day, now=2_000) == [("Stay", 0, 60)], "a day that is over stays as it is"


def test_an_open_stay_goes_on_after_midnight() -> None:
    assert words(still(-60, -20, 0), now=60) == [("Stay", 0, 60)]


def test_a_stay_is_not_open_when_the_device_was_seen_leaving() -> None:
    (stay, _) = found(still(0, 60, 0) + way(60, 66, 0, 3_000), now=66).items
    assert isinstance(stay, Stay)
    assert not stay.open


def test_across_the_antimeridian() -> None:
    spot = [
        Location(at(n), -17.0, 179.9999 if n % 2 else -179.9999, accuracy_m=5.0) for n in range(20)
    ]
    (stay,) = found(spot).items
    assert isinstance(stay, Stay)
    assert abs(abs(stay.lon) - 180) < 1e-4


def _random_day(count: int) -> list[Location]:
    """Ten rides and ten stays, with noise."""
    chance = random.Random(7)
    east = north = 0.0
    fixes = []
    for n in range(count):
        leg = n * 20 // count
        step_m = 10 * (leg % 2) * DAY_MS / count / 1000
        east += step_m * math.cos(leg)
        north += step_m * math.sin(leg)
        minutes = n * DAY_MS / count / 60_000
        noisy = east + chance.gauss(0, 8), north + chance.gauss(0, 8)
        fixes.append(fix(minutes, *noisy, accuracy_m=chance.choice([5.0, 20.0, 300.0])))
    return fixes


def test_ten_rides_in_a_noisy_day() -> None:
    items: tuple[Movement, ...] = found(_random_day(3_000)).items
    assert [type(one) for one in items] == [Stay, Trip] * 10
    ridden_m = sum(one.distance_m for one in items if isinstance(one, Trip))
    assert ridden_m == pytest.approx(DAY_MS / 1000 / 2 * 10, rel=0.03)
    assert not any(isinstance(one, Gap) for one in items)
