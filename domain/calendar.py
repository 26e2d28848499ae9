"""Days that differ from others of their week: school holidays, company closures."""

from bisect import bisect_right
from datetime import date

import attrs

from domain.refusals import FieldError

MAX_CALENDARS = 50
MAX_RANGES = 400
MAX_RANGE_DAYS = 366
MAX_NAME = 200


@attrs.frozen
class DayRange:
    """From `first` to `last`, both included, as ISO dates, which sort as they follow."""

    first: str
    last: str


@attrs.frozen(cache_hash=True)
class Calendar:
    """Its days are exceptions to the schedules that name it. `days` are sorted and disjoint."""

    id: str
    account_id: str
    name: str
    days: tuple[DayRange, ...]
    created_at_ms: int

    def has(self, day: date) -> bool:
        sought = day.isoformat()
        index = bisect_right(self.days, sought, key=lambda one: one.first) - 1
        return index >= 0 and sought <= self.days[index].last


def calendar_errors(calendar: Calendar) -> list[FieldError]:
    """Why a calendar cannot be; its days may come in any order, and may overlap."""
    errors = []
    if not 1 <= len(calendar.name) <= MAX_NAME:
        errors.append(FieldError("name", f"must have 1 to {MAX_NAME} characters"))
    if not 1 <= len(calendar.days) <= MAX_RANGES:
        errors.append(FieldError("days", f"needs 1 to {MAX_RANGES} ranges"))
    for index, one in enumerate(calendar.days):
        error = _range_error(one)
        if error:
            errors.append(FieldError(f"days[{index}]", error))
    return errors


def _range_error(one: DayRange) -> str:
    try:
        first, last = date.fromisoformat(one.first), date.fromisoformat(one.last)
    except ValueError:
        return "must be dates such as 2026-12-24"
    if (first.isoformat(), last.isoformat()) != (one.first, one.last):
        return "must be dates such as 2026-12-24"
    if last < first:
        return "ends before it begins"
    if (last - first).days >= MAX_RANGE_DAYS:
        return f"is longer than {MAX_RANGE_DAYS} days"
    return ""


def in_order(days: tuple[DayRange, ...]) -> tuple[DayRange, ...]:
    """Sorted, and what overlaps as one."""
    found: list[DayRange] = []
    for one in sorted(days, key=lambda one: (one.first, one.last)):
        if found and one.first <= found[-1].last:
            found[-1] = DayRange(found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return tuple(found)
