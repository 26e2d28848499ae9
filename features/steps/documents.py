"""Documents: what a car says in words of its own, and what mappings make of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from features.drivers.values import Denial
from features.steps.delivering import deliver
from features.steps.wording import rows
from features.steps.world import Carried, World, observed

_CHARGE: dict[str, Any] = {
    "where": "type == 'charge'",
    "kind": "device_state",
    "fields": {"battery": {"path": "charge", "scale": 0.01}},
}
_IN_WORDS = {"path": "charge", "scale": 0.01, "values": {"full": 100, "half": 50, "empty": 0}}
_DRIVE: dict[str, Any] = {
    "each": "points",
    "kind": "location",
    "time": "at",
    "fields": {"lat": "lat", "lon": "lon", "source": {"path": "model", "of": "document"}},
}
_SONG = {"where": "type == 'song'", "ignore": True}
_DEFINITIONS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "charge": [_CHARGE],
    "charge and leaves songs alone": [_CHARGE, _SONG],
    "charge in words": [{**_CHARGE, "fields": {"battery": _IN_WORDS}}],
    "drives": [_DRIVE],
    "charge and drives": [_CHARGE, _DRIVE],
}
_MISTAKES: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "a bracket that is not closed": ({**_CHARGE, "where": "a[?b"}, "rules[0].where"),
    "a kind that does not exist": ({**_CHARGE, "kind": "mood"}, "rules[0].kind"),
    "a field that the kind has not": (
        {**_CHARGE, "fields": {"level": "charge"}},
        "rules[0].fields.level",
    ),
    "a position without a longitude": (
        {"kind": "location", "fields": {"lat": "lat"}},
        "rules[0].fields.lon",
    ),
    "a battery that is always at 150 %": (
        {**_CHARGE, "fields": {"battery": {"value": 1.5}}},
        "rules[0].fields.battery.value",
    ),
}
_REASONS = {
    "no rule is about it": ("not_mapped", ""),
    "its charge is not understood": ("mapping_failed", "rules[0].fields.battery"),
    "a position of it is impossible": ("mapping_failed", "rules[0].fields.lat"),
}
_KINDS = {"document": "document", "battery level": "device_state"}


def definition(what: str) -> dict[str, Any]:
    return {"rules": [dict(rule) for rule in _DEFINITIONS[what]]}


def charge(text: str) -> dict[str, Any]:
    """`80 %`, or a word for it."""
    said = text.removesuffix(" %")
    return {"type": "charge", "charge": said if said == text else int(said)}


def forward(world: World, device: str, source: str, body: Any) -> None:
    phone: Carried = world.device(device)
    deliver(world, phone, "document", [observed(world.now, source=source, body=body)])


@given(parsers.re(r"the mapping that reads the (?P<source>\w+)'s (?P<what>.+)"))
def has_mapping(world: World, source: str, what: str) -> None:
    mapping = world.driver.people.add_mapping(world.owner, source, definition(what))
    world.mappings[source] = mapping


@when(parsers.re(r"the mapping is mended to read the (?P<source>\w+)'s (?P<what>.+)"))
def mend(world: World, source: str, what: str) -> None:
    world.driver.people.mend_mapping(world.owner, world.mappings[source], definition(what))


@given(
    parsers.re(
        r"(?P<device>\w+'s phone) has forwarded the (?P<source>\w+)'s charge of (?P<text>.+)"
    )
)
@when(parsers.re(r"(?P<device>\w+'s phone) forwards the (?P<source>\w+)'s charge of (?P<text>.+)"))
def forwards_charge(world: World, device: str, source: str, text: str) -> None:
    forward(world, device, source, charge(text))
    world.settled()


@given(parsers.parse("{device} has forwarded a song that the car played"))
@when(parsers.parse("{device} forwards a song that the car played"))
def forwards_song(world: World, device: str) -> None:
    forward(world, device, "car", {"type": "song", "title": "Bele vrane"})
    world.settled()


@when(parsers.parse("{device} forwards a drive of the car:"))
def forwards_drive(world: World, device: str, datatable: list[list[str]]) -> None:
    person = world.device(device).person
    points = []
    for row in rows(datatable):
        lat, lon = world.position(row["where"])
        at = observed(world.moment(row["when"], person))["time"]
        points.append({"at": at, "lat": lat, "lon": lon})
    forward(world, device, "car", {"type": "drive", "model": "Zoe", "points": points})


@when(parsers.parse("somebody tries the mapping that reads the car's {what} on a charge of {text}"))
def tries(world: World, what: str, text: str) -> None:
    people = world.driver.people
    world.trial = people.try_mapping(world.owner, definition(what), charge(text))


@when(parsers.parse("somebody makes a mapping with {mistake}"))
def makes_mistake(world: World, mistake: str) -> None:
    rule, _ = _MISTAKES[mistake]
    people = world.driver.people
    world.attempt(lambda: people.add_mapping(world.owner, "car", {"rules": [rule]}))


@when("somebody makes another mapping for the car")
def makes_another(world: World) -> None:
    people = world.driver.people
    world.attempt(lambda: people.add_mapping(world.owner, "car", definition("drives")))


@when("the quarantine is processed again")
def process_again(world: World) -> None:
    world.driver.people.process_again(world.owner)
    world.settled()


@when(parsers.parse("what the {source} said is processed again"))
def process_source_again(world: World, source: str) -> None:
    world.driver.people.process_again(world.owner, source)
    world.settled()


@then(parsers.parse("{device} is known to have {percent:d} % battery"))
def known_battery(world: World, device: str, percent: int) -> None:
    world.settled()
    seen = world.driver.people.device(world.owner, world.device(device).id)
    assert seen.latest["device_state"]["battery"] == pytest.approx(percent / 100)


@then(
    parsers.re(
        r"(?P<count>\d+|no) (?P<kind>document|battery level)s? of (?P<device>.+) (?:is|are) kept"
    )
)
def kept(world: World, count: str, kind: str, device: str) -> None:
    expected = 0 if count == "no" else int(count)
    assert len(world.kept(device, _KINDS[kind])) == expected


@then(parsers.re(r"quarantine holds what the (?P<source>\w+) said, because (?P<why>.+)"))
def quarantine_holds(world: World, source: str, why: str) -> None:
    world.settled()
    (item,) = world.driver.people.quarantine(world.owner)
    assert item.source == source
    assert (item.reason, item.field) == _REASONS[why]


@then(parsers.parse("the trial makes a battery of {percent:d} %"))
def trial_makes(world: World, percent: int) -> None:
    assert world.trial is not None and world.trial.outcome == "mapped"
    (one,) = world.trial.observations
    assert one["battery"] == pytest.approx(percent / 100)


@then("the trial says that the charge is not understood")
def trial_says(world: World) -> None:
    assert world.trial is not None and world.trial.outcome == "failed"
    assert list(world.trial.mistakes) == ["rules[0].fields.battery"]


@then(parsers.parse("that is refused, naming {mistake}"))
def refused_naming(world: World, mistake: str) -> None:
    _, place = _MISTAKES[mistake]
    assert world.denied is not None and world.denied.denial is Denial.A_MISTAKE
    assert place in str(world.denied)


@then("there is no second mapping for the car")
def no_second(world: World) -> None:
    assert world.denied is not None and world.denied.denial is Denial.NOT_POSSIBLE
