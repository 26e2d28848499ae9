"""What else goes on while the live part plays: pages, programs, messages, calls, states."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

import attrs

from adapters.inbound.cli.simulation import events
from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.contents import app_of
from adapters.inbound.cli.simulation.people import SILENT_DEVICE, Device, person
from adapters.inbound.cli.simulation.power import state
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.world import World
from domain.kinds import Kind

_LONGEST_S = 200
_MINUTE_S = 60.0


@attrs.frozen
class Now:
    """The moment of an event, and what it is drawn from."""

    world: World
    device: Device
    time_ms: int
    draw: Random


@attrs.frozen
class Beat:
    """An event each `every_s`, up to `late_s` later; it takes _LONGEST_S at most."""

    kind: Kind
    every_s: int
    late_s: int
    make: Callable[[Now], Seen]


def bustle(
    world: World, devices: Sequence[Device], start_ms: int, from_ms: int, to_ms: int
) -> Iterator[Seen]:
    """What becomes known from `from_ms` up to `to_ms` in a live part begun at `start_ms`."""
    for device in devices:
        if device.key == SILENT_DEVICE:
            continue
        for beat in _PHONE if device.is_phone else _COMPUTER:
            if beat.kind in device.kinds:
                yield from _of_beat(world, device, beat, start_ms, from_ms, to_ms)


def _of_beat(
    world: World, device: Device, beat: Beat, start_ms: int, from_ms: int, to_ms: int
) -> Iterator[Seen]:
    """Begins early enough for what started before the range and ends within it."""
    step_ms = beat.every_s * 1000
    reach_ms = (_LONGEST_S + beat.late_s) * 1000
    count = max(0, (from_ms - start_ms - reach_ms) // step_ms)
    while start_ms + count * step_ms < to_ms:
        draw = chance(world.seed, device.key, beat.kind, start_ms, count)
        late_ms = draw.randrange(beat.late_s + 1) * 1000
        one = beat.make(Now(world, device, start_ms + count * step_ms + late_ms, draw))
        if from_ms <= one.known_ms < to_ms:
            yield one
        count += 1


def _app(now: Now) -> Seen:
    who = person(now.device.person)
    return events.app_use(now.device.key, who, now.time_ms, now.draw.uniform(4.0, 30.0), now.draw)


def _program(now: Now) -> Seen:
    return events.computer_use(now.device.key, now.time_ms, now.draw.uniform(5.0, 25.0), now.draw)


def _page(now: Now) -> Seen:
    return events.web_visit(now.device.key, now.time_ms, now.draw.uniform(3.0, 20.0), now.draw)


def _message(now: Now) -> Seen:
    return events.message(now.device.key, person(now.device.person), now.time_ms, now.draw)


def _call(now: Now) -> Seen:
    who = person(now.device.person)
    return events.call(now.device.key, who, now.time_ms, now.draw, longest_s=_LONGEST_S)


def _presence(now: Now) -> Seen:
    status = now.draw.choices(("active", "away"), (6, 1))[0]
    return events.presence(now.device.key, now.time_ms, status, _MINUTE_S)


def _traffic(now: Now) -> Seen:
    app = app_of(person(now.device.person), now.draw) if now.device.is_phone else None
    network = _network(now)
    return events.traffic(now.device.key, now.time_ms, network, _MINUTE_S, now.draw, app=app)


def _state(now: Now) -> Seen:
    return state(now.world, now.device, now.time_ms, _network(now))


def _network(now: Now) -> str:
    return "mobile" if now.device.is_phone else "ethernet"


_PHONE: tuple[Beat, ...] = (
    Beat(Kind.APP_USE, 50, 15, _app),
    Beat(Kind.WEB_VISIT, 110, 40, _page),
    Beat(Kind.MESSAGE, 70, 50, _message),
    Beat(Kind.CALL, 540, 120, _call),
    Beat(Kind.TRAFFIC, 60, 0, _traffic),
    Beat(Kind.DEVICE_STATE, 60, 0, _state),
)
_COMPUTER: tuple[Beat, ...] = (
    Beat(Kind.APP_USE, 35, 8, _program),
    Beat(Kind.WEB_VISIT, 30, 8, _page),
    Beat(Kind.PRESENCE, 60, 0, _presence),
    Beat(Kind.TRAFFIC, 60, 0, _traffic),
    Beat(Kind.DEVICE_STATE, 120, 0, _state),
)
