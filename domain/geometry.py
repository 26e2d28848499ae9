"""Distances and shapes on the sphere, in metres and degrees."""

import math
from collections.abc import Sequence

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS 84 ellipsoid, (2a + b) / 3."""

METRES_PER_DEGREE = math.radians(1.0) * EARTH_RADIUS_M
"""Of latitude."""


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine formula (R. W. Sinnott, 1984)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_dphi = (phi2 - phi1) / 2
    half_dlambda = math.radians(lon2 - lon1) / 2
    a = math.sin(half_dphi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(a)))


def offset_m(lat: float, lon: float, origin_lat: float, origin_lon: float) -> tuple[float, float]:
    """East and north of an origin on the local tangent plane; good to 0.1 % within 50 km.

    Longitudes are taken the short way round, so shapes may cross the antimeridian.
    """
    dlon = _short_way(lon - origin_lon)
    east = math.radians(dlon) * EARTH_RADIUS_M * math.cos(math.radians(origin_lat))
    north = math.radians(lat - origin_lat) * EARTH_RADIUS_M
    return east, north


def polygon_contains(corners: Sequence[tuple[float, float]], lat: float, lon: float) -> bool:
    """Even-odd rule (ray casting) on the tangent plane at the point."""
    plane = _seen_from(corners, lat, lon)
    inside = False
    x1, y1 = plane[-1]
    for x2, y2 in plane:
        if (y1 > 0) != (y2 > 0) and x1 + (0 - y1) * (x2 - x1) / (y2 - y1) > 0:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def distance_to_polygon_m(corners: Sequence[tuple[float, float]], lat: float, lon: float) -> float:
    """Shortest distance from the point to the polygon's edge."""
    plane = _seen_from(corners, lat, lon)
    return min(_distance_to_segment(plane[i - 1], plane[i]) for i in range(len(plane)))


def _seen_from(
    corners: Sequence[tuple[float, float]], lat: float, lon: float
) -> list[tuple[float, float]]:
    """East and north of the point, for each corner.

    The first corner is taken the short way round and the others from there, so that the polygon
    keeps together when seen from the other side of the earth.
    """
    shortened = METRES_PER_DEGREE * math.cos(math.radians(lat))
    first_lon = corners[0][1]
    shift = _short_way(first_lon - lon)
    return [
        (
            (shift + _short_way(corner_lon - first_lon)) * shortened,
            (corner_lat - lat) * METRES_PER_DEGREE,
        )
        for corner_lat, corner_lon in corners
    ]


def _short_way(dlon: float) -> float:
    """A difference of longitudes, from -180 up to 180."""
    return (dlon + 540.0) % 360.0 - 180.0


def _distance_to_segment(start: tuple[float, float], end: tuple[float, float]) -> float:
    """From the origin of the plane to a segment."""
    (x1, y1), (x2, y2) = start, end
    dx, dy = x2 - x1, y2 - y1
    length2 = dx * dx + dy * dy
    t = 0.0 if length2 == 0 else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length2))
    return math.hypot(x1 + t * dx, y1 + t * dy)


def area_m2(corners: Sequence[tuple[float, float]]) -> float:
    """What a polygon encloses on the plane at its first corner, by the shoelace formula."""
    plane = [offset_m(lat, lon, *corners[0]) for lat, lon in corners]
    doubled = sum(
        plane[i - 1][0] * plane[i][1] - plane[i][0] * plane[i - 1][1] for i in range(len(plane))
    )
    return abs(doubled) / 2


def crosses_itself(corners: Sequence[tuple[float, float]]) -> bool:
    """Whether two edges of the polygon that are not neighbours meet."""
    origin = corners[0]
    plane = [offset_m(lat, lon, *origin) for lat, lon in corners]
    count = len(plane)
    edges = [(plane[i], plane[(i + 1) % count]) for i in range(count)]
    return any(
        _segments_meet(*edges[i], *edges[j])
        for i in range(count)
        for j in range(i + 2, count)
        if not (i == 0 and j == count - 1)
    )


def _segments_meet(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> bool:
    def side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    # Edges on one line, like the tops of a U, are on no side of each other; they meet only
    # when they overlap.
    overlap = all(
        max(min(a[i], b[i]), min(c[i], d[i])) <= min(max(a[i], b[i]), max(c[i], d[i]))
        for i in (0, 1)
    )
    return overlap and side(a, b, c) * side(a, b, d) <= 0 and side(c, d, a) * side(c, d, b) <= 0
