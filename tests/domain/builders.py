"""What the tests of the domain are made of: a town on a plane, and a Monday in June."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from domain.consolidation.columns import Columns
from domain.geometry import EARTH_RADIUS_M
from domain.kinds import Kind
from domain.observations import DeviceState, Location
from domain.place import Circle, Place, Polygon
from domain.rules.binding import BoundRule, Surroundings
from domain.rules.condition import Condition
from domain.rules.rule import Rule, Scope
from domain.schedule import Schedule
from domain.times import from_datetime

BERLIN = ZoneInfo("Europe/Berlin")
TOWN = (48.137, 11.575)
MONDAY_MS = from_datetime(datetime(2024, 6, 3, tzinfo=UTC))
"""Midnight in UTC; two o'clock in Berlin."""
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000


def at(minutes: float) -> int:
    """Milliseconds; minutes count from the Monday's midnight in UTC."""
    return MONDAY_MS + round(minutes * MINUTE_MS)


def utc(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=UTC))


def position(east_m: float, north_m: float = 0.0) -> tuple[float, float]:
    """So far from the middle of the town."""
    lat, lon = TOWN
    shortening = math.cos(math.radians(lat))
    return (
        lat + math.degrees(north_m / EARTH_RADIUS_M),
        lon + math.degrees(east_m / EARTH_RADIUS_M) / shortening,
    )


def fix(
    minutes: float,
    east_m: float,
    north_m: float = 0.0,
    *,
    accuracy_m: float | None = 10.0,
    speed_mps: float | None = None,
    source: str | None = None,
) -> Location:
    lat, lon = position(east_m, north_m)
    return Location(
        at(minutes), lat, lon, accuracy_m=accuracy_m, speed_mps=speed_mps, source=source
    )


def battery(minutes: float, level: float | None) -> DeviceState:
    return DeviceState(at(minutes), battery=level)


def columns(observations: Sequence[Any]) -> Columns:
    """As a codec gives them: a field that no observation has is not there."""
    rows = [
        attrs.asdict(seen, recurse=False) for seen in sorted(observations, key=lambda o: o.time_ms)
    ]
    names = [name for name in (rows[0] if rows else ()) if any(r[name] is not None for r in rows)]
    return {name: [row[name] for row in rows] for name in names}


def reordered(given: Columns, order: Sequence[int]) -> Columns:
    """The same observations in another order; some perhaps twice, or none."""
    return {name: [values[index] for index in order] for name, values in given.items()}


def circle(radius_m: float = 100.0, east_m: float = 0.0, *, id_: str = "school") -> Place:
    return Place(id_, "account", id_.title(), Circle(*position(east_m), radius_m), 0)


def square(half_m: float, east_m: float = 0.0, *, id_: str = "yard") -> Place:
    corners = ((-1, -1), (-1, 1), (1, 1), (1, -1))
    shape = Polygon(tuple(position(east_m + e * half_m, n * half_m) for e, n in corners))
    return Place(id_, "account", id_.title(), shape, 0)


def bound(
    when: Condition,
    *,
    hold_s: float = 0.0,
    clear_s: float = 0.0,
    cooldown_s: float = 0.0,
    schedule: Schedule | None = None,
    place: Place | None = None,
    id_: str = "rule",
) -> BoundRule:
    rule = Rule(
        id=id_,
        account_id="account",
        name="a rule",
        scope=Scope(),
        when=when,
        created_at_ms=0,
        hold_s=hold_s,
        clear_s=clear_s,
        schedule=schedule,
        cooldown_s=cooldown_s,
    )
    around = Surroundings(BERLIN, places=_Anywhere(place if place is not None else circle()))
    return BoundRule(rule, around)


class _Anywhere(dict[str, Place]):
    """The same place, under whatever id a rule knows it."""

    def __init__(self, place: Place) -> None:
        super().__init__({place.id: place})
        self._place = place

    def __missing__(self, _id: str) -> Place:
        return self._place


def kinds(**given: Sequence[Any]) -> dict[Kind, Columns]:
    """Columns by kind, of one device."""
    return {Kind(name): columns(observations) for name, observations in given.items()}
