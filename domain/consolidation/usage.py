"""How long apps were used, sites looked at and categories of both, while somebody was there."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from domain.categories import Categorizer
from domain.consolidation.columns import Columns
from domain.consolidation.intervals import Interval, length_ms, union, without
from domain.consolidation.pulses import cut, stretches, whole_stretches
from domain.kinds import Kind
from domain.sites import host_of

ABSENT = ("away", "locked")

Spans = Mapping[str, Sequence[Interval]]
"""By name, when it was used: sorted and disjoint."""


@attrs.frozen
class AppTime:
    app: str
    duration_s: float


@attrs.frozen
class SiteTime:
    """`visits` counts how often a page of the site was turned to."""

    site: str
    duration_s: float
    visits: int


@attrs.frozen
class CategoryTime:
    category: str
    duration_s: float


@attrs.frozen
class Labels:
    """How hosts become sites, and apps and hosts find their category."""

    site_of: Callable[[str], str | None] = host_of
    categorizer: Categorizer = attrs.field(factory=lambda: Categorizer(()))


@attrs.frozen
class Use:
    """When each app and each host was before the eyes of whoever had one device, and when
    somebody was there at all. What happened while nobody was is left out.

    `visits` are those that began in the range, by host.
    """

    apps: Spans
    hosts: Spans
    visits: Mapping[str, int]
    active: Sequence[Interval]


def use_of(kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int) -> Use:
    """Of one device in [from_ms, to_ms).

    Somebody is there while an app is used, a page is looked at or the device says so, and never
    while it says that nobody is.
    """
    statuses = stretches(kinds.get(Kind.PRESENCE, {}), ("status",), from_ms, to_ms)
    absent = union(row[:2] for row in statuses if row[2][0] in ABSENT)
    apps: dict[str, list[Interval]] = {}
    for start, end, (app,) in stretches(kinds.get(Kind.APP_USE, {}), ("app",), from_ms, to_ms):
        apps.setdefault(app, []).append((start, end))
    hosts, visits = _hosts(kinds.get(Kind.WEB_VISIT, {}), from_ms, to_ms)
    there = [row[:2] for row in statuses if row[2][0] not in ABSENT]
    used = [span for spans in (*apps.values(), *hosts.values()) for span in spans]
    return Use(
        apps={name: without(union(spans), absent) for name, spans in apps.items()},
        hosts={name: without(union(spans), absent) for name, spans in hosts.items()},
        visits=visits,
        active=without(union([*there, *used]), absent),
    )


def app_times(uses: Sequence[Use]) -> tuple[AppTime, ...]:
    """Longest first; on two devices at once counts once, here and below."""
    lengths = _lengths((use.apps for use in uses), lambda app: app)
    longest = sorted(lengths, key=lambda app: (-lengths[app], app))
    return tuple(AppTime(app, lengths[app] / 1000) for app in longest)


def site_times(uses: Sequence[Use], site_of: Callable[[str], str | None]) -> tuple[SiteTime, ...]:
    lengths = _lengths((use.hosts for use in uses), site_of)
    visits: dict[str, int] = {}
    for use in uses:
        for host, count in use.visits.items():
            site = site_of(host)
            if site is not None:
                visits[site] = visits.get(site, 0) + count
    longest = sorted(
        {*lengths, *visits}, key=lambda site: (-lengths.get(site, 0), -visits.get(site, 0), site)
    )
    return tuple(
        SiteTime(site, lengths.get(site, 0) / 1000, visits.get(site, 0)) for site in longest
    )


def category_times(uses: Sequence[Use], categorizer: Categorizer) -> tuple[CategoryTime, ...]:
    """An app and a site of one category at the same moment count once."""
    spans: dict[str, list[Interval]] = {}
    for use in uses:
        for names, category_of in (
            (use.apps, categorizer.of_app),
            (use.hosts, categorizer.of_site),
        ):
            for name, found in names.items():
                category = category_of(name)
                if category is not None:
                    spans.setdefault(category, []).extend(found)
    lengths = {category: length_ms(union(found)) for category, found in spans.items()}
    longest = sorted(lengths, key=lambda category: (-lengths[category], category))
    return tuple(CategoryTime(category, lengths[category] / 1000) for category in longest)


def active_s(uses: Sequence[Use]) -> float:
    """How long somebody was at any of the devices."""
    return length_ms(union(span for use in uses for span in use.active)) / 1000


def _lengths(devices: Iterable[Spans], group_of: Callable[[str], str | None]) -> dict[str, int]:
    """Milliseconds by group of names; what has no group is left out."""
    spans: dict[str, list[Interval]] = {}
    for names in devices:
        for name, found in names.items():
            group = group_of(name)
            if group is not None:
                spans.setdefault(group, []).extend(found)
    return {group: length_ms(union(found)) for group, found in spans.items()}


def _hosts(
    columns: Columns, from_ms: int, to_ms: int
) -> tuple[dict[str, list[Interval]], dict[str, int]]:
    """A page that changes its title while it is open is still one visit."""
    spans: dict[str, list[Interval]] = {}
    visits: dict[str, int] = {}
    whole = whole_stretches(columns, ("url",))
    for start, _, (url,) in whole:
        host = host_of(url) if from_ms <= start < to_ms else None
        if host is not None:
            visits[host] = visits.get(host, 0) + 1
    for start, end, (url,) in cut(whole, from_ms, to_ms):
        host = host_of(url)
        if host is not None:
            spans.setdefault(host, []).append((start, end))
    return spans, visits
