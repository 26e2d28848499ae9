"""Another account on the same platform, and what it tries."""

from collections.abc import Callable

from pytest_bdd import given, parsers, then, when

from features.drivers.values import Denial, Owner, RuleWish
from features.steps import wording
from features.steps.alerts import only_alert
from features.steps.conditions import condition
from features.steps.world import World


def neighbour(world: World) -> Owner:
    assert world.neighbour is not None, "there is no other account"
    return world.neighbour


@given("the Kos family has an account of its own")
def other_account(world: World) -> None:
    world.neighbour = world.driver.platform.open_account("The Kos family")


@given(parsers.parse("the Kos family has the rule that anybody {what}"))
def other_rule(world: World, what: str) -> None:
    asked, _ = condition(what, {})
    world.driver.people.make_rule(neighbour(world), RuleWish(asked))


@when(parsers.parse("the Kos family tries to {what}"))
def tries(world: World, what: str) -> None:
    attempts = {**_with_the_phone(world), **_with_other_things(world)}
    world.attempt(attempts[what])


def _with_the_phone(world: World) -> dict[str, Callable[[], object]]:
    people, kos = world.driver.people, neighbour(world)
    phone = world.device("Ana's phone").id
    hour = wording.duration("1 hour")
    return {
        "look at Ana's phone": lambda: people.device(kos, phone),
        "read where Ana's phone was": lambda: people.kept(kos, phone, "location"),
        "retire Ana's phone": lambda: people.retire_device(kos, phone),
        "get a code for Ana's phone": lambda: people.issue_code(kos, phone),
        "ask Ana's phone for its location": lambda: people.ask_device(
            kos, phone, "location", world.now - hour, world.now
        ),
    }


def _with_other_things(world: World) -> dict[str, Callable[[], object]]:
    people, kos = world.driver.people, neighbour(world)
    ana, school = world.people["Ana"], world.places["School"]
    fast = {"speed_over_mps": 10.0}
    return {
        "record a consent of Ana": lambda: people.allow(kos, ana, ["location"]),
        "add a phone that Ana carries": lambda: people.add_device(kos, ana, "phone"),
        "make a rule about School": lambda: people.make_rule(kos, RuleWish({"enters": school})),
        "make a rule about Ana": lambda: people.make_rule(kos, RuleWish(fast, people=(ana,))),
    }


@then("the Kos family sees no people, no devices and no places")
def sees_nothing(world: World) -> None:
    names = world.driver.people.names(neighbour(world))
    assert names == {"people": [], "devices": [], "places": []}
    assert world.driver.people.names(world.owner) == {
        "people": ["Ana"],
        "devices": ["phone"],
        "places": ["School"],
    }


@then("the Kos family sees no alerts")
def sees_no_alerts(world: World) -> None:
    world.settled()
    assert world.driver.people.alerts(neighbour(world)) == []


@then("the Kos family cannot acknowledge the alert")
def cannot_acknowledge(world: World) -> None:
    alert = only_alert(world)
    world.attempt(lambda: world.driver.people.acknowledge(neighbour(world), alert.id))
    assert world.denied is not None and world.denied.denial is Denial.NOT_FOUND
    assert only_alert(world).state == "open"


@then("the Kos family's quarantine is empty")
def other_quarantine_empty(world: World) -> None:
    assert world.driver.people.quarantine(neighbour(world)) == []
