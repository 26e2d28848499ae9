"""Calendars of exceptions, alone and with the schedules that name them."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import MAX_RANGES, Calendar, DayRange, calendar_errors, in_order
from domain.schedule import WEEKDAYS, Schedule
from tests.domain.builders import BERLIN, utc

SUMMER = Calendar(
    "c",
    "a",
    "Holidays",
    (DayRange("2024-06-07", "2024-06-08"), DayRange("2024-10-27", "2024-10-27")),
    0,
)


def test_both_ends_of_a_range_belong_to_it() -> None:
    days = [date(2024, 6, 5) + timedelta(days=n) for n in range(6)]
    assert [SUMMER.has(day) for day in days] == [False, False, True, True, False, False]
    assert not SUMMER.has(date(2023, 6, 7))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"days": ()}, "days"),
        ({"days": (DayRange("2024-01-01", "2024-01-01"),) * (MAX_RANGES + 1)}, "days"),
        ({"days": (DayRange("2024-01-02", "2024-01-01"),)}, "days[0]"),
        ({"days": (SUMMER.days[0], DayRange("2024-02-30", "2024-03-01"))}, "days[1]"),
        ({"days": (DayRange("20240101", "2024-01-02"),)}, "days[0]"),
        ({"days": (DayRange("2024-W01-1", "2024-01-02"),)}, "days[0]"),
        ({"days": (DayRange("2024-01-01", "2025-01-01"),)}, "days[0]"),
    ],
)
def test_what_cannot_be_a_calendar(changes: dict[str, Any], field: str) -> None:
    assert calendar_errors(SUMMER) == []
    wrong = attrs.evolve(SUMMER, **changes)
    assert [error.field for error in calendar_errors(wrong)] == [field]


offsets = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10)), min_size=1, max_size=12)
FIRST = date(2024, 1, 1)


@given(offsets)
def test_ranges_in_any_order_cover_the_same_days_in_order(given_: list[tuple[int, int]]) -> None:
    ranges = tuple(
        DayRange(*(str(FIRST + timedelta(days=n)) for n in (start, start + length)))
        for start, length in given_
    )
    sorted_ = in_order(ranges)
    calendar = attrs.evolve(SUMMER, days=sorted_)
    for n in range(75):
        covered = any(start <= n <= start + length for start, length in given_)
        assert calendar.has(FIRST + timedelta(days=n)) is covered
    assert in_order(sorted_) == sorted_
    assert all(one.last < two.first for one, two in pairwise(sorted_))


NIGHT = Schedule(WEEKDAYS, 22 * 60, 6 * 60, "c")


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2024-06-06T21:00", True),  # in Berlin two hours later
        ("2024-06-07T03:00", True),
        ("2024-06-07T21:00", False),
        ("2024-06-08T03:00", False),
        ("2024-06-09T03:00", False),
        ("2024-06-09T21:00", True),
        ("2024-10-26T23:30", True),
        ("2024-10-27T00:30", True),
        ("2024-10-27T01:30", True),
        ("2024-10-27T21:30", False),
        ("2024-10-28T04:30", False),
        ("2024-10-28T05:30", False),
    ],
)
def test_an_exception_is_the_day_on_which_the_night_begins(moment: str, covered: bool) -> None:
    assert NIGHT.covers(utc(moment), BERLIN, SUMMER) is covered


@given(st.integers(0, 4 * 1_440 - 1))
def test_without_its_exceptions_a_schedule_is_the_same(minute: int) -> None:
    moment = utc("2024-06-06T00:00") + minute * 60_000
    plain = attrs.evolve(NIGHT, calendar_id=None)
    assert NIGHT.covers(moment, BERLIN) is plain.covers(moment, BERLIN)
    assert not NIGHT.covers(moment, BERLIN, SUMMER) or plain.covers(moment, BERLIN)
