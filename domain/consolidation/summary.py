"""The numbers of a person's day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from domain.consolidation.columns import Columns, column, rows_between
from domain.consolidation.intervals import length_ms, union
from domain.consolidation.movements import Stay, Trip, movements
from domain.consolidation.stays import MIN_STAY_MS
from domain.consolidation.usage import AppTime, SiteTime, app_times, site_times, used_spans
from domain.kinds import Kind


@attrs.frozen
class Summary:
    """`distance_m`, `trips` and `stays` are those of the device that travelled furthest: two
    phones in one pocket travel once. Times of use count only while the person was not away from
    the device; `active_s` counts a moment once, on however many devices.
    """

    distance_m: float
    trips: int
    stays: int
    active_s: float
    apps: tuple[AppTime, ...]
    sites: tuple[SiteTime, ...]
    messages: int
    calls: int
    sent_bytes: int
    received_bytes: int
    battery_min: float | None


def summary(
    devices: Mapping[str, Mapping[Kind, Columns]], from_ms: int, to_ms: int, now_ms: int
) -> Summary:
    """Of [from_ms, to_ms), from the columns of all devices of a person, by device id.

    The columns should reach beyond both ends as for `movements`; what lies outside counts
    nothing.
    """
    kinds = [devices[device_id] for device_id in sorted(devices)]
    distance_m, trips, stays = max(
        (_travel(one.get(Kind.LOCATION, {}), from_ms, to_ms, now_ms) for one in kinds),
        default=(0.0, 0, 0),
    )
    used = [used_spans(one, from_ms, to_ms) for one in kinds]
    traffic = [row for one in kinds for row in _traffic(one, from_ms, to_ms)]
    return Summary(
        distance_m=distance_m,
        trips=trips,
        stays=stays,
        active_s=length_ms(
            union(span for apps in used for spans in apps.values() for span in spans)
        )
        / 1000,
        apps=app_times(used),
        sites=site_times(kinds, from_ms, to_ms),
        messages=sum(_count(one, Kind.MESSAGE, _MESSAGE, from_ms, to_ms) for one in kinds),
        calls=sum(_count(one, Kind.CALL, _CALL, from_ms, to_ms) for one in kinds),
        sent_bytes=sum(sent for sent, _ in traffic),
        received_bytes=sum(received for _, received in traffic),
        battery_min=min(
            (level for one in kinds for level in _battery(one, from_ms, to_ms)), default=None
        ),
    )


def summary_json(day: date, numbers: Summary) -> dict[str, Any]:
    """One day of the answer to `GET /api/v1/people/{id}/summary`."""
    return {
        "date": day.isoformat(),
        **attrs.asdict(numbers, recurse=False),
        "distance_m": round(numbers.distance_m, 1),
        "apps": [attrs.asdict(app) for app in numbers.apps],
        "sites": [attrs.asdict(site) for site in numbers.sites],
    }


_MESSAGE = ("direction", "channel", "counterpart", "text", "size_bytes")
_CALL = ("direction", "counterpart", "outcome", "duration_s")


def _travel(columns: Columns, from_ms: int, to_ms: int, now_ms: int) -> tuple[float, int, int]:
    """Metres, trips and stays; a moment at which a device was seen is no stay."""
    items = movements(columns, from_ms, to_ms, now_ms).items
    trips = [item for item in items if isinstance(item, Trip)]
    stays = [
        item
        for item in items
        if isinstance(item, Stay) and item.to_ms - item.from_ms >= MIN_STAY_MS
    ]
    return sum(trip.distance_m for trip in trips), len(trips), len(stays)


def _count(
    kinds: Mapping[Kind, Columns], kind: Kind, names: Sequence[str], from_ms: int, to_ms: int
) -> int:
    return len(rows_between(kinds.get(kind, {}), names, from_ms, to_ms))


def _traffic(kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int) -> list[tuple[int, int]]:
    names = ("interface", "app", "sent_bytes", "received_bytes")
    rows = rows_between(kinds.get(Kind.TRAFFIC, {}), names, from_ms, to_ms)
    return [(row[3], row[4]) for row in rows]


def _battery(kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int) -> list[float]:
    columns = kinds.get(Kind.DEVICE_STATE, {})
    levels = zip(columns.get("time_ms", ()), column(columns, "battery"), strict=True)
    return [level for time_ms, level in levels if level is not None and from_ms <= time_ms < to_ms]
