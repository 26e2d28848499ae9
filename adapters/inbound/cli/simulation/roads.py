"""The roads between the towns: junctions at about their real positions, curves invented."""

import heapq
import math
from collections.abc import Sequence
from functools import lru_cache

import attrs

from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.plane import Position, away, distance, moved
from adapters.inbound.cli.simulation.streets import along_streets

TOWN_MPS = 13.9
COUNTRY_MPS = 23.0
MOTORWAY_MPS = 34.0

NODES: dict[str, Position] = {
    "Cerknica": (45.7960, 14.3560),
    "Dolenje Jezero": (45.7726, 14.3572),
    "Rakov Skocjan": (45.7903, 14.3050),
    "Unec": (45.8262, 14.3190),
    "Postojna": (45.7780, 14.2180),
    "Razdrto": (45.7590, 14.0570),
    "Divaca": (45.6850, 13.9700),
    "Kozina": (45.6070, 13.9340),
    "Crni Kal": (45.5530, 13.8800),
    "Socerga": (45.4740, 13.8700),
    "Buzet": (45.4110, 13.9640),
    "Brest": (45.4521, 14.0176),
    "Roc": (45.3900, 14.0470),
    "Lupoglav": (45.3540, 14.1120),
    "Korita": (45.3802, 14.1440),
    "Motovun": (45.3350, 13.8290),
    "Karojba": (45.2990, 13.8180),
    "Visnjan": (45.2742, 13.7148),
}

_EDGES: tuple[tuple[str, str, float], ...] = (
    ("Cerknica", "Dolenje Jezero", COUNTRY_MPS),
    ("Cerknica", "Unec", COUNTRY_MPS),
    ("Cerknica", "Rakov Skocjan", COUNTRY_MPS),
    ("Rakov Skocjan", "Unec", COUNTRY_MPS),
    ("Unec", "Postojna", MOTORWAY_MPS),
    ("Postojna", "Razdrto", MOTORWAY_MPS),
    ("Razdrto", "Divaca", MOTORWAY_MPS),
    ("Divaca", "Kozina", MOTORWAY_MPS),
    ("Kozina", "Crni Kal", MOTORWAY_MPS),
    ("Crni Kal", "Socerga", COUNTRY_MPS),
    ("Socerga", "Buzet", COUNTRY_MPS),
    ("Buzet", "Brest", COUNTRY_MPS),
    ("Buzet", "Roc", COUNTRY_MPS),
    ("Roc", "Lupoglav", COUNTRY_MPS),
    ("Lupoglav", "Korita", COUNTRY_MPS),
    ("Buzet", "Motovun", COUNTRY_MPS),
    ("Motovun", "Karojba", COUNTRY_MPS),
    ("Karojba", "Visnjan", COUNTRY_MPS),
)

_WITHIN_TOWN_M = 3_000.0
_SPACING_M = 50.0
_WOBBLE_M = 28.0
_WOBBLE_LENGTH_M = 1_100.0


@attrs.frozen
class Bend:
    """A point of a way and the speed that is usual from there on, in m/s."""

    position: Position
    limit_mps: float


@lru_cache(maxsize=1024)
def way(start: Position, end: Position) -> tuple[Bend, ...]:
    """From one position to another: streets to the road, the road, and streets again."""
    first, last = _nearest(start), _nearest(end)
    if first == last or distance(start, end) < _WITHIN_TOWN_M:
        return tuple(Bend(corner, TOWN_MPS) for corner in along_streets(start, end))
    into = [Bend(corner, TOWN_MPS) for corner in along_streets(start, NODES[first])]
    out = [Bend(corner, TOWN_MPS) for corner in along_streets(NODES[last], end)]
    return (*into[:-1], *_road(_shortest(first, last)), *out[1:])


def _nearest(position: Position) -> str:
    return min(NODES, key=lambda name: distance(NODES[name], position))


def _neighbours(name: str) -> list[tuple[str, float]]:
    found = []
    for one, other, limit in _EDGES:
        if name in (one, other):
            far = other if name == one else one
            found.append((far, distance(NODES[one], NODES[other]) / limit))
    return found


def _shortest(first: str, last: str) -> list[str]:
    """In time (E. W. Dijkstra, 1959)."""
    queue: list[tuple[float, list[str]]] = [(0.0, [first])]
    reached: set[str] = set()
    while queue:
        cost, path = heapq.heappop(queue)
        if path[-1] == last:
            return path
        if path[-1] not in reached:
            reached.add(path[-1])
            for name, seconds in _neighbours(path[-1]):
                heapq.heappush(queue, (cost + seconds, [*path, name]))
    raise AssertionError(f"no road from {first} to {last}")


def _road(names: Sequence[str]) -> list[Bend]:
    """A smooth line through the junctions, with the bends of each road between them."""
    bends: list[Bend] = []
    for index in range(len(names) - 1):
        one, other = names[index], names[index + 1]
        before = NODES[names[max(index - 1, 0)]]
        after = NODES[names[min(index + 2, len(names) - 1)]]
        limit = next(limit for a, b, limit in _EDGES if {a, b} == {one, other})
        line = _curve(before, NODES[one], NODES[other], after)
        bends.extend(Bend(position, limit) for position in _bent(line, one, other))
    return [*bends, Bend(NODES[names[-1]], TOWN_MPS)]


def _curve(before: Position, start: Position, end: Position, after: Position) -> list[Position]:
    """A cubic Hermite spline whose direction at a junction lies between its neighbours."""
    length = distance(start, end)
    leave, arrive = _tangent(before, end, length), _tangent(start, after, length)
    east, north = away(start, end)
    line = []
    count = max(2, round(length / _SPACING_M))
    for step in range(count):
        t = step / count
        to_end = t * t * (3 - 2 * t)
        from_start, from_end = t * (1 - t) ** 2, t * t * (t - 1)
        x = to_end * east + from_start * leave[0] + from_end * arrive[0]
        y = to_end * north + from_start * leave[1] + from_end * arrive[1]
        line.append(moved(start, x, y))
    return line


def _tangent(before: Position, after: Position, length_m: float) -> tuple[float, float]:
    east, north = away(before, after)
    scale = length_m / max(1.0, math.hypot(east, north))
    return east * scale, north * scale


def _bent(line: Sequence[Position], one: str, other: str) -> list[Position]:
    """Bends aside, the same in both directions, that vanish towards the junctions."""
    backwards = other < one
    phase = chance("road", *sorted((one, other))).uniform(0, 2 * math.pi)
    length = distance(line[0], line[-1])
    east, north = away(line[0], line[-1])
    norm = max(1.0, math.hypot(east, north))
    bent = []
    for index, position in enumerate(line):
        part = index / len(line)
        done = (1 - part if backwards else part) * length
        swing = _WOBBLE_M * math.sin(phase + 2 * math.pi * done / _WOBBLE_LENGTH_M)
        aside = swing * math.sin(math.pi * part) ** 2 * (-1 if backwards else 1)
        bent.append(moved(position, -north / norm * aside, east / norm * aside))
    return bent
