"""What channels are told, and what is seen of them."""

from collections.abc import Iterator
from datetime import timedelta

import attrs
import pytest
from pytest_bdd import given, parsers, then, when

from domain.schedule import WEEKDAYS
from features.drivers.channels import DeliverySeen
from features.drivers.inbox import Inbox
from features.drivers.patience import eventually
from features.drivers.values import Hours
from features.steps.world import World

_WITHIN_S = 40.0


@attrs.define
class Told:
    """The scenario's channels by name, the inboxes they lead to, and what came of a test."""

    channels: dict[str, str] = attrs.field(factory=dict)
    inboxes: dict[str, Inbox] = attrs.field(factory=dict)
    test_sent: bool | None = None


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    yield told
    for inbox in told.inboxes.values():
        inbox.__exit__(None, None, None)


def pass_on(world: World) -> None:
    """Let alerts be announced and what is due be sent, where that does not go by itself."""
    world.driver.platform.look_for_silence()
    world.driver.people.send_what_is_due()


@given(parsers.parse("the channel {name}, on which the rule is told"))
def open_channel(world: World, told: Told, name: str) -> None:
    inbox = told.inboxes[name] = Inbox().__enter__()
    people = world.driver.people
    told.channels[name] = people.open_channel(world.owner, name, inbox.address)
    people.tell_on(world.owner, world.rules[-1], told.channels[name])


@given(parsers.parse("the rule is told on {name}, too"))
def tell_on(world: World, told: Told, name: str) -> None:
    world.driver.people.tell_on(world.owner, world.rules[-1], told.channels[name])


@given(parsers.parse("{name} is broken"))
def broken(told: Told, name: str) -> None:
    told.inboxes[name].broken = True


@given(parsers.parse("{name} has quiet hours now"))
def quiet_now(world: World, told: Told, name: str) -> None:
    """From two hours ago until in two hours, whatever the scenario takes."""
    now = world.driver.platform.now()
    start, end = (now + timedelta(hours=hours) for hours in (-2, 2))
    hours = Hours(WEEKDAYS, f"{start:%H:%M}", f"{end:%H:%M}")
    world.driver.people.give_quiet_hours(world.owner, told.channels[name], hours)


@given(parsers.parse("{name} is told once a day"))
def once_a_day(world: World, told: Told, name: str) -> None:
    world.driver.people.tell_daily(world.owner, told.channels[name])


@when(parsers.parse("{name} is mended and the owner resumes it"))
def mended(world: World, told: Told, name: str) -> None:
    told.inboxes[name].broken = False
    world.driver.people.resume_channel(world.owner, told.channels[name])


@when(parsers.parse("the owner sends a test message on {name}"))
def send_test(world: World, told: Told, name: str) -> None:
    told.test_sent = world.driver.people.send_test(world.owner, told.channels[name])


@then("the owner learns that it was not sent")
def not_sent(told: Told) -> None:
    assert told.test_sent is False


@then(parsers.parse("{name} is told in one message:"))
def one_message(world: World, told: Told, name: str, datatable: list[list[str]]) -> None:
    world.settled()

    def messages() -> list[list[str]]:
        pass_on(world)
        return told.inboxes[name].messages()

    (message,) = eventually(messages, bool, within_s=_WITHIN_S)
    assert sorted(message) == sorted(row[0] for row in datatable[1:])


@then(parsers.parse("{name} is not told of it, because it is late"))
def late(world: World, told: Told, name: str) -> None:
    world.settled()

    def log() -> list[DeliverySeen]:
        pass_on(world)
        return world.driver.people.deliveries(world.owner, told.channels[name])

    assert eventually(log, bool, within_s=_WITHIN_S) == [DeliverySeen("not_sent", "late")]
    assert told.inboxes[name].messages() == []


@then(parsers.parse("{name} is to be told of it later"))
def told_later(world: World, told: Told, name: str) -> None:
    world.settled()

    def log() -> list[DeliverySeen]:
        pass_on(world)
        return world.driver.people.deliveries(world.owner, told.channels[name])

    assert eventually(log, bool, within_s=_WITHIN_S) == [DeliverySeen("waiting", "")]
    pass_on(world)
    assert told.inboxes[name].messages() == []


@then(parsers.re(r"(?P<name>\w+) is shown as (?P<state>\w+)"))
def shown_as(world: World, told: Told, name: str, state: str) -> None:
    world.settled()

    def seen() -> str:
        pass_on(world)
        return world.driver.people.channel_state(world.owner, told.channels[name])

    assert eventually(seen, lambda now: now == state, within_s=_WITHIN_S) == state
