"""The live part: something moves all the time, and soon there is something to be told."""

from itertools import pairwise

import pytest

from adapters.inbound.cli.simulation.house_rules import SPEED_LIMIT_MPS
from adapters.inbound.cli.simulation.live import live, live_position
from adapters.inbound.cli.simulation.people import PEOPLE, SILENT_DEVICE, person
from adapters.inbound.cli.simulation.plane import distance
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.world import spot
from domain.kinds import Kind
from domain.place import Circle, Place
from tests.simulation.bounds import faults
from tests.simulation.worlds import DAY_MS, MINUTE_MS, NOON_MS, locations, position, world

STARTS = [NOON_MS, NOON_MS + DAY_MS // 2, NOON_MS + 3 * DAY_MS + 1_234_000]


@pytest.mark.parametrize("start_ms", STARTS)
def test_within_two_minutes_the_daughter_has_left_school(start_ms: int) -> None:
    events = _transitions(_play(start_ms, 2), "daughter-phone", "school")
    assert [event for event, _ in events] == ["leave"]


@pytest.mark.parametrize("start_ms", STARTS)
def test_within_two_minutes_the_father_drives_too_fast(start_ms: int) -> None:
    fixes = locations(_play(start_ms, 2), "father-phone")
    speeds = [one.observation.get("speed_mps", 0.0) for one in fixes]
    assert SPEED_LIMIT_MPS < max(speeds) < 30.0


def test_every_few_minutes_something_else_happens() -> None:
    """Judged by the geometry of the places and the speed alone."""
    played = _play(NOON_MS, 60)
    times = [NOON_MS]
    for key in ("school", "home"):
        times += [at_ms for _, at_ms in _transitions(played, "daughter-phone", key)]
    fast = [
        one.time_ms
        for one in locations(played, "father-phone")
        if one.observation.get("speed_mps", 0.0) > SPEED_LIMIT_MPS
    ]
    times += [other for one, other in pairwise([0, *fast]) if other - one > MINUTE_MS]
    times = sorted([*times, NOON_MS + 60 * MINUTE_MS])
    assert len(times) > 12
    assert max(other - one for one, other in pairwise(times)) < 9 * MINUTE_MS


def test_at_each_moment_somebody_is_moving() -> None:
    fixes = [
        one.time_ms
        for one in locations(_play(NOON_MS, 45))
        if one.observation.get("speed_mps", 0.0) > 0.3
    ]
    assert max(other - one for one, other in pairwise([NOON_MS, *fixes])) < 15_000


def test_who_walks_is_seen_each_few_seconds() -> None:
    fixes = locations(_play(NOON_MS, 5), "daughter-phone")
    assert sum(2_000 <= b.time_ms - a.time_ms <= 5_000 for a, b in pairwise(fixes)) > 60


def test_nobody_jumps() -> None:
    for who in PEOPLE:
        for second in range(0, 4 * 3600, 2):
            here = live_position(world(), who, NOON_MS, NOON_MS + second * 1000)
            there = live_position(world(), who, NOON_MS, NOON_MS + second * 1000 + 2000)
            assert distance(here, there) < 2 * 30.0


def test_what_is_seen_does_not_depend_on_how_it_is_cut() -> None:
    whole = _play(NOON_MS, 20)
    cuts = [NOON_MS + cut for cut in (0, 7_000, 61_000, 62_500, 15 * MINUTE_MS, 20 * MINUTE_MS)]
    parts = [one for a, b in pairwise(cuts) for one in live(world(), NOON_MS, a, b)]
    assert sorted(parts, key=repr) == sorted(whole, key=repr)


def test_observations_are_within_bounds_and_follow_each_other() -> None:
    played = _play(NOON_MS, 20)
    assert [one for one in played if faults(one.kind, one.observation)] == []
    for device in {one.device for one in played}:
        times = [one.time_ms for one in locations(played, device)]
        assert all(one < other for one, other in pairwise(times))


def test_what_lasts_is_over_before_the_next_begins() -> None:
    played = _play(NOON_MS, 30)
    for kind in (Kind.PRESENCE, Kind.TRAFFIC, Kind.APP_USE, Kind.WEB_VISIT, Kind.CALL):
        for device in {one.device for one in played}:
            some = [one for one in played if one.kind is kind and one.device == device]
            assert all(one.known_ms <= other.time_ms for one, other in pairwise(some))


def test_people_browse_write_and_call() -> None:
    played = _play(NOON_MS, 12)
    assert {one.kind for one in played} >= {
        Kind.LOCATION,
        Kind.APP_USE,
        Kind.WEB_VISIT,
        Kind.MESSAGE,
        Kind.CALL,
        Kind.PRESENCE,
        Kind.TRAFFIC,
        Kind.DEVICE_STATE,
    }
    assert SILENT_DEVICE not in {one.device for one in played}


def test_the_backlog_of_an_interruption_is_thinned_out() -> None:
    every, tenth = (
        live(world(), NOON_MS, NOON_MS, NOON_MS + 20 * MINUTE_MS, every=every) for every in (1, 10)
    )
    assert len(locations(tenth)) < len(locations(every)) / 4
    assert len(tenth) - len(locations(tenth)) == len(every) - len(locations(every))


def test_the_round_of_the_father_is_the_recorded_one() -> None:
    recorded = [point.position for point in world().recordings["drive"].legs[0].points]
    for second in range(0, 400, 10):
        here = live_position(world(), person("father"), NOON_MS, NOON_MS + second * 1000)
        assert min(distance(here, point) for point in recorded) < 140.0


def _play(start_ms: int, minutes: int) -> list[Seen]:
    return live(world(), start_ms, start_ms, start_ms + minutes * MINUTE_MS)


def _transitions(played: list[Seen], device: str, key: str) -> list[tuple[str, int]]:
    """As the platform's own places see it, with their hysteresis."""
    here = spot(key)
    assert here.radius_m is not None
    place = Place(key, "", here.name, Circle(*here.position, here.radius_m), 0)
    found: list[tuple[str, int]] = []
    inside: bool | None = None
    for one in locations(played, device):
        now = place.contains(*position(one), one.observation["accuracy_m"], inside)
        if inside is not None and now is not inside:
            found.append(("enter" if now else "leave", one.time_ms))
        inside = now
    return found
