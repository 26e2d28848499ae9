"""A simulated day: the same for the same seed, whole, within bounds, and plausible."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from adapters.inbound.cli.simulation.days import between, day
from adapters.inbound.cli.simulation.itinerary import Move, Stay, position_at
from adapters.inbound.cli.simulation.motion import TOP_PLAUSIBLE_MPS
from adapters.inbound.cli.simulation.people import DEVICES, PEOPLE, Person, person
from adapters.inbound.cli.simulation.plane import distance
from adapters.inbound.cli.simulation.plans import segments
from adapters.inbound.cli.simulation.world import build, spot
from domain.kinds import Kind
from domain.times import local, local_day_bounds
from tests.simulation.bounds import faults
from tests.simulation.worlds import (
    HOUR_MS,
    MONDAY,
    SATURDAY,
    SUNDAY,
    WEEK,
    locations,
    position,
    world,
)

DAYS = [pytest.param(who, on, id=f"{who.key} {on:%a}") for who in PEOPLE for on in WEEK]
CLOCKS_CHANGE = (date(2026, 3, 29), date(2026, 10, 25))


def test_the_same_seed_gives_the_same_days() -> None:
    first, second = build(3), build(3)
    for who in PEOPLE:
        assert day(first, who, SATURDAY, detail=True) == day(second, who, SATURDAY, detail=True)


def test_another_seed_gives_other_days() -> None:
    assert day(world(1), person("father"), MONDAY) != day(world(2), person("father"), MONDAY)


def test_days_are_not_all_alike() -> None:
    assert day(world(), person("father"), WEEK[0]) != day(world(), person("father"), WEEK[1])


@pytest.mark.parametrize(("who", "on"), DAYS)
def test_each_observation_is_within_the_bounds_of_its_kind(who: Person, on: date) -> None:
    kinds = {device.key: device.kinds for device in DEVICES}
    found = day(world(), who, on, detail=True)
    assert [(one, wrong) for one in found if (wrong := faults(one.kind, one.observation))] == []
    assert all(one.kind in kinds[one.device] for one in found)


def test_every_kind_occurs_within_a_week() -> None:
    from_ms, _ = local_day_bounds(WEEK[0], world().zone)
    _, to_ms = local_day_bounds(WEEK[-1], world().zone)
    assert {one.kind for one in between(world(), from_ms, to_ms)} == set(Kind)


@pytest.mark.parametrize("on", [*WEEK, *CLOCKS_CHANGE], ids=str)
@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who.key)
def test_a_day_is_a_chain_of_segments_without_a_hole(who: Person, on: date) -> None:
    way = segments(world(), who, on)
    assert (way[0].from_ms, way[-1].to_ms) == local_day_bounds(on, world().zone)
    assert all(one.from_ms < one.to_ms for one in way)
    assert all(one.to_ms == other.from_ms for one, other in pairwise(way))


@pytest.mark.parametrize(("who", "on"), DAYS)
def test_everybody_sleeps_at_home(who: Person, on: date) -> None:
    home = spot(who.home).position
    fixes = locations(day(world(), who, on))
    asleep = [one for one in fixes if local(one.time_ms, world().zone).hour < 5]
    assert len(asleep) > 20
    assert all(distance(position(one), home) < 60.0 for one in asleep)
    way = segments(world(), who, on)
    for segment in (way[0], way[-1]):
        assert isinstance(segment, Stay)
        assert distance(segment.position, home) < 1.0


@pytest.mark.parametrize(("who", "on"), DAYS)
def test_fixes_follow_each_other_and_cover_the_day(who: Person, on: date) -> None:
    times = [one.time_ms for one in locations(day(world(), who, on, detail=True))]
    from_ms, to_ms = local_day_bounds(on, world().zone)
    assert all(one < other for one, other in pairwise(times))
    assert from_ms <= times[0] < from_ms + 15 * 60_000
    assert to_ms - 15 * 60_000 < times[-1] < to_ms
    assert max(other - one for one, other in pairwise(times)) < 1.6 * HOUR_MS


@pytest.mark.parametrize(("who", "on"), DAYS)
def test_nobody_is_faster_than_the_road_allows(who: Person, on: date) -> None:
    """Between fixes some time apart; shorter steps are the receiver's errors."""
    fixes = locations(day(world(), who, on))
    for one, other in pairwise(fixes):
        seconds = (other.time_ms - one.time_ms) / 1000
        if seconds >= 7.0:
            assert distance(position(one), position(other)) / seconds < 36.0
    speeds = [one.observation.get("speed_mps", 0.0) for one in fixes]
    assert max(speeds) < TOP_PLAUSIBLE_MPS


