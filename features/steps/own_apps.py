"""Agents that people already have."""

import attrs
import pytest
from pytest_bdd import given, parsers, then, when

from features.drivers.own_apps import Report, nonsense_of, words_of
from features.drivers.values import AppAccess
from features.steps.world import World

_REPORT = (
    r"(?P<app>OwnTracks|OsmAnd) reports from (?P<place>\w+) at (?P<kmh>\d+) km/h"
    r" with (?P<battery>\d+) % battery, (?P<at>.+)"
)


def access(world: World, app: str) -> AppAccess:
    return world.device("Ana's phone").apps[app]


@given(parsers.re(r"(?P<device>\w+'s phone) has (?P<app>\w+) with a token"))
def has_app(world: World, device: str, app: str) -> None:
    phone = world.device(device)
    phone.apps[app] = world.driver.people.issue_token(world.owner, phone.id, app.lower())


@when(parsers.re(_REPORT))
def reports(world: World, app: str, place: str, kmh: str, battery: str, at: str) -> None:
    moment = world.moment(at, "Ana")
    report = Report(*world.position(f"at {place}"), moment, float(kmh), int(battery))
    words = words_of(app.lower(), report)
    world.attempt(lambda: world.driver.agents.send_words(access(world, app), words))


@when(parsers.re(r"(?P<app>\w+) reports what nobody understands"))
def reports_nonsense(world: World, app: str) -> None:
    world.driver.agents.send_words(access(world, app), nonsense_of(app.lower()))


@when(parsers.parse("OsmAnd reports with the token of OwnTracks"))
def reports_with_wrong_token(world: World) -> None:
    phone = world.device("Ana's phone")
    osmand = world.driver.people.issue_token(world.owner, phone.id, "osmand")
    stolen = access(world, "OwnTracks").token
    wrong = attrs.evolve(osmand, token=stolen, address=osmand.address.replace(osmand.token, stolen))
    report = Report(*world.position("at Home"), world.now, 0.0, 80)
    words = words_of("osmand", report)
    world.attempt(lambda: world.driver.agents.send_words(wrong, words))


@when(parsers.parse("the token of {app} is revoked"))
def revoke(world: World, app: str) -> None:
    world.driver.people.revoke_token(world.owner, access(world, app))


@then(
    parsers.parse("Ana's phone is known to have moved at {kmh:d} km/h with {battery:d} % battery")
)
def known_motion(world: World, kmh: int, battery: int) -> None:
    world.settled()
    latest = world.driver.people.device(world.owner, world.device("Ana's phone").id).latest
    assert latest["location"]["speed_mps"] == pytest.approx(kmh / 3.6, abs=0.01)
    assert latest["device_state"]["battery"] == pytest.approx(battery / 100)
