"""How devices are used over a day: sessions, pages, messages, calls, traffic and states."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from adapters.inbound.cli.simulation import events
from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.contents import app_of
from adapters.inbound.cli.simulation.itinerary import Move, Segment, Stay
from adapters.inbound.cli.simulation.people import Device, Person
from adapters.inbound.cli.simulation.power import state
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.world import World
from domain.times import local_day_bounds

_HOUR_MS = 3_600_000
_STATE_EVERY_MS = 15 * 60_000
_TRAFFIC_EVERY_MS = 30 * 60_000
_DRIVING_MPS = 3.0
_COMPUTER_HOURS = ((8.1, 12.1), (12.9, 15.6), (20.2, 21.6))
_WEEKEND_COMPUTER_HOURS = ((20.0, 21.8),)


def phone_use(
    world: World, person: Person, device: Device, day: date, segments: Sequence[Segment]
) -> Iterator[Seen]:
    """Not sorted by time. Nobody uses the phone at the wheel, or much during lessons."""
    start_ms, end_ms = local_day_bounds(day, world.zone)
    draw = _draw(world, device, day)
    late_h = 1.2 if day.weekday() >= 5 else 0.0
    wakes_ms = start_ms + round((person.wakes + late_h) * 3600) * 1000
    sleeps_ms = start_ms + round((person.sleeps + late_h / 2) * 3600) * 1000
    yield from _sessions(person, device, wakes_ms, sleeps_ms, segments, draw)
    for _ in range(_about(person.messages, draw)):
        at_ms = _second(draw, wakes_ms, sleeps_ms)
        if _free(segments, at_ms):
            yield events.message(device.key, person, at_ms, draw)
    for _ in range(_about(person.calls, draw)):
        at_ms = _second(draw, wakes_ms + _HOUR_MS, sleeps_ms - _HOUR_MS)
        if _free(segments, at_ms):
            yield events.call(device.key, person, at_ms, draw)
    for at_ms in range(wakes_ms, sleeps_ms, _TRAFFIC_EVERY_MS):
        interface = _network(person, segments, at_ms)
        seconds = _TRAFFIC_EVERY_MS / 1000
        app = app_of(person, draw)
        yield events.traffic(device.key, at_ms, interface, seconds, draw, app=app)
    for at_ms in range(start_ms + 40_000, end_ms, _STATE_EVERY_MS):
        yield state(world, device, at_ms, _network(person, segments, at_ms))


def computer_use(world: World, device: Device, day: date) -> Iterator[Seen]:
    start_ms, end_ms = local_day_bounds(day, world.zone)
    draw = _draw(world, device, day)
    hours = _WEEKEND_COMPUTER_HOURS if day.weekday() >= 5 else _COMPUTER_HOURS
    locked_ms = start_ms
    for begin, end in hours:
        from_ms = start_ms + round((begin + draw.uniform(-0.1, 0.1)) * 3600) * 1000
        to_ms = start_ms + round((end + draw.uniform(-0.1, 0.1)) * 3600) * 1000
        yield events.presence(device.key, locked_ms, "locked", (from_ms - locked_ms) / 1000)
        yield from _at_the_computer(device, from_ms, to_ms, draw)
        yield state(world, device, from_ms, "ethernet")
        locked_ms = to_ms
    yield events.presence(device.key, locked_ms, "locked", (end_ms - locked_ms) / 1000)
    yield events.backup(device.key, start_ms + 12 * _HOUR_MS + draw.randrange(600) * 1000, draw)


def tablet_use(world: World, person: Person, device: Device, day: date) -> Iterator[Seen]:
    """An hour or so in the evening."""
    start_ms, _ = local_day_bounds(day, world.zone)
    draw = _draw(world, device, day)
    at_ms = start_ms + round(draw.uniform(18.6, 19.4) * 3600) * 1000
    yield state(world, device, at_ms, "wifi")
    for _ in range(draw.randrange(3, 8)):
        duration_s = draw.uniform(120.0, 900.0)
        if draw.random() < 0.4:
            yield events.web_visit(device.key, at_ms, duration_s, draw)
        else:
            yield events.app_use(device.key, person, at_ms, duration_s, draw)
        at_ms += round(duration_s + draw.uniform(5.0, 60.0)) * 1000
    yield state(world, device, at_ms, "wifi")


def _draw(world: World, device: Device, day: date) -> Random:
    return chance(world.seed, device.key, day, "use")


def _sessions(
    person: Person,
    device: Device,
    from_ms: int,
    to_ms: int,
    segments: Sequence[Segment],
    draw: Random,
) -> Iterator[Seen]:
    at_ms = from_ms + round(draw.uniform(60.0, 600.0)) * 1000
    while at_ms < to_ms:
        duration_s = min(1_800.0, 20.0 + draw.expovariate(1 / 240))
        if _free(segments, at_ms):
            if draw.random() < 0.25:
                yield events.web_visit(device.key, at_ms, duration_s, draw)
            else:
                yield events.app_use(device.key, person, at_ms, duration_s, draw)
        at_ms += round(duration_s + draw.uniform(180.0, 2_400.0)) * 1000


def _at_the_computer(device: Device, from_ms: int, to_ms: int, draw: Random) -> Iterator[Seen]:
    """Active and away by turns; programs and pages follow each other while active."""
    at_ms = from_ms
    while at_ms < to_ms:
        until_ms = min(to_ms, at_ms + draw.randrange(20 * 60, 55 * 60) * 1000)
        yield events.presence(device.key, at_ms, "active", (until_ms - at_ms) / 1000)
        seconds = (until_ms - at_ms) / 1000
        yield events.traffic(device.key, at_ms, "ethernet", round(seconds, 1), draw)
        while at_ms < until_ms:
            duration_s = min(draw.uniform(60.0, 700.0), (until_ms - at_ms) / 1000)
            yield events.computer_use(device.key, at_ms, duration_s, draw)
            if draw.random() < 0.5:
                yield events.web_visit(device.key, at_ms, duration_s * 0.8, draw)
            at_ms += max(1, round(duration_s)) * 1000
        back_ms = min(to_ms, until_ms + draw.randrange(3 * 60, 14 * 60) * 1000)
        if back_ms > until_ms:
            away_s = (back_ms - until_ms) / 1000
            yield events.presence(device.key, until_ms, "away", away_s)
        at_ms = max(back_ms, at_ms)


def _about(mean: int, draw: Random) -> int:
    return round(mean * draw.uniform(0.6, 1.4))


def _second(draw: Random, from_ms: int, to_ms: int) -> int:
    return from_ms + draw.randrange((to_ms - from_ms) // 1000) * 1000


def _segment(segments: Sequence[Segment], time_ms: int) -> Segment | None:
    return next((one for one in segments if one.from_ms <= time_ms < one.to_ms), None)


def _free(segments: Sequence[Segment], time_ms: int) -> bool:
    """Not driving, and not in a lesson."""
    found = _segment(segments, time_ms)
    if isinstance(found, Move):
        return found.motion.length_m / found.motion.duration_s < _DRIVING_MPS
    in_school = isinstance(found, Stay) and found.spot is not None and found.spot.key == "school"
    return not in_school or (time_ms // 60_000) % 60 < 8


def _network(person: Person, segments: Sequence[Segment], time_ms: int) -> str:
    found = _segment(segments, time_ms)
    spot = found.spot if isinstance(found, Stay) else None
    return "wifi" if spot and spot.key in (person.home, "work", "school") else "mobile"