def test_walking_is_walking_and_driving_is_driving() -> None:
    walk = _moves(person("daughter"), MONDAY)[0]
    assert 1.0 < walk.motion.length_m / walk.motion.duration_s < 1.6
    drive = _moves(person("father"), MONDAY)[0]
    tops = [drive.motion.at(second).speed_mps or 0.0 for second in range(0, 800, 5)]
    assert 20.0 < max(tops) < 26.0
    assert 10.0 < drive.motion.length_m / drive.motion.duration_s < 25.0


def test_the_weekend_replays_the_recordings_point_by_point() -> None:
    for key, on, name in (
        ("father", SATURDAY, "drive"),
        ("mother", SUNDAY, "lake"),
        ("grandfather", SATURDAY, "hill"),
        ("grandfather", SUNDAY, "ravine"),
    ):
        recording = world().recordings[name]
        moves = [move for move in _moves(person(key), on) if move.recorded]
        assert [move.motion for move in moves] == list(recording.legs)
        starts = [(move.from_ms - moves[0].from_ms) / 1000 for move in moves]
        assert starts == pytest.approx(list(recording.starts_s), abs=1.0)


def test_a_walk_without_times_gets_the_pace_of_a_walker() -> None:
    (walk,) = world().recordings["ravine"].legs
    assert 0.6 < walk.length_m / walk.duration_s < 1.4


def test_ranges_that_touch_share_nothing_and_miss_nothing() -> None:
    from_ms, to_ms = local_day_bounds(MONDAY, world().zone)
    step = (to_ms - from_ms) // 7
    parts = [
        one
        for number in range(7)
        for one in between(world(), from_ms + number * step, from_ms + (number + 1) * step)
    ]
    whole = between(world(), from_ms, from_ms + 7 * step)
    assert sorted(parts, key=repr) == sorted(whole, key=repr)


def test_batteries_fall_by_day_and_charge_by_night() -> None:
    states = {
        local(one.time_ms, world().zone).hour: one.observation
        for one in day(world(), person("daughter"), MONDAY + timedelta(days=1))
        if one.device == "daughter-phone" and one.kind is Kind.DEVICE_STATE
    }
    assert states[2]["charging"]
    assert not states[12]["charging"]
    assert states[5]["battery"] > states[12]["battery"] > states[20]["battery"]


def test_a_phone_keeps_most_of_its_fixes_until_it_is_asked() -> None:
    found = day(world(), person("father"), MONDAY, detail=True)
    details = [one for one in found if one.detail]
    assert details
    assert {one.kind for one in details} == {Kind.LOCATION}
    moving = _moves(person("father"), MONDAY)
    assert all(any(m.from_ms <= one.time_ms < m.to_ms for m in moving) for one in details)


def test_somebody_loses_the_signal_now_and_then() -> None:
    lengths = [
        other.time_ms - one.time_ms
        for who in PEOPLE
        for on in WEEK
        for one, other in pairwise(locations(day(world(), who, on)))
    ]
    assert any(length > 20 * 60_000 for length in lengths)


def _moves(who: Person, on: date) -> list[Move]:
    return [one for one in segments(world(), who, on) if isinstance(one, Move)]


def test_positions_do_not_jump_from_segment_to_segment() -> None:
    for who in PEOPLE:
        for on in WEEK:
            for one, other in pairwise(segments(world(), who, on)):
                if isinstance(one, Stay | Move) and isinstance(other, Stay | Move):
                    end = position_at(one, one.to_ms)
                    assert distance(end, position_at(other, other.from_ms)) < 45.0
