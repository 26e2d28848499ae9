"""What the places of a day are called: by the account's own places, else by the nearest town."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from domain.consolidation.carrying import Conflict
from domain.consolidation.movements import Movement, Stay, Trip
from domain.geometry import EARTH_RADIUS_M, offset_m
from domain.place import Circle, Place, Polygon
from domain.town import Town

Position = tuple[float, float]
"""Latitude and longitude in degrees."""

_ROUNDING_DEG = 0.0001


@attrs.frozen
class Spot:
    """Where a stay was, or a trip started or ended, and the account's place around it."""

    position: Position
    place: Place | None


def spots_of(event: Movement | Conflict, places: Sequence[Place]) -> tuple[Spot, ...]:
    """One of a stay, start and end of a trip, that of each device in a conflict, none of a gap."""
    match event:
        case Stay():
            return (_spot((event.lat, event.lon), places),)
        case Trip():
            return _spot(event.start, places), _spot(event.end, places)
        case Conflict():
            here, there = event.positions
            return _spot(here, places), _spot(there, places)
        case _:
            return ()


def spot_json(spot: Spot) -> dict[str, Any]:
    """`town` is for `tell_town` to fill in where no place is around."""
    return {
        "lat": round(spot.position[0], 7),
        "lon": round(spot.position[1], 7),
        "place_id": spot.place.id if spot.place else None,
        "place_name": spot.place.name if spot.place else None,
        "town": None,
    }


def unnamed(items: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The spots at no place among the items of a timeline, which are written already."""
    for item in items:
        for spot in (item, *(item.get(name) for name in _SPOTS)):
            if spot and "town" in spot and spot["place_id"] is None:
                yield spot


_SPOTS = ("start", "end", "here", "there")
"""The fields of an item that are spots."""


def tell_town(spot: dict[str, Any], town: Town | None) -> None:
    """`spot` is one of `unnamed`."""
    if town is not None:
        spot["town"] = {
            "name": town.name,
            "region": town.region,
            "country": town.country,
            "distance_m": round(town.distance_m),
        }


def _spot(position: Position, places: Sequence[Place]) -> Spot:
    return Spot(position, place_at(position, places))


def place_at(position: Position, places: Iterable[Place]) -> Place | None:
    """The smallest place around it: the classroom, not the school."""
    around = [place for place in places if place.shape.signed_distance_m(*position) <= 0.0]
    return min(around, key=lambda place: (_area_m2(place.shape), place.id), default=None)


def latitudes(shape: Circle | Polygon) -> tuple[float, float]:
    """Degrees: nothing of the shape lies further south or further north."""
    if isinstance(shape, Circle):
        reach = math.degrees(shape.radius_m / EARTH_RADIUS_M) + _ROUNDING_DEG
        return shape.lat - reach, shape.lat + reach
    lats = [lat for lat, _ in shape.corners]
    return min(lats) - _ROUNDING_DEG, max(lats) + _ROUNDING_DEG


def _area_m2(shape: Circle | Polygon) -> float:
    """Of a polygon by the shoelace formula, on the plane at its first corner."""
    if isinstance(shape, Circle):
        return math.pi * shape.radius_m**2
    plane = [offset_m(lat, lon, *shape.corners[0]) for lat, lon in shape.corners]
    before = (plane[-1], *plane[:-1])
    pairs = zip(before, plane, strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
