"""What happens to the platform itself: time, crashes, much to do."""

from pytest_bdd import parsers, then, when

from features.drivers.values import Observation
from features.steps import wording
from features.steps.delivering import deliver, fix
from features.steps.world import World

_BACKLOG = 300
"""More deliveries than the platform processes at once."""


@when(parsers.parse("{time} pass"))
def time_passes(world: World, time: str) -> None:
    world.driver.platform.let_pass(wording.duration(time))


@when("the platform crashes and is started again")
def crash(world: World) -> None:
    world.driver.platform.crash()


@when("there is so much to do that processing waits")
def processing_waits(world: World) -> None:
    world.driver.platform.hold_processing()


@when("processing goes on")
def processing_goes_on(world: World) -> None:
    world.driver.platform.resume_processing()


@when(parsers.parse("{device} delivers a backlog of three days that ends with entering {place}"))
def delivers_backlog(world: World, device: str, place: str) -> None:
    phone = world.device(device)
    start = world.moment("3 days ago", phone.person)
    for number in range(_BACKLOG):
        where = f"at {place}" if number == _BACKLOG - 1 else f"500 m from {place}"
        at = start + number * wording.duration("10 minutes")
        deliver(world, phone, "location", [fix(world, at, where)])


@when(parsers.parse("{device} enters {place} now"))
def enters_now(world: World, device: str, place: str) -> None:
    phone = world.device(device)
    before = world.moment("5 minutes ago", phone.person)
    fixes: list[Observation] = [
        fix(world, before, f"500 m from {place}"),
        fix(world, world.now, f"at {place}"),
    ]
    deliver(world, phone, "location", fixes)


@then(parsers.parse("the alert about {first} was learned before the alert about {second}"))
def learned_before(world: World, first: str, second: str) -> None:
    learned = {alert.text.split(" ")[0]: alert.learned for alert in world.alerts()}
    assert learned[first] < learned[second]
