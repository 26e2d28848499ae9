"""What each person does on a day: work, school, shop and training; the weekend is for trips."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.driving import BUS, CAR, HURRIED_CAR, WALK
from adapters.inbound.cli.simulation.itinerary import Itinerary, Segment
from adapters.inbound.cli.simulation.people import Person
from adapters.inbound.cli.simulation.plane import Position
from adapters.inbound.cli.simulation.world import World, spot
from domain.times import from_datetime, local_day_bounds

_TUESDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 1, 3, 4, 5, 6


class Day:
    """A person's day while it is planned: the itinerary and the local clock."""

    def __init__(self, world: World, person: Person, day: date) -> None:
        self.world = world
        self.date = day
        self.draw = chance(world.seed, person.key, day, "plan")
        self.from_ms, self.to_ms = local_day_bounds(day, world.zone)
        self.way = Itinerary(self.from_ms, _at(person.home), self.draw)

    @property
    def weekday(self) -> int:
        return self.date.weekday()

    def until(self, hour: float, give_or_take_min: float = 8.0) -> None:
        """Stay until about this hour of the local clock."""
        minutes = hour * 60 + self.draw.uniform(-give_or_take_min, give_or_take_min)
        clock = datetime.combine(self.date, time(), self.world.zone) + timedelta(minutes=minutes)
        self.way.stay_until(from_datetime(clock) // 1000 * 1000)


def segments(world: World, person: Person, day: date) -> Sequence[Segment]:
    """From local midnight to midnight, at home at both ends."""
    return _segments(world, person, day)


@lru_cache(maxsize=512)
def _segments(world: World, person: Person, day: date) -> Sequence[Segment]:
    planned = Day(world, person, day)
    _PLANS[person.key](planned)
    assert planned.way.now_ms <= planned.to_ms
    planned.way.stay_until(planned.to_ms)
    return planned.way.segments()


def _at(key: str) -> Position:
    return spot(key).position


def _daughter(day: Day) -> None:
    if day.weekday == _SATURDAY:
        day.until(10.5, 25)
        day.way.go(_at("shop"), WALK)
        day.way.stay(10, 20)
        day.way.go(_at("friend"), WALK)
        day.until(15.2, 40)
    elif day.weekday == _SUNDAY:
        day.until(14.0, 30)
        day.way.go(_at("friend"), WALK)
        day.way.stay(60, 110)
    else:
        _school_day(day)
    day.way.go(_at("home"), WALK)


def _school_day(day: Day) -> None:
    day.until(7.55, 5)
    day.way.go(_at("school"), WALK)
    day.until(13.75, 6)
    if day.draw.random() < 0.6:
        day.way.go(_at("shop"), WALK)
        day.way.stay(6, 14)
    day.way.go(_at("home"), WALK)
    if day.weekday in (_TUESDAY, _THURSDAY):
        day.until(16.4, 5)
        day.way.go(_at("pool"), BUS)
        day.way.stay(80, 95)
        day.way.go(_at("home"), BUS)
    elif day.weekday == _FRIDAY:
        day.until(18.5, 10)
        day.way.go(_at("friend"), WALK)
        day.until(22.4, 12)


def _father(day: Day) -> None:
    if day.weekday == _SATURDAY:
        day.until(8.2, 10)
        day.way.go(_at("aunt"), HURRIED_CAR)
        day.way.stay(45, 70)
        day.way.follow(day.world.recordings["drive"])
        day.way.stay(60, 90)
        day.way.go(_at("grandfather"), CAR)
        day.way.stay(60, 90)
    elif day.weekday == _SUNDAY:
        day.until(8.6, 20)
        day.way.go(_at("bakery"), WALK)
        day.way.stay(7, 15)
    else:
        day.until(7.0, 6)
        day.way.go(_at("work"), CAR)
        day.until(15.6, 20)
        day.way.go(_at("shop"), HURRIED_CAR if day.draw.random() < 0.3 else CAR)
        day.way.stay(8, 20)
    day.way.go(_at("home"), WALK if day.weekday == _SUNDAY else CAR)


def _mother(day: Day) -> None:
    if day.weekday == _SATURDAY:
        day.until(9.5, 15)
        day.way.go(_at("shop"), WALK)
        day.way.stay(20, 35)
    elif day.weekday == _SUNDAY:
        day.until(13.2, 12)
        lake = day.world.recordings["lake"]
        day.way.go(lake.start, CAR)
        day.way.stay(6, 12)
        day.way.follow(lake)
        day.way.stay(5, 10)
    else:
        day.until(12.2, 5)
        day.way.go(_at("bakery"), WALK)
        day.way.stay(8, 15)
        day.way.go(_at("home"), WALK)
        day.until(16.9, 15)
        day.way.go(_at("shop"), WALK)
        day.way.stay(15, 30)
    day.way.go(_at("home"), CAR if day.weekday == _SUNDAY else WALK)


def _grandfather(day: Day) -> None:
    if day.weekday in (_SATURDAY, _SUNDAY):
        day.until(8.4 if day.weekday == _SATURDAY else 12.6, 10)
        walk = day.world.recordings["hill" if day.weekday == _SATURDAY else "ravine"]
        day.way.go(walk.start, CAR)
        day.way.stay(5, 10)
        day.way.follow(walk)
        day.way.stay(8, 20)
        day.way.go(_at("grandfather"), CAR)
        return
    day.until(8.5, 20)
    day.way.go(_at("village"), WALK)
    day.way.stay(25, 50)
    day.way.go(_at("grandfather"), WALK)


_PLANS: Mapping[str, Callable[[Day], None]] = {
    "daughter": _daughter,
    "father": _father,
    "mother": _mother,
    "grandfather": _grandfather,
}
