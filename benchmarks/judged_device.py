"""A device with ten rules that judge its locations, for benchmarks that need no configuration."""

from zoneinfo import ZoneInfo

from application.device_directory import DeviceBriefing
from domain.account import Person
from domain.device import Device
from domain.place import Circle, Place
from domain.rules.binding import BoundRule, Surroundings
from domain.rules.condition import Condition, Enters, Leaves, Outside, SpeedOver
from domain.rules.rule import Rule, Scope

_ZONE = ZoneInfo("UTC")


def briefing(device_id: str, rules: int = 10) -> DeviceBriefing:
    """Circles to enter, to leave and to stay in, and speeds; none of them is ever true."""
    device = Device(device_id, "a", "p", "phone", "android", 0)
    bound = tuple(_rule(number) for number in range(rules))
    return DeviceBriefing(device, Person("p", "a", "Ana", "UTC", 0), bound)


def _rule(number: int) -> BoundRule:
    place = Place(f"place-{number}", "a", "far", Circle(-40.0 - number, 100.0, 100.0), 0)
    whens: tuple[Condition, ...] = (
        Enters(place.id),
        Leaves(place.id),
        Enters(place.id),
        SpeedOver(100.0 + number),
        Outside(place.id),
    )
    when = whens[number % 5]
    # Outside of a place on the other side of the earth is true from the start, and told once.
    rule = Rule(f"rule-{number}", "a", "a rule", Scope(), when, 0, cooldown_s=1e9)
    return BoundRule(rule, Surroundings(_ZONE, {place.id: place}))
