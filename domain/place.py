"""Places: named circles and polygons, and whether a fix lies inside one."""

from functools import cached_property

import attrs

from domain.geometry import (
    METRES_PER_DEGREE,
    area_m2,
    crosses_itself,
    distance_m,
    distance_to_polygon_m,
    polygon_contains,
)
from domain.refusals import FieldError

MIN_RADIUS_M = 10.0
MAX_RADIUS_M = 500_000.0
MIN_CORNERS = 3
MAX_CORNERS = 200
MAX_EXTENT_M = 1_000_000.0
MIN_AREA_M2 = 100.0
MAX_CORNER_LAT = 85.0
"""Polygons are looked at on a plane, which is none around a pole; circles may lie there."""

LEAVE_MARGIN_M = 15.0
"""How far beyond the edge a fix must lie before a device that was inside counts as gone."""
MAX_MARGIN_M = 150.0


@attrs.frozen
class Circle:
    lat: float
    lon: float
    radius_m: float

    def signed_distance_m(self, lat: float, lon: float) -> float:
        """To the edge; negative inside."""
        return distance_m(self.lat, self.lon, lat, lon) - self.radius_m

    def beyond_m(self, lat: float) -> float:
        """At least so far outside, by the latitude alone; negative where that does not tell."""
        return abs(lat - self.lat) * METRES_PER_DEGREE - self.radius_m


@attrs.frozen
class Polygon:
    corners: tuple[tuple[float, float], ...]

    @cached_property
    def south(self) -> float:
        return min((lat for lat, _ in self.corners), default=0.0)

    @cached_property
    def north(self) -> float:
        return max((lat for lat, _ in self.corners), default=0.0)

    def signed_distance_m(self, lat: float, lon: float) -> float:
        """To the edge; negative inside."""
        distance = distance_to_polygon_m(self.corners, lat, lon)
        return -distance if polygon_contains(self.corners, lat, lon) else distance

    def beyond_m(self, lat: float) -> float:
        """At least so far outside, by the latitude alone; negative where that does not tell."""
        return max(self.south - lat, lat - self.north) * METRES_PER_DEGREE


@attrs.frozen
class Place:
    id: str
    account_id: str
    name: str
    shape: Circle | Polygon
    created_at_ms: int

    def contains(
        self, lat: float, lon: float, accuracy_m: float | None, was_inside: bool | None
    ) -> bool:
        """Whether the device is inside, with hysteresis against jitter.

        To come in, the fix must lie inside. To be gone, it must lie outside by a margin: the
        fix's own accuracy, between LEAVE_MARGIN_M and MAX_MARGIN_M.
        """
        if self.shape.beyond_m(lat) > MAX_MARGIN_M:
            return False  # Most places are far away: that costs next to nothing.
        distance = self.shape.signed_distance_m(lat, lon)
        if not was_inside:
            return distance <= 0.0
        margin = min(MAX_MARGIN_M, max(LEAVE_MARGIN_M, accuracy_m or 0.0))
        return distance <= margin


def shape_errors(shape: Circle | Polygon) -> list[FieldError]:
    """Why a shape cannot be a place; empty when it can."""
    if isinstance(shape, Circle):
        return [
            *_position_errors("circle", shape.lat, shape.lon),
            *_range_error("circle.radius_m", shape.radius_m, MIN_RADIUS_M, MAX_RADIUS_M),
        ]
    return _polygon_errors(shape.corners)


def _polygon_errors(corners: tuple[tuple[float, float], ...]) -> list[FieldError]:
    if not MIN_CORNERS <= len(corners) <= MAX_CORNERS:
        return [FieldError("polygon", f"needs {MIN_CORNERS} to {MAX_CORNERS} corners")]
    errors = [
        error
        for index, (lat, lon) in enumerate(corners)
        for error in _position_errors(f"polygon[{index}]", lat, lon)
    ]
    if errors:
        return errors
    if any(distance_m(*corners[0], *corner) > MAX_EXTENT_M for corner in corners):
        return [FieldError("polygon", f"reaches further than {MAX_EXTENT_M / 1000:.0f} km")]
    if len(set(corners)) != len(corners):
        return [FieldError("polygon", "names a corner twice; it is closed by itself")]
    if any(abs(lat) > MAX_CORNER_LAT for lat, _ in corners):
        reason = f"reaches beyond {MAX_CORNER_LAT:g} degrees; draw a circle around a pole"
        return [FieldError("polygon", reason)]
    if crosses_itself(corners):
        return [FieldError("polygon", "crosses itself")]
    if area_m2(corners) < MIN_AREA_M2:
        return [FieldError("polygon", f"encloses less than {MIN_AREA_M2:g} square metres")]
    return []


def _position_errors(field: str, lat: float, lon: float) -> list[FieldError]:
    return [
        *_range_error(f"{field}.lat", lat, -90.0, 90.0),
        *_range_error(f"{field}.lon", lon, -180.0, 180.0),
    ]


def _range_error(field: str, value: float, low: float, high: float) -> list[FieldError]:
    if low <= value <= high:
        return []
    return [FieldError(field, f"must be between {low:g} and {high:g}")]
