"""The past up to a moment, joined to the live part without anybody jumping over the map.

The live part shows the family where something is going on, whatever the hour. So before it
begins, everybody leaves the planned day in time and travels to where their live part starts;
and after it has been interrupted for long, they travel back into the planned day.
"""

from collections.abc import Mapping

from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.days import between
from adapters.inbound.cli.simulation.driving import HURRIED_CAR, WALK, Mode
from adapters.inbound.cli.simulation.fixes import fixes, transitions
from adapters.inbound.cli.simulation.itinerary import Itinerary, Segment, position_at
from adapters.inbound.cli.simulation.live import START
from adapters.inbound.cli.simulation.people import PEOPLE, Person, devices_of
from adapters.inbound.cli.simulation.plane import Position, distance
from adapters.inbound.cli.simulation.plans import segments
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.world import World, spot
from domain.kinds import Kind
from domain.times import local

LONGEST_JOURNEY_MS = 4 * 3_600_000
"""Before the start of the live part, days are as planned but for at most so long."""

_STEP_MS = 5 * 60_000
_BEFORE_START_MS = 8 * 60_000
_WALKING_M = 2_500.0
_ERRAND = {"mother": "bakery"}
"""Who goes somewhere on the way: hers is the phone that is late, it shall have much to tell."""

_WAY = (Kind.LOCATION, Kind.PLACE_TRANSITION)


def history(
    world: World,
    from_ms: int,
    live_ms: int,
    *,
    came_from: Mapping[str, Position] | None = None,
    people: tuple[Person, ...] = PEOPLE,
) -> list[Seen]:
    """What becomes known from `from_ms` until the live part starts at `live_ms`, in time order.

    `came_from` is where the people were, by key, when an earlier live part ended at `from_ms`.
    """
    found: list[Seen] = []
    for person in people:
        back = _journey_back(world, person, from_ms, (came_from or {}).get(person.key))
        away = _journey_to_start(world, person, live_ms)
        planned_from, planned_to = back[-1].to_ms if back else from_ms, away[0].from_ms
        planned = between(world, from_ms, live_ms, people=(person,))
        found.extend(
            one
            for one in planned
            if one.kind not in _WAY or planned_from <= one.time_ms < planned_to
        )
        found.extend(_seen_on(world, person, back, from_ms, live_ms))
        found.extend(_seen_on(world, person, away, from_ms, live_ms))
    return sorted(found, key=lambda one: (one.time_ms, one.device, one.kind))


def planned_position(world: World, person: Person, time_ms: int) -> Position:
    day = local(time_ms, world.zone).date()
    for segment in segments(world, person, day):
        if segment.from_ms <= time_ms < segment.to_ms:
            return position_at(segment, time_ms)
    raise AssertionError("a day has no hole")


def _journey_to_start(world: World, person: Person, live_ms: int) -> list[Segment]:
    """Leaving the day as late as possible to be at the start some minutes early."""
    leave_ms = live_ms - _BEFORE_START_MS
    while True:
        position = planned_position(world, person, leave_ms)
        draw = chance(world.seed, person.key, live_ms, "to start")
        way = Itinerary(leave_ms, position, draw)
        if person.key in _ERRAND:
            way.go(spot(_ERRAND[person.key]).position, _mode(position, START[person.key]))
            way.stay(6, 12)
        way.go(START[person.key], _mode(position, START[person.key]))
        if way.now_ms <= live_ms - _BEFORE_START_MS / 2:
            way.stay_until(live_ms)
            return list(way.segments())
        leave_ms -= _STEP_MS
        assert leave_ms > live_ms - LONGEST_JOURNEY_MS


def _journey_back(
    world: World, person: Person, from_ms: int, came_from: Position | None
) -> list[Segment]:
    """To where the planned day will have them on arrival."""
    if came_from is None:
        return []
    arrive_ms = from_ms
    while True:
        arrive_ms += _STEP_MS
        target = planned_position(world, person, arrive_ms)
        way = Itinerary(from_ms, came_from, chance(world.seed, person.key, from_ms, "back"))
        way.go(target, _mode(came_from, target))
        if way.now_ms <= arrive_ms:
            way.stay_until(arrive_ms)
            return list(way.segments())
        assert arrive_ms < from_ms + LONGEST_JOURNEY_MS


def _mode(start: Position, end: Position) -> Mode:
    return WALK if distance(start, end) < _WALKING_M else HURRIED_CAR


def _seen_on(
    world: World, person: Person, journey: list[Segment], from_ms: int, to_ms: int
) -> list[Seen]:
    if not journey:
        return []
    device = next(device for device in devices_of(person.key) if device.is_phone)
    draw = chance(world.seed, person.key, journey[0].from_ms, "journey")
    found = [*fixes(device.key, journey, draw), *transitions(device.key, journey)]
    return [
        one
        for one in found
        if one.kind in device.kinds and not one.detail and from_ms <= one.time_ms < to_ms
    ]
