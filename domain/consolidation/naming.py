"""Which of the account's places a stay is at."""

import math
from collections.abc import Iterable

from domain.consolidation.movements import Stay
from domain.geometry import offset_m
from domain.place import Circle, Place, Polygon


def name_stay(stay: Stay, places: Iterable[Place]) -> Place | None:
    """The smallest place around the middle of the stay: the classroom, not the school."""
    around = [p for p in places if p.shape.signed_distance_m(stay.lat, stay.lon) <= 0.0]
    return min(around, key=lambda place: (_area_m2(place.shape), place.id), default=None)


def _area_m2(shape: Circle | Polygon) -> float:
    """Of a polygon by the shoelace formula, on the plane at its first corner."""
    if isinstance(shape, Circle):
        return math.pi * shape.radius_m**2
    plane = [offset_m(lat, lon, *shape.corners[0]) for lat, lon in shape.corners]
    before = (plane[-1], *plane[:-1])
    pairs = zip(before, plane, strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
