"""People, the devices they carry, the places they know and what they allow."""

from zoneinfo import ZoneInfo

from pytest_bdd import given, parsers, when

from features.steps import wording
from features.steps.world import SPOTS, Carried, World


def introduce(world: World, person: str) -> str:
    """The person's id; they are added when they are named for the first time."""
    if person not in world.people:
        world.people[person] = world.driver.people.add_person(world.owner, person)
    return world.people[person]


def add_phone(world: World, person: str) -> Carried:
    person_id = introduce(world, person)
    phone = Carried(world.driver.people.add_device(world.owner, person_id, "phone"), person)
    world.devices[f"{person}'s phone"] = phone
    return phone


def enrol(world: World, phone: Carried) -> None:
    """With a code of its own; an agent that spoke for it before knows nothing of the new one."""
    phone.numbers.clear()
    phone.codes.append(world.driver.people.issue_code(world.owner, phone.id))
    phone.earlier, phone.agent = phone.agent, world.driver.agents.enrol(phone.codes[-1])


@given(parsers.parse("{person} carries a phone that is not enrolled yet"))
def carries_a_new_phone(world: World, person: str) -> None:
    add_phone(world, person)


@given(parsers.parse("{person} carries an enrolled phone"))
def carries_an_enrolled_phone(world: World, person: str) -> None:
    enrol(world, add_phone(world, person))


@given(parsers.parse("{person} carries a phone and allows {kinds}"))
def carries_a_phone_and_allows(world: World, person: str, kinds: str) -> None:
    enrol(world, add_phone(world, person))
    allow(world, person, kinds)


@given(parsers.parse("{person} lives in the time zone {zone}"))
def lives_in(world: World, person: str, zone: str) -> None:
    world.driver.people.move(world.owner, introduce(world, person), zone)
    world.zones[person] = ZoneInfo(zone)


@given(parsers.re(r"(?P<person>\w+) allows (?P<kinds>[a-z ]+?)"))
@when(parsers.re(r"(?P<person>\w+) allows (?P<kinds>[a-z ]+?)"))
def allow(world: World, person: str, kinds: str) -> None:
    consent = world.driver.people.allow(world.owner, introduce(world, person), wording.kinds(kinds))
    world.consents.setdefault(person, []).append(consent)


@given(parsers.re(r"(?P<person>\w+) allows (?P<kinds>\w+) (?P<hours>on week.*)"))
def allow_at_hours(world: World, person: str, kinds: str, hours: str) -> None:
    world.driver.people.allow(
        world.owner,
        introduce(world, person),
        wording.kinds(kinds),
        hours=wording.hours(hours),
    )


@given(parsers.parse("{person} allows {kinds} from {since} on"))
def allow_from(world: World, person: str, kinds: str, since: str) -> None:
    world.driver.people.allow(
        world.owner,
        introduce(world, person),
        wording.kinds(kinds),
        start=world.moment(since, person),
    )


@given(parsers.re(r"(?P<person>\w+) withdraws her (?:first )?consent"))
@when(parsers.re(r"(?P<person>\w+) withdraws her (?:first )?consent"))
def withdraw(world: World, person: str) -> None:
    """The one that was given first."""
    consent = world.consents[person][0]
    world.driver.people.withdraw(world.owner, introduce(world, person), consent)


@given(parsers.parse("the place {name}"))
def draw_place(world: World, name: str) -> None:
    draw_circle(world, name, 100.0)


@given(parsers.parse("the place {name} with a radius of {radius_m:d} m"))
def draw_circle(world: World, name: str, radius_m: float) -> None:
    place = world.driver.people.draw_circle(world.owner, name, *SPOTS[name], radius_m)
    world.places[name] = place
    world.radii_m[name] = radius_m
