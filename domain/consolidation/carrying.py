"""Which of a person's devices was with the person, and where two of them contradict each other.

A device is with the person while it travels and while somebody uses it; a tablet that lies at home
says nothing. Two devices that are both with the person, far apart, are a conflict: somebody else
has one of them, or it was lent.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import attrs

from domain.consolidation.fixes import hop_distance_m
from domain.consolidation.intervals import Interval, both, length_ms, union, without
from domain.consolidation.movements import Gap, Movement, Stay, Trip
from domain.consolidation.trips import Position

FAR_M = 1_000.0
"""Nearer than this two devices may be in the same pocket, with fixes from masts."""

MIN_CONFLICT_MS = 5 * 60 * 1000
"""Shorter ones are left to clocks and to fixes that come late."""


@attrs.frozen
class Carried:
    """The person had this device, as far as is known."""

    from_ms: int
    to_ms: int
    device_id: str


@attrs.frozen
class Conflict:
    """Both devices were with the person, and far from each other: at these positions, where a trip
    is told by the end of it that is nearer to the other.
    """

    from_ms: int
    to_ms: int
    device_ids: tuple[str, str]
    positions: tuple[Position, Position]


@attrs.frozen
class Witness:
    """What one device knows: where it was, and when somebody was active on it."""

    movements: Sequence[Movement]
    active: Sequence[Interval]

    def travelled(self) -> list[Interval]:
        return union((one.from_ms, one.to_ms) for one in self.movements if isinstance(one, Trip))

    def carried(self) -> list[Interval]:
        return union([*self.travelled(), *self.active])


def carried(devices: Mapping[str, Witness]) -> list[Carried]:
    """Which device the person had when, in time order and without overlap.

    Of several that travel it is the one that travels longest in all; what travels counts before
    what is used. Between two moments of the same device the person had it all the time.
    """
    taken: list[Interval] = []
    spells: list[Carried] = []
    for of_all in (Witness.travelled, Witness.carried):
        spans = {device_id: of_all(witness) for device_id, witness in devices.items()}
        for device_id in sorted(spans, key=lambda one: (-length_ms(spans[one]), one)):
            free = without(spans[device_id], taken)
            spells += (Carried(start, end, device_id) for start, end in free)
            taken = union([*taken, *free])
    found: list[Carried] = []
    for spell in sorted(spells, key=lambda one: one.from_ms):
        if found and found[-1].device_id == spell.device_id:
            found[-1] = attrs.evolve(found[-1], to_ms=spell.to_ms)
        else:
            found.append(spell)
    return found


def conflicts(devices: Mapping[str, Witness]) -> list[Conflict]:
    """In time order; one for each pair of a device's stay or trip with another's."""
    found = [
        conflict
        for one, other in combinations(sorted(devices), 2)
        for conflict in _of_pair((one, other), devices[one], devices[other])
    ]
    return sorted(found, key=lambda one: (one.from_ms, one.device_ids))


def _of_pair(device_ids: tuple[str, str], one: Witness, other: Witness) -> Iterator[Conflict]:
    together = both(one.carried(), other.carried())
    for here, there, start, end in _at_once(one.movements, other.movements):
        if isinstance(here, Gap) or isinstance(there, Gap):
            continue
        positions = _nearest(here, there)
        if hop_distance_m(*positions[0], *positions[1]) <= FAR_M:
            continue
        spans = both(together, [(start, end)])
        if length_ms(spans) >= MIN_CONFLICT_MS:
            yield Conflict(spans[0][0], spans[-1][1], device_ids, positions)


def _at_once(
    one: Sequence[Movement], other: Sequence[Movement]
) -> Iterator[tuple[Movement, Movement, int, int]]:
    """Every two that overlap, and when; both are in time order."""
    index = 0
    for here in one:
        while index < len(other) and other[index].to_ms <= here.from_ms:
            index += 1
        for place in range(index, len(other)):
            there = other[place]
            if there.from_ms >= here.to_ms:
                break
            yield here, there, max(here.from_ms, there.from_ms), min(here.to_ms, there.to_ms)


def _nearest(here: Stay | Trip, there: Stay | Trip) -> tuple[Position, Position]:
    pairs = [(one, other) for one in _positions(here) for other in _positions(there)]
    return min(pairs, key=lambda pair: hop_distance_m(*pair[0], *pair[1]))


def _positions(movement: Stay | Trip) -> tuple[Position, ...]:
    if isinstance(movement, Stay):
        return ((movement.lat, movement.lon),)
    return movement.start, movement.end
