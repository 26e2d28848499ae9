"""How long each app was used and each site looked at, while somebody was there."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

import attrs

from domain.consolidation.columns import Columns
from domain.consolidation.intervals import Interval, length_ms, union, without
from domain.consolidation.pulses import stretches
from domain.consolidation.sessions import app_sessions, presences
from domain.kinds import Kind

MAX_LISTED = 100
"""Apps and sites in a summary: those that were used longest."""

_ABSENT = ("away", "locked")


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


def used_spans(
    kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int
) -> dict[str, list[Interval]]:
    """When each app was used on one device."""
    spans: dict[str, list[Interval]] = {}
    for session in app_sessions(kinds.get(Kind.APP_USE, {}), from_ms, to_ms):
        spans.setdefault(session.app, []).append((session.from_ms, session.to_ms))
    return _while_present(kinds, spans, from_ms, to_ms)


def _while_present(
    kinds: Mapping[Kind, Columns],
    spans: Mapping[str, Iterable[Interval]],
    from_ms: int,
    to_ms: int,
) -> dict[str, list[Interval]]:
    seen = presences(kinds.get(Kind.PRESENCE, {}), from_ms, to_ms)
    absent = union((one.from_ms, one.to_ms) for one in seen if one.status in _ABSENT)
    return {name: without(union(found), absent) for name, found in spans.items()}


def app_times(used: Sequence[Mapping[str, Sequence[Interval]]]) -> tuple[AppTime, ...]:
    total_ms: dict[str, int] = {}
    for apps in used:
        for app, spans in apps.items():
            total_ms[app] = total_ms.get(app, 0) + length_ms(spans)
    longest = sorted(total_ms, key=lambda app: (-total_ms[app], app))[:MAX_LISTED]
    return tuple(AppTime(app, total_ms[app] / 1000) for app in longest)


def site_times(
    kinds: Sequence[Mapping[Kind, Columns]], from_ms: int, to_ms: int
) -> tuple[SiteTime, ...]:
    total_ms: dict[str, int] = {}
    visits: dict[str, int] = {}
    for one in kinds:
        spans: dict[str, list[Interval]] = {}
        # A page that changes its title while it is open is still one visit.
        for start, end, (url,) in stretches(one.get(Kind.WEB_VISIT, {}), ("url",), from_ms, to_ms):
            site = site_of(url)
            if site is not None:
                spans.setdefault(site, []).append((start, end))
                visits[site] = visits.get(site, 0) + 1
        for site, present in _while_present(one, spans, from_ms, to_ms).items():
            total_ms[site] = total_ms.get(site, 0) + length_ms(present)
    longest = sorted(total_ms, key=lambda site: (-total_ms[site], -visits[site], site))
    return tuple(
        SiteTime(site, total_ms[site] / 1000, visits[site]) for site in longest[:MAX_LISTED]
    )


def site_of(url: str) -> str | None:
    """The host without `www.`; None for what is not on the web (files, new tabs)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return host.removeprefix("www.") or None
