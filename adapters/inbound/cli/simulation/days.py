"""Whole days: everything that a person's devices see between local midnight and midnight."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.fixes import fixes, transitions
from adapters.inbound.cli.simulation.people import PEOPLE, Device, Person, devices_of
from adapters.inbound.cli.simulation.plans import segments
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.usage import computer_use, phone_use, tablet_use
from adapters.inbound.cli.simulation.world import World
from domain.kinds import Kind
from domain.times import local, local_day_bounds

_NO_SIGNAL = 0.3
_NO_SIGNAL_MIN = (20.0, 70.0)


def day(world: World, person: Person, on: date, *, detail: bool = False) -> Sequence[Seen]:
    """In time order. With `detail`, also the fixes that a phone sends only when asked."""
    return [one for one in _day(world, person, on) if detail or not one.detail]


def between(
    world: World,
    from_ms: int,
    to_ms: int,
    *,
    people: Iterable[Person] = PEOPLE,
    detail: bool = False,
) -> list[Seen]:
    """What becomes known from `from_ms` up to `to_ms`, in time order.

    Neighbouring ranges share nothing and miss nothing.
    """
    found = [
        one
        for person in people
        for on in _dates(world, from_ms, to_ms)
        for one in day(world, person, on, detail=detail)
        if from_ms <= one.known_ms < to_ms
    ]
    return sorted(found, key=_by_time)


def _by_time(one: Seen) -> tuple[int, str, str]:
    return one.time_ms, one.device, one.kind


def _dates(world: World, from_ms: int, to_ms: int) -> Iterator[date]:
    """One more before, for what began on the day before and ended within."""
    on = local(from_ms, world.zone).date() - timedelta(days=1)
    last = local(to_ms, world.zone).date()
    while on <= last:
        yield on
        on += timedelta(days=1)


@lru_cache(maxsize=64)
def _day(world: World, person: Person, on: date) -> Sequence[Seen]:
    found = [
        one
        for device in devices_of(person.key)
        for one in _of_device(world, person, device, on)
        if one.kind in device.kinds
    ]
    return tuple(sorted(found, key=_by_time))


def _of_device(world: World, person: Person, device: Device, on: date) -> Iterator[Seen]:
    if not device.is_phone:
        if Kind.PRESENCE in device.kinds:
            return computer_use(world, device, on)
        return tablet_use(world, person, device, on)
    return _of_phone(world, person, device, on)


def _of_phone(world: World, person: Person, device: Device, on: date) -> Iterator[Seen]:
    way = segments(world, person, on)
    lost_from_ms, lost_to_ms = _no_signal(world, device, on)
    for fix in fixes(device.key, way, chance(world.seed, device.key, on, "fixes")):
        if not lost_from_ms <= fix.time_ms < lost_to_ms:
            yield fix
    yield from transitions(device.key, way)
    yield from phone_use(world, person, device, on, way)


def _no_signal(world: World, device: Device, on: date) -> tuple[int, int]:
    """On some days the phone finds no satellites for a while."""
    draw = chance(world.seed, device.key, on, "no signal")
    if draw.random() > _NO_SIGNAL:
        return 0, 0
    start_ms, _ = local_day_bounds(on, world.zone)
    from_ms = start_ms + round(draw.uniform(9.0, 19.0) * 3_600_000)
    return from_ms, from_ms + round(draw.uniform(*_NO_SIGNAL_MIN) * 60_000)
