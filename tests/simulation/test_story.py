"""The past and the live part are one story, however often it is interrupted."""

from itertools import pairwise

import pytest

from adapters.inbound.cli.simulation.history import planned_position
from adapters.inbound.cli.simulation.live import START
from adapters.inbound.cli.simulation.people import (
    DEVICES,
    PEOPLE,
    SILENT_DEVICE,
    SILENT_FOR_MS,
    person,
)
from adapters.inbound.cli.simulation.plane import distance
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.story import PLAYS_ON_WITHIN_MS, Chapter, Story
from domain.kinds import Kind
from tests.simulation.bounds import faults
from tests.simulation.worlds import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    NOON_MS,
    locations,
    position,
    world,
)

PHONES = [device for device in DEVICES if device.is_phone]
FASTEST_MPS = 36.0
RECEIVER_JUMP_M = 130.0
"""The recorded lake walk has a jump of 184 m within two seconds. It is kept as it is."""

HOURS = range(0, 168, 11)


@pytest.mark.parametrize("hours", HOURS)
def test_nobody_jumps_from_the_past_into_the_live_part(hours: int) -> None:
    live_ms = NOON_MS + hours * HOUR_MS
    story = Story(world(), Chapter(live_ms - 2 * DAY_MS, live_ms))
    for phone in PHONES:
        told = story.told(phone.key, live_ms - 2 * DAY_MS, live_ms + 4 * MINUTE_MS)
        _assert_continuous(locations(told))


@pytest.mark.parametrize("hours", [7, 19, 53])
def test_nobody_jumps_when_the_live_part_was_interrupted(hours: int) -> None:
    first = Chapter(NOON_MS - DAY_MS, NOON_MS)
    stopped_ms = NOON_MS + 20 * MINUTE_MS
    live_ms = stopped_ms + hours * HOUR_MS
    second = first.continued(stopped_ms, live_ms)
    assert second == Chapter(stopped_ms, live_ms, NOON_MS)
    for phone in PHONES:
        before = Story(world(), first).told(phone.key, stopped_ms - 4 * MINUTE_MS, stopped_ms)
        after = Story(world(), second).told(phone.key, stopped_ms, live_ms + 4 * MINUTE_MS)
        _assert_continuous(locations([*before, *after]))


def test_after_a_short_interruption_the_live_part_goes_on() -> None:
    chapter = Chapter(NOON_MS - DAY_MS, NOON_MS)
    assert chapter.continued(NOON_MS + HOUR_MS, NOON_MS + PLAYS_ON_WITHIN_MS) == chapter
    assert chapter.continued(NOON_MS - HOUR_MS, NOON_MS + HOUR_MS) == chapter


def test_an_unfinished_past_is_told_from_where_it_broke_off() -> None:
    chapter = Chapter(NOON_MS - 7 * DAY_MS, NOON_MS)
    later = NOON_MS + DAY_MS
    assert chapter.continued(NOON_MS - 5 * DAY_MS, later) == Chapter(NOON_MS - 5 * DAY_MS, later)


def test_everybody_is_at_the_start_when_the_live_part_begins() -> None:
    story = Story(world(), Chapter(NOON_MS - DAY_MS, NOON_MS))
    for phone in PHONES:
        last = locations(story.told(phone.key, NOON_MS - HOUR_MS, NOON_MS))[-1]
        assert distance(position(last), START[phone.person]) < 30.0


def test_the_past_is_within_bounds_and_known_when_it_is_told() -> None:
    story = Story(world(), Chapter(NOON_MS - 3 * DAY_MS, NOON_MS))
    for device in DEVICES:
        told = story.told(device.key, NOON_MS - 3 * DAY_MS, NOON_MS)
        assert told
        assert [one for one in told if faults(one.kind, one.observation)] == []
        assert all(one.known_ms < NOON_MS and one.kind in device.kinds for one in told)
        assert all(one.time_ms <= other.time_ms for one, other in pairwise(told))


def test_the_silent_device_was_heard_of_and_is_silent_now() -> None:
    story = Story(world(), Chapter(NOON_MS - 7 * DAY_MS, NOON_MS))
    told = story.told(SILENT_DEVICE, NOON_MS - 7 * DAY_MS, NOON_MS + HOUR_MS)
    assert NOON_MS - 3 * DAY_MS < told[-1].time_ms < NOON_MS - SILENT_FOR_MS


def test_within_the_past_only_details_are_untold() -> None:
    story = Story(world(), Chapter(NOON_MS - 3 * DAY_MS, NOON_MS))
    from_ms, to_ms = NOON_MS - 2 * DAY_MS, NOON_MS - DAY_MS
    told = locations(story.told("father-phone", from_ms, to_ms))
    untold = story.untold("father-phone", Kind.LOCATION, from_ms, to_ms)
    assert untold and all(one.detail for one in untold)
    assert not {one.time_ms for one in told} & {one.time_ms for one in untold}
    assert story.untold("father-phone", Kind.MESSAGE, from_ms, to_ms) == []


def test_before_the_past_everything_is_untold() -> None:
    story = Story(world(), Chapter(NOON_MS - 3 * DAY_MS, NOON_MS))
    untold = story.untold("computer", Kind.WEB_VISIT, NOON_MS - 5 * DAY_MS, NOON_MS - DAY_MS)
    assert untold
    assert all(one.known_ms < NOON_MS - 3 * DAY_MS for one in untold)


def test_the_live_part_has_nothing_untold() -> None:
    story = Story(world(), Chapter(NOON_MS - 3 * DAY_MS, NOON_MS))
    assert story.untold("father-phone", Kind.LOCATION, NOON_MS, NOON_MS + DAY_MS) == []


def test_the_planned_days_have_a_position_at_each_moment() -> None:
    for who in PEOPLE:
        for minutes in range(0, 48 * 60, 7):
            planned_position(world(), person(who.key), NOON_MS + minutes * MINUTE_MS)


def _assert_continuous(fixes: list[Seen]) -> None:
    for one, other in pairwise(fixes):
        seconds = (other.time_ms - one.time_ms) / 1000
        assert seconds > 0
        error_m = one.observation["accuracy_m"] + other.observation["accuracy_m"]
        metres = distance(position(one), position(other))
        assert metres <= FASTEST_MPS * seconds + error_m + RECEIVER_JUMP_M, (one, other)
