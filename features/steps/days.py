"""What somebody used, wrote, said and sent, and what a day of it looks like afterwards."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from domain.kinds import Kind
from features.drivers.values import Observation
from features.steps.delivering import deliver
from features.steps.people import enrol, introduce
from features.steps.wording import duration, rows
from features.steps.world import Carried, World, observed

_DAY_BEFORE = "the day before "
_ACTIVE = (
    r"on (?P<weekday>\w+|the day before \w+) (?P<person>\w+) was active for"
    r" (?P<lasting>\d+ minutes)(?P<more> more than on the day before)?"
)

_ACTIVE_BETWEEN = (
    r"from (?P<first>\w+|the day before \w+) to (?P<last>\w+) (?P<person>\w+)"
    r" was active for (?P<lasting>\d+ minutes)"
)


def moment_of(world: World, text: str, person: str) -> datetime:
    """`Tuesday 10:00`, or `the day before Tuesday 10:00`."""
    before = text.removeprefix(_DAY_BEFORE)
    return world.moment(before, person) - timedelta(days=before != text)


def day_of(world: World, person: str, day: str) -> date:
    return moment_of(world, f"{day} 12:00", person).date()


def summary(world: World, person: str, first: str, last: str, by: str = "day") -> Mapping[str, Any]:
    world.settled()
    days = day_of(world, person, first), day_of(world, person, last)
    return world.driver.people.summary(world.owner, world.people[person], *days, by)


@given(parsers.parse("{person} has a {device} that tells everything"))
def has_device(world: World, person: str, device: str) -> None:
    person_id = introduce(world, person)
    if not any(one.person == person for one in world.devices.values()):
        kinds = [kind.value for kind in Kind]
        world.driver.people.allow(world.owner, person_id, kinds)
    carried = Carried(world.driver.people.add_device(world.owner, person_id, device), person)
    world.devices[f"{person}'s {device}"] = carried
    enrol(world, carried)


@given(parsers.parse("{app} counts as {category}"))
@when(parsers.parse("{app} counts as {category}"))
def counts_as(world: World, app: str, category: str) -> None:
    world.driver.people.sort_app(world.owner, app, category)


@given(parsers.parse("{device} told of this:"))
@when(parsers.parse("{device} tells of this:"))
def tells(world: World, device: str, datatable: list[list[str]]) -> None:
    """One batch of each kind, in the order in which they are first named."""
    carried = world.device(device)
    batches: dict[str, list[Observation]] = {}
    for row in rows(datatable):
        kind, fields = _fields(row["what"])
        lasting = row.get("for")
        if lasting:
            fields["duration_s"] = duration(lasting).total_seconds()
        moment = moment_of(world, row["when"], carried.person)
        batches.setdefault(kind, []).append(observed(moment, **fields))
    for kind, observations in batches.items():
        deliver(world, carried, kind, observations)
        assert world.last_receipt().outcome == "accepted", world.last_receipt()


def _fields(what: str) -> tuple[str, dict[str, Any]]:
    """`the app chess`, `the page a.example/b`, `nobody there`, `a message from Eva`,
    `a message to Eva`, `a missed call from Eva`, `a call to Eva`, `50 MB by chess`, `80 %`.
    """
    words = what.split(" ")
    if what == "nobody there":
        return "presence", {"status": "away"}
    if words[1] == "app":
        return "app_use", {"app": words[2]}
    if words[1] == "page":
        return "web_visit", {"url": f"https://{words[2]}"}
    if words[1] == "MB":
        amount = {"sent_bytes": 0, "received_bytes": int(words[0]) * 1_000_000}
        return "traffic", {"interface": "mobile", "app": words[3], **amount}
    if words[1] == "%":
        return "device_state", {"battery": int(words[0]) / 100}
    way = {"direction": "sent" if "to" in words else "received", "counterpart": words[-1]}
    if "message" in words:
        return "message", {"channel": "sms", **way}
    return "call", {"outcome": "missed" if "missed" in words else "answered", **way}


@given(parsers.re(_ACTIVE))
@then(parsers.re(_ACTIVE))
def was_active(
    world: World, weekday: str, person: str, lasting: str, more: str | None = None
) -> None:
    found = summary(world, person, weekday, weekday)
    told = found["change"] if more else found["total"]
    assert told["active_s"] == duration(lasting).total_seconds()


@then(parsers.parse("on {weekday} {person} spent {lasting} on {name}"))
def spent(world: World, weekday: str, person: str, lasting: str, name: str) -> None:
    """On an app, a site or a category of both."""
    total = summary(world, person, weekday, weekday)["total"]
    times = {
        one[label]: one["duration_s"]
        for plural, label in (("apps", "app"), ("sites", "site"), ("categories", "category"))
        for one in total[plural]
    }
    assert times.get(name) == duration(lasting).total_seconds(), times


@then(parsers.re(_ACTIVE_BETWEEN))
def was_active_between(world: World, first: str, last: str, person: str, lasting: str) -> None:
    for by in ("day", "week", "month"):
        found = summary(world, person, first, last, by)
        expected = duration(lasting).total_seconds()
        assert found["total"]["active_s"] == expected
        assert sum(one["active_s"] for one in found[f"{by}s"]) == expected


@then(parsers.parse("on {weekday} {person} was in touch with:"))
def in_touch(world: World, weekday: str, person: str, datatable: list[list[str]]) -> None:
    world.settled()
    found = world.driver.people.communications(
        world.owner, world.people[person], day_of(world, person, weekday)
    )
    assert [
        {
            "who": item["name"] or item["addresses"][0],
            "stranger": "yes" if item["stranger"] else "no",
            "sent": str(sum(channel["sent"] for channel in item["channels"])),
            "received": str(sum(channel["received"] for channel in item["channels"])),
            "missed": str(sum(channel["missed"] for channel in item["channels"])),
            "new": "yes" if item["new"] else "no",
        }
        for item in found["items"]
    ] == rows(datatable)


@then(parsers.parse("on {weekday} {app} took {amount:d} MB of {person}'s traffic"))
def took(world: World, weekday: str, app: str, amount: int, person: str) -> None:
    world.settled()
    found = world.driver.people.traffic(
        world.owner, world.people[person], day_of(world, person, weekday)
    )
    received = {one["app"]: one["received_bytes"] for one in found["total"]["apps"]}
    assert received.get(app) == amount * 1_000_000, received


@then(parsers.parse("on {weekday} the battery of {device} was at {level:d} % at worst"))
def at_worst(world: World, weekday: str, device: str, level: int) -> None:
    world.settled()
    carried = world.device(device)
    found = world.driver.people.health(
        world.owner, carried.id, day_of(world, carried.person, weekday)
    )
    assert found["lowest"]["battery"] == level / 100
