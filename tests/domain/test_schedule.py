"""Weekly hours in a person's time zone, and local days."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.schedule import WEEKDAYS, Schedule
from domain.times import DAY_MS, from_datetime, local, local_day_bounds, to_rfc3339
from tests.domain.builders import BERLIN, HOUR_MS, MINUTE_MS, utc

SCHOOL = Schedule(("mon", "tue", "wed", "thu", "fri"), 8 * 60, 15 * 60)
NIGHT = Schedule(("fri", "sat"), 22 * 60, 6 * 60)


def berlin(text: str, *, fold: int = 0) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)
    return from_datetime(moment.astimezone(UTC))


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2024-06-03T07:59:59", False),
        ("2024-06-03T08:00:00", True),
        ("2024-06-03T14:59:59", True),
        ("2024-06-03T15:00:00", False),
        ("2024-06-08T10:00:00", False),
    ],
)
def test_school_hours(moment: str, covered: bool) -> None:
    assert SCHOOL.covers(berlin(moment), BERLIN) is covered


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2024-06-07T21:59:59", False),  # a Friday
        ("2024-06-07T22:00:00", True),
        ("2024-06-08T05:59:59", True),
        ("2024-06-08T06:00:00", False),
        ("2024-06-08T22:00:00", True),
        ("2024-06-09T05:00:00", True),
        ("2024-06-09T22:00:00", False),
        ("2024-06-07T05:00:00", False),
        ("2024-06-10T05:00:00", False),
    ],
)
def test_hours_across_midnight_belong_to_the_day_on_which_they_start(
    moment: str, covered: bool
) -> None:
    assert NIGHT.covers(berlin(moment), BERLIN) is covered


def test_hours_from_a_time_to_the_same_are_a_whole_day() -> None:
    schedule = Schedule(("mon",), 480, 480)
    assert schedule.covers(berlin("2024-06-03T08:00:00"), BERLIN)
    assert schedule.covers(berlin("2024-06-04T07:59:00"), BERLIN)
    assert not schedule.covers(berlin("2024-06-04T08:00:00"), BERLIN)


def test_hours_follow_the_clock_on_the_wall_when_it_is_changed() -> None:
    early = Schedule(WEEKDAYS, 2 * 60, 3 * 60)
    spring = [berlin("2024-03-31T00:00:00") + m * MINUTE_MS for m in range(23 * 60)]
    autumn = [berlin("2024-10-27T00:00:00") + m * MINUTE_MS for m in range(25 * 60)]
    assert sum(early.covers(moment, BERLIN) for moment in spring) == 0, "that hour is left out"
    assert sum(early.covers(moment, BERLIN) for moment in autumn) == 120, "and comes twice"
    before, after = berlin("2024-03-30T08:30:00"), berlin("2024-04-01T08:30:00")
    assert after - before == 47 * HOUR_MS
    assert SCHOOL.covers(after, BERLIN)


@given(
    st.integers(0, 7 * 1440 - 1),
    st.sets(st.sampled_from(WEEKDAYS)),
    st.integers(0, 1439),
    st.integers(0, 1440),
)
def test_a_schedule_and_its_complement_split_the_day(
    minute: int, days: set[str], start: int, end: int
) -> None:
    zone = ZoneInfo("UTC")
    moment = utc("2024-06-03T00:00:00") + minute * MINUTE_MS
    some = Schedule(tuple(days), start, end)
    all_days = Schedule(WEEKDAYS, start, end)
    rest = Schedule(tuple(set(WEEKDAYS) - days), start, end)
    covered = some.covers(moment, zone), rest.covers(moment, zone)
    assert sum(covered) == all_days.covers(moment, zone)
    if 0 < start != end and end not in (0, 1440):
        assert all_days.covers(moment, zone) != Schedule(WEEKDAYS, end, start).covers(moment, zone)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2024, 6, 3), 24), (date(2024, 3, 31), 23), (date(2024, 10, 27), 25)],
)
def test_local_days_have_23_to_25_hours(day: date, hours: int) -> None:
    start, end = local_day_bounds(day, BERLIN)
    assert end - start == hours * HOUR_MS
    assert local(start, BERLIN).date() == day
    assert local(end - 1, BERLIN).date() == day


@pytest.mark.parametrize(
    "zone", ["Africa/Cairo", "Asia/Beirut", "America/Havana", "Asia/Kathmandu"]
)
def test_local_days_follow_one_another_where_clocks_change_at_midnight(zone: str) -> None:
    days = [date.fromordinal(date(2023, 12, 31).toordinal() + n) for n in range(367)]
    bounds = [local_day_bounds(day, ZoneInfo(zone)) for day in days]
    assert all(end == start for (_, end), (start, _) in pairwise(bounds))
    assert sum(end - start for start, end in bounds) == 367 * DAY_MS


@given(st.integers(946_684_800_000, 4_102_444_800_000))
def test_times_in_rfc_3339_come_back(time_ms: int) -> None:
    text = to_rfc3339(time_ms)
    assert text.endswith("Z")
    assert from_datetime(datetime.fromisoformat(text)) == time_ms


def test_fractions_are_written_only_where_there_are_any() -> None:
    assert to_rfc3339(0) == "1970-01-01T00:00:00Z"
    assert to_rfc3339(1_001) == "1970-01-01T00:00:01.001Z"
