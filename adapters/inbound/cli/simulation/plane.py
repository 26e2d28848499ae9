"""Small geometry: positions are (latitude, longitude) in degrees, lengths are in metres."""

import math

from domain.geometry import EARTH_RADIUS_M, distance_m, offset_m

Position = tuple[float, float]


def distance(start: Position, end: Position) -> float:
    return distance_m(*start, *end)


def moved(origin: Position, east_m: float, north_m: float) -> Position:
    """The position that lies so far east and north of another, on the plane at the origin."""
    lat, lon = origin
    dlon = east_m / (EARTH_RADIUS_M * math.cos(math.radians(lat)))
    return lat + math.degrees(north_m / EARTH_RADIUS_M), lon + math.degrees(dlon)


def away(origin: Position, target: Position) -> tuple[float, float]:
    """East and north of the origin."""
    return offset_m(*target, *origin)


def bearing_deg(start: Position, end: Position) -> float:
    """Direction of travel, clockwise from north, from 0 up to 360."""
    east, north = away(start, end)
    return math.degrees(math.atan2(east, north)) % 360.0


def turn_rad(before: Position, at: Position, after: Position) -> float:
    """By how much a line bends at a point, from 0 (straight on) to pi (back)."""
    bend = math.radians(bearing_deg(at, after) - bearing_deg(before, at))
    return abs(math.atan2(math.sin(bend), math.cos(bend)))
