"""What became of deliveries: receipts, what is kept, what stands in quarantine."""

from datetime import datetime

from pytest_bdd import parsers, then

from features.drivers.values import Observation, RefusedPart
from features.steps import wording
from features.steps.wording import rows
from features.steps.world import World

_DELIVERY_REASONS = {
    "its kind is unknown": "unknown_kind",
    "it holds no observations": "no_observations",
}


def moment_of(observation: Observation) -> datetime:
    return datetime.fromisoformat(observation["time"])


@then(parsers.parse("the delivery is acknowledged with {count:d} observations"))
def acknowledged(world: World, count: int) -> None:
    receipt = world.last_receipt()
    assert (receipt.outcome, receipt.accepted) == ("accepted", count)


@then("the delivery is acknowledged as a duplicate")
def duplicate(world: World) -> None:
    assert world.last_receipt().outcome == "duplicate"


@then("the delivery is refused for lack of consent")
def refused_for_consent(world: World) -> None:
    receipt = world.last_receipt()
    assert (receipt.outcome, receipt.reason) == ("refused", "no_consent")


@then(parsers.parse("the delivery is refused because {reason}"))
def refused_because(world: World, reason: str) -> None:
    receipt = world.last_receipt()
    assert (receipt.outcome, receipt.reason) == ("refused", _DELIVERY_REASONS[reason])


@then("the others are refused for lack of consent")
def others_refused_for_consent(world: World) -> None:
    receipt = world.last_receipt()
    assert receipt.refused, "none was refused"
    assert {part.reason for part in receipt.refused} == {"no_consent"}


@then(
    parsers.re(
        r"the (?P<nth>\w+) observation is refused because its (?P<field>\w+) is (?P<reason>.+)"
    )
)
def part_refused(world: World, nth: str, field: str, reason: str) -> None:
    index = wording.ORDER.index(nth)
    expected = RefusedPart(index, wording.field(field), wording.REASONS[reason])
    assert world.last_receipt().refused == (expected,)


@then(
    parsers.re(r"(?P<count>\d+) (?P<kind>locations?|web visits?) of (?P<device>.+) (?:is|are) kept")
)
def kept(world: World, count: str, kind: str, device: str) -> None:
    assert len(world.kept(device, wording.KINDS[kind])) == int(count)


@then("only these are kept:")
def only_these_kept(world: World, datatable: list[list[str]]) -> None:
    (name,) = world.devices
    person = world.device(name).person
    expected = [world.moment(f"{row['day']} {row['time']}", person) for row in rows(datatable)]
    assert [moment_of(one) for one in world.kept(name, "location")] == sorted(expected)
    assert world.last_receipt().accepted == len(expected)


@then(parsers.parse("nothing is known of {device}"))
def nothing_known(world: World, device: str) -> None:
    assert world.kept(device, "location") == []
    assert world.driver.people.device(world.owner, world.device(device).id).latest == {}


@then(
    parsers.re(
        r"(?P<device>\w+'s phone) is (?:still )?known to have been"
        r" (?P<where>.+) (?P<at>\d+ \w+ ago)"
    )
)
def known_position(world: World, device: str, where: str, at: str) -> None:
    world.settled()
    phone = world.device(device)
    latest = world.driver.people.device(world.owner, phone.id).latest["location"]
    assert (latest["lat"], latest["lon"]) == world.position(where)
    assert moment_of(latest) == world.moment(at, phone.person)


@then("quarantine is empty")
def quarantine_empty(world: World) -> None:
    world.settled()
    assert world.driver.people.quarantine(world.owner) == []


@then(parsers.parse("quarantine holds what {device} sent, because its {field} is {reason}"))
def quarantine_holds_because(world: World, device: str, field: str, reason: str) -> None:
    world.settled()
    (item,) = world.driver.people.quarantine(world.owner)
    expected = "unknown_kind" if field == "kind" else wording.REASONS[reason]
    assert item.device_id == world.device(device).id
    assert (item.field, item.reason) == (wording.field(field), expected)
    assert item.payload, "nothing of what was sent is there"


@then(parsers.re(r"quarantine holds what (?P<device>\w+'s phone) sent"))
def quarantine_holds(world: World, device: str) -> None:
    world.settled()
    (item,) = world.driver.people.quarantine(world.owner)
    assert item.device_id == world.device(device).id
    assert item.payload, "nothing of what was sent is there"
