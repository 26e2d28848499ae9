"""What devices send."""

from collections.abc import Sequence
from datetime import datetime

from pytest_bdd import given, parsers, when

from features.drivers.values import Observation
from features.steps.wording import rows
from features.steps.world import Carried, World, observed

_LOCATION = (
    r"(?P<device>\w+'s phone) sends its location(?: of (?P<at>[^,]+?))?"
    r"(?:,? (?P<where>at [A-Z]\w+|\d+ m from \w+))?(?: at (?P<kmh>\d+) km/h)?"
)


def deliver(world: World, phone: Carried, kind: str, observations: Sequence[Observation]) -> None:
    """As the next batch of its kind; what became of it is remembered."""
    number = phone.numbers.get(kind, 0) + 1
    phone.numbers[kind] = number
    phone.last = (kind, number, observations)
    world.receipt = world.driver.agents.deliver(phone.speaking(), *phone.last)


def fix(world: World, at: datetime, where: str, row: dict[str, str] | None = None) -> Observation:
    """A location; `row` may say how good it is and how fast the phone moved."""
    row = row or {}
    lat, lon = world.position(where)
    return observed(
        at,
        lat=lat,
        lon=lon,
        accuracy_m=_number(row.get("good to")),
        speed_mps=_mps(row.get("speed")),
    )


def _number(text: str | None) -> float | None:
    return float(text.split(" ")[0]) if text else None


def _mps(text: str | None) -> float | None:
    kmh = _number(text)
    return None if kmh is None else kmh / 3.6


@given(parsers.re(r"(?P<device>\w+'s phone) was (?P<where>.+ \w+) (?P<at>\d+ \w+ ago)"))
def was(world: World, device: str, where: str, at: str) -> None:
    """The platform has learned of it, and has done what there was to do."""
    phone = world.device(device)
    deliver(world, phone, "location", [fix(world, world.moment(at, phone.person), where)])
    assert world.last_receipt().outcome == "accepted"
    world.settled()


@given(parsers.parse("{device} sends these positions:"))
@when(parsers.parse("{device} sends these positions:"))
def sends_positions(world: World, device: str, datatable: list[list[str]]) -> None:
    phone = world.device(device)
    fixes = [
        fix(world, world.moment(row["when"], phone.person), row["where"], row)
        for row in rows(datatable)
    ]
    deliver(world, phone, "location", fixes)


@when(parsers.parse("{device} sends its locations of these times:"))
def sends_at_times(world: World, device: str, datatable: list[list[str]]) -> None:
    phone = world.device(device)
    times = [f"{row['day']} {row['time']}" for row in rows(datatable)]
    fixes = [fix(world, world.moment(time, phone.person), "at Home") for time in times]
    deliver(world, phone, "location", fixes)


@when(parsers.re(_LOCATION))
def sends_location(
    world: World, device: str, at: str | None, where: str | None, kmh: str | None
) -> None:
    phone = world.device(device)
    moment = world.moment(at or "now", phone.person)
    row = {"speed": kmh} if kmh else {}
    deliver(world, phone, "location", [fix(world, moment, where or "at Home", row)])


@when(
    parsers.re(
        r"(?P<device>\w+'s phone) sends a location(?: of (?P<at>.+))? that is nowhere on earth"
    )
)
def sends_impossible_location(world: World, device: str, at: str | None) -> None:
    phone = world.device(device)
    moment = world.moment(at or "now", phone.person)
    deliver(world, phone, "location", [fix(world, moment, "nowhere on earth")])


@when(parsers.parse("{device} sends a location with a mood"))
def sends_unknown_field(world: World, device: str) -> None:
    observation = {**fix(world, world.now, "at Home"), "mood": "cheerful"}
    deliver(world, world.device(device), "location", [observation])


@when(parsers.parse("{device} sends a web visit"))
def sends_web_visit(world: World, device: str) -> None:
    observation = observed(world.now, url="https://example.org/", title="An example")
    deliver(world, world.device(device), "web_visit", [observation])


@when(parsers.parse("{device} sends a dream"))
def sends_dream(world: World, device: str) -> None:
    deliver(world, world.device(device), "dream", [observed(world.now, about="the sea")])


@when(parsers.parse("{device} sends a delivery with nothing in it"))
def sends_nothing(world: World, device: str) -> None:
    deliver(world, world.device(device), "location", [])


@when(parsers.parse("{device} sends its battery of {at}"))
def sends_battery(world: World, device: str, at: str) -> None:
    phone = world.device(device)
    state = observed(world.moment(at, phone.person), battery=0.8)
    deliver(world, phone, "device_state", [state])


@when(parsers.parse("{device} sends its battery:"))
def sends_battery_levels(world: World, device: str, datatable: list[list[str]]) -> None:
    phone = world.device(device)
    states = [
        observed(
            world.moment(row["when"], phone.person), battery=int(row["level"].split(" ")[0]) / 100
        )
        for row in rows(datatable)
    ]
    deliver(world, phone, "device_state", states)


@when(parsers.parse("{device} sends the same delivery again"))
def sends_again(world: World, device: str) -> None:
    phone = world.device(device)
    assert phone.last is not None, "nothing was sent before"
    world.receipt = world.driver.agents.deliver(phone.speaking(), *phone.last)
