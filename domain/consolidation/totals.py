"""Summaries of days added up to weeks, months and ranges, and compared with what was before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from domain.consolidation.cleaning import Cleaned
from domain.consolidation.summary import Summary
from domain.consolidation.usage import AppTime, CategoryTime, SiteTime


class Span(StrEnum):
    """What one line of a summary is about. Weeks begin on Mondays."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def first_day(self, day: date) -> date:
        """Of the span in which a day lies."""
        if self is Span.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Span.MONTH else day


def by_span(days: Mapping[date, Summary], span: Span) -> list[tuple[date, date, Summary]]:
    """First day, last day and total of each span; of one that is cut off, of its days here."""
    groups: dict[date, list[date]] = {}
    for day in sorted(days):
        groups.setdefault(span.first_day(day), []).append(day)
    return [(group[0], group[-1], total([days[day] for day in group])) for group in groups.values()]


def total(days: Sequence[Summary]) -> Summary:
    """Of all days together; a trip or a stay over midnight is one of each day."""
    levels = [day.battery_min for day in days if day.battery_min is not None]
    apps = _summed((app.app, app.duration_s) for day in days for app in day.apps)
    sites = _summed((site.site, site.duration_s) for day in days for site in day.sites)
    visits = _summed((site.site, site.visits) for day in days for site in day.sites)
    categories = _summed((one.category, one.duration_s) for day in days for one in day.categories)
    return Summary(
        distance_m=sum(day.distance_m for day in days),
        moving_s=_seconds(sum(day.moving_s for day in days)),
        trips=sum(day.trips for day in days),
        stays=tuple(stay for day in days for stay in day.stays),
        left_out=Cleaned.together(day.left_out for day in days),
        active_s=_seconds(sum(day.active_s for day in days)),
        apps=tuple(AppTime(app, apps[app]) for app in _longest(apps)),
        sites=tuple(SiteTime(site, sites[site], int(visits[site])) for site in _longest(sites)),
        categories=tuple(CategoryTime(one, categories[one]) for one in _longest(categories)),
        messages=sum(day.messages for day in days),
        calls=sum(day.calls for day in days),
        sent_bytes=sum(day.sent_bytes for day in days),
        received_bytes=sum(day.received_bytes for day in days),
        battery_min=min(levels, default=None),
    )


_COMPARED = (
    "distance_m",
    "moving_s",
    "trips",
    "active_s",
    "messages",
    "calls",
    "sent_bytes",
    "received_bytes",
)


def changes(now: Summary, before: Summary) -> dict[str, Any]:
    """By how much more there is of each than before, negative when it is less."""
    found: dict[str, Any] = {
        name: _seconds(getattr(now, name) - getattr(before, name)) for name in _COMPARED
    }
    found["stays"] = len(now.stays) - len(before.stays)
    lengths = {one.category: one.duration_s for one in now.categories}
    earlier = {one.category: one.duration_s for one in before.categories}
    found["categories"] = [
        {
            "category": category,
            "duration_s": _seconds(lengths.get(category, 0) - earlier.get(category, 0)),
        }
        for category in sorted({*lengths, *earlier})
    ]
    return found


def _summed(rows: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, amount in rows:
        found[name] = _seconds(found.get(name, 0) + amount)
    return found


def _longest(lengths: Mapping[str, float]) -> list[str]:
    return sorted(lengths, key=lambda name: (-lengths[name], name))


def _seconds(amount: float) -> float:
    """Times are whole milliseconds, also when they are added."""
    return round(amount, 3)
