"""Streets within a town: invented blocks, turned as the old roads run."""

import math

from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.plane import Position, away, distance, moved

_GRID_TURN_RAD = math.radians(18.0)
_BLOCK_M = 260.0


def along_streets(start: Position, end: Position) -> list[Position]:
    """Corner by corner, and back the same way: in each block along one street, then the other."""
    if (end, start) < (start, end):
        return list(reversed(along_streets(end, start)))
    steps = max(1, round(distance(start, end) / _BLOCK_M))
    along, across = _turned(*away(start, end), _GRID_TURN_RAD)
    draw = chance("streets", *start, *end)
    corners = [start]
    done_along, done_across = 0.0, 0.0
    for step in range(1, steps + 1):
        shift = draw.uniform(-0.2, 0.2) if step < steps else 0.0
        done_along = along * (step + shift) / steps
        corners.append(_corner(start, done_along, done_across))
        done_across = across * (step + shift) / steps
        corners.append(_corner(start, done_along, done_across))
    corners[-1] = end
    return corners


def _corner(origin: Position, along: float, across: float) -> Position:
    return moved(origin, *_turned(along, across, -_GRID_TURN_RAD))


def _turned(x: float, y: float, angle_rad: float) -> tuple[float, float]:
    """Components along axes that are turned against the old ones, counter-clockwise."""
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    return x * cos + y * sin, y * cos - x * sin
