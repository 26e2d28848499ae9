"""Codes, enrolling and being turned away."""

from pytest_bdd import given, parsers, then, when

from features.drivers.values import Denial
from features.steps.people import enrol
from features.steps.world import Carried, World, observed


def enrol_with(world: World, phone: Carried, code: str) -> None:
    phone.agent = world.driver.agents.enrol(code)


@given(parsers.re(r"a (?:second )?code has been issued for (?P<device>.+)"))
def issue_code(world: World, device: str) -> None:
    phone = world.device(device)
    phone.codes.append(world.driver.people.issue_code(world.owner, phone.id))


@given(parsers.parse("{device} has enrolled with the code"))
@when(parsers.parse("{device} enrols with the code"))
def enrols(world: World, device: str) -> None:
    phone = world.device(device)
    enrol_with(world, phone, phone.codes[0])


@when(parsers.parse("{device} enrols with the code in small letters and in groups of four"))
def enrols_by_hand(world: World, device: str) -> None:
    phone = world.device(device)
    code = phone.codes[0].lower()
    groups = [code[start : start + 4] for start in range(0, len(code), 4)]
    enrol_with(world, phone, "-".join(groups))


@when(parsers.re(r"(?P<device>.+) tries to enrol with the (?:first )?code"))
def tries_to_enrol(world: World, device: str) -> None:
    phone = world.device(device)
    world.attempt(lambda: enrol_with(world, phone, phone.codes[0]))


@when("a stranger's phone tries the code")
def stranger_tries(world: World) -> None:
    (phone,) = world.devices.values()
    world.attempt(lambda: world.driver.agents.enrol(phone.codes[0]))


@when(parsers.parse('a stranger\'s phone tries the code "{code}"'))
def stranger_guesses(world: World, code: str) -> None:
    world.attempt(lambda: world.driver.agents.enrol(code))


@when(parsers.parse("{device} is set up anew and enrols with a second code"))
def set_up_anew(world: World, device: str) -> None:
    enrol(world, world.device(device))


@given(parsers.parse("{device} has been retired"))
@when(parsers.parse("{device} is retired"))
def retire(world: World, device: str) -> None:
    world.driver.people.retire_device(world.owner, world.device(device).id)


@when(parsers.parse("somebody asks for another code for {device}"))
def ask_for_code(world: World, device: str) -> None:
    phone = world.device(device)
    world.attempt(lambda: world.driver.people.issue_code(world.owner, phone.id))


@then(parsers.parse("{device} is shown as {state}"))
def shown_as(world: World, device: str, state: str) -> None:
    seen = world.driver.people.device(world.owner, world.device(device).id)
    assert seen.state == state


@then(parsers.parse("{device} is listened to"))
def listened_to(world: World, device: str) -> None:
    world.driver.agents.check_in(world.device(device).speaking())


@then(parsers.parse("{device} is turned away when it delivers"))
def turned_away_when_it_delivers(world: World, device: str) -> None:
    agent = world.device(device).speaking()
    observations = [observed(world.now, lat=0.0, lon=0.0)]
    world.attempt(lambda: world.driver.agents.deliver(agent, "location", 1, observations))
    turned_away(world)


@then("its earlier agent is turned away")
def earlier_turned_away(world: World) -> None:
    (phone,) = world.devices.values()
    earlier = phone.earlier
    assert earlier is not None
    world.attempt(lambda: world.driver.agents.check_in(earlier))
    turned_away(world)


@then("the stranger's phone is turned away")
@then("it is turned away")
@then(parsers.re(r"(?:\w+'s phone|OwnTracks|OsmAnd) is turned away"))
def turned_away(world: World) -> None:
    assert world.denied is not None, "nobody was turned away"
    assert world.denied.denial is Denial.NOT_KNOWN


@then("that is not possible")
def not_possible(world: World) -> None:
    assert world.denied is not None, "it was possible"
    assert world.denied.denial is Denial.NOT_POSSIBLE


@then("that is nowhere to be found")
def nowhere_to_be_found(world: World) -> None:
    assert world.denied is not None, "it was found"
    assert world.denied.denial is Denial.NOT_FOUND


@then("that is refused as a mistake")
def refused_as_a_mistake(world: World) -> None:
    assert world.denied is not None, "it was not refused"
    assert world.denied.denial is Denial.A_MISTAKE
