"""The numbers of a person's day, or of more than one."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from domain.consolidation.cleaning import Cleaned
from domain.consolidation.columns import Columns, column, rows_between
from domain.consolidation.communications import CALL_FIELDS, MESSAGE_FIELDS
from domain.consolidation.movements import Movement, Stay, Trip, movements
from domain.consolidation.stays import MIN_STAY_MS
from domain.consolidation.usage import (
    AppTime,
    CategoryTime,
    Labels,
    SiteTime,
    active_s,
    app_times,
    category_times,
    site_times,
    use_of,
)
from domain.consolidation.whereabouts import StayTime
from domain.kinds import Kind

MAX_LISTED = 100
"""Apps, sites and categories in an answer: those that were used longest."""


@attrs.frozen
class Summary:
    """`distance_m`, `moving_s`, `trips` and `stays` are those of the device that travelled
    furthest: two phones in one pocket travel once. Times of use count only while the person was
    not away from the device, and a moment once, on however many devices; so do messages and calls
    that more than one device tells of. `left_out` are fixes of all devices that say nothing.
    """

    distance_m: float = 0.0
    moving_s: float = 0.0
    trips: int = 0
    stays: tuple[StayTime, ...] = ()
    left_out: Cleaned = Cleaned()
    active_s: float = 0.0
    apps: tuple[AppTime, ...] = ()
    sites: tuple[SiteTime, ...] = ()
    categories: tuple[CategoryTime, ...] = ()
    messages: int = 0
    calls: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    battery_min: float | None = None

    @staticmethod
    def of(fields: Mapping[str, Any]) -> "Summary":
        """From its fields, as `attrs.asdict` and JSON leave them."""
        lists = {
            name: tuple(class_(**one) for one in fields[name]) for name, class_ in _LISTS.items()
        }
        return Summary(**{**fields, **lists, "left_out": Cleaned(**fields["left_out"])})


_USES: dict[str, type[Any]] = {"apps": AppTime, "sites": SiteTime, "categories": CategoryTime}
_LISTS = {**_USES, "stays": StayTime}


def summary(
    devices: Mapping[str, Mapping[Kind, Columns]],
    from_ms: int,
    to_ms: int,
    now_ms: int,
    labels: Labels,
) -> Summary:
    """Of [from_ms, to_ms), from the columns of all devices of a person, by device id.

    The columns should reach beyond both ends as for `movements`; what lies outside counts
    nothing.
    """
    kinds = [devices[device_id] for device_id in sorted(devices)]
    moved = [movements(one.get(Kind.LOCATION, {}), from_ms, to_ms, now_ms) for one in kinds]
    travel = max(
        (_travel(one.items) for one in moved), default=_Travel(), key=lambda one: one.reach
    )
    uses = [use_of(one, from_ms, to_ms) for one in kinds]
    traffic = [row for one in kinds for row in _traffic(one, from_ms, to_ms)]
    return Summary(
        distance_m=travel.distance_m,
        moving_s=travel.moving_s,
        trips=travel.trips,
        stays=travel.stays,
        left_out=Cleaned.together(one.cleaned for one in moved),
        active_s=active_s(uses),
        apps=app_times(uses),
        sites=site_times(uses, labels.site_of),
        categories=category_times(uses, labels.categorizer),
        messages=_count(kinds, Kind.MESSAGE, MESSAGE_FIELDS, from_ms, to_ms),
        calls=_count(kinds, Kind.CALL, CALL_FIELDS, from_ms, to_ms),
        sent_bytes=sum(sent for sent, _ in traffic),
        received_bytes=sum(received for _, received in traffic),
        battery_min=min(
            (level for one in kinds for level in _battery(one, from_ms, to_ms)), default=None
        ),
    )


def summary_json(numbers: Summary) -> dict[str, Any]:
    """The numbers as an answer to `GET /api/v1/people/{id}/summary` has them."""
    lists = {
        name: [attrs.asdict(one) for one in getattr(numbers, name)[:MAX_LISTED]] for name in _USES
    }
    return {
        **attrs.asdict(numbers, recurse=False),
        **lists,
        "distance_m": round(numbers.distance_m, 1),
        "stays": len(numbers.stays),
        "left_out": attrs.asdict(numbers.left_out),
    }


@attrs.frozen
class _Travel:
    """What one device tells of the person's way."""

    distance_m: float = 0.0
    trips: int = 0
    stays: tuple[StayTime, ...] = ()
    moving_s: float = 0.0

    @property
    def reach(self) -> tuple[object, ...]:
        """That of the device that counts is greater: it came further, or was somewhere longer."""
        return self.distance_m, self.trips, sum(stay.duration_s for stay in self.stays), self.stays


def _travel(items: Sequence[Movement]) -> _Travel:
    """A moment at which a device was seen is no stay."""
    trips = [item for item in items if isinstance(item, Trip)]
    stays = [
        item
        for item in items
        if isinstance(item, Stay) and item.to_ms - item.from_ms >= MIN_STAY_MS
    ]
    return _Travel(
        distance_m=sum(trip.distance_m for trip in trips),
        trips=len(trips),
        stays=tuple(
            StayTime(round(stay.lat, 7), round(stay.lon, 7), (stay.to_ms - stay.from_ms) / 1000)
            for stay in stays
        ),
        moving_s=sum(trip.to_ms - trip.from_ms for trip in trips) / 1000,
    )


def _count(
    devices: Sequence[Mapping[Kind, Columns]],
    kind: Kind,
    names: Sequence[str],
    from_ms: int,
    to_ms: int,
) -> int:
    return len(
        {row for one in devices for row in rows_between(one.get(kind, {}), names, from_ms, to_ms)}
    )


def _traffic(kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int) -> list[tuple[int, int]]:
    names = ("interface", "app", "sent_bytes", "received_bytes")
    rows = rows_between(kinds.get(Kind.TRAFFIC, {}), names, from_ms, to_ms)
    return [(row[3], row[4]) for row in rows]


def _battery(kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int) -> list[float]:
    columns = kinds.get(Kind.DEVICE_STATE, {})
    levels = zip(columns.get("time_ms", ()), column(columns, "battery"), strict=True)
    return [level for time_ms, level in levels if level is not None and from_ms <= time_ms < to_ms]
