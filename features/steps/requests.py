"""Requests for data and their answers."""

from datetime import datetime

from pytest_bdd import given, parsers, then, when

from features.drivers.seen import RequestSeen
from features.drivers.values import Observation, Task
from features.steps import wording
from features.steps.delivering import fix
from features.steps.policy import told_at_once
from features.steps.world import Carried, World

_STATES = {"open": "open", "being worked on": "fetched"}


def ask(world: World, phone: Carried, kind: str, last: str) -> None:
    start = world.now - wording.duration(last)
    (kind,) = wording.kinds(kind)
    request = world.driver.people.ask_device(world.owner, phone.id, kind, start, world.now)
    world.requests.append(request)


def answer(world: World, phone: Carried, request_id: str, count: int, complete: bool) -> None:
    """With locations a minute apart, as the next batch of its kind."""
    number = phone.numbers.get("location", 0) + 1
    phone.numbers["location"] = number
    minute = wording.duration("1 minute")
    fixes: list[Observation] = [
        fix(world, world.now - (number * 10 + i) * minute, "at Home")
        for i in reversed(range(count))
    ]
    world.receipt = world.driver.agents.answer(
        phone.speaking(), request_id, ("location", number, fixes), complete
    )


def request(world: World) -> RequestSeen:
    """The one that Ana's phone was asked."""
    (found,) = world.driver.people.requests(world.owner, world.device("Ana's phone").id)
    assert found.id == world.requests[-1]
    return found


def check_task(world: World, tasks: tuple[Task, ...], kind: str, last: str) -> None:
    expected: tuple[str, datetime, datetime] = (
        wording.KINDS[kind],
        world.now - wording.duration(last),
        world.now,
    )
    assert [(task.kind, task.start, task.end) for task in tasks] == [expected]
    assert tasks[0].id == world.requests[-1]


@given(parsers.parse("{device} has been asked for the {kind} of the last {last}"))
@when(parsers.parse("{device} is asked for the {kind} of the last {last}"))
def asked(world: World, device: str, kind: str, last: str) -> None:
    ask(world, world.device(device), kind, last)


@when(parsers.parse("somebody asks {device} for {kind} of the last {last}"))
def tries_to_ask(world: World, device: str, kind: str, last: str) -> None:
    world.attempt(lambda: ask(world, world.device(device), kind, last))


@given(parsers.parse("{device} has fetched the request"))
def fetched(world: World, device: str) -> None:
    told = world.driver.agents.check_in(world.device(device).speaking())
    assert [task.id for task in told.tasks] == world.requests


@when(parsers.re(r"(?P<device>\w+'s phone) answers with (?P<count>\d+) locations?"))
def answers(world: World, device: str, count: str) -> None:
    answer(world, world.device(device), world.requests[-1], int(count), complete=True)


@when(parsers.parse("{device} answers with {count:d} locations and says that more will come"))
def answers_in_part(world: World, device: str, count: int) -> None:
    answer(world, world.device(device), world.requests[-1], count, complete=False)


@when(parsers.parse("{device} tries to answer what {other} was asked"))
def tries_to_answer(world: World, device: str, other: str) -> None:
    phone = world.device(device)
    world.attempt(lambda: answer(world, phone, world.requests[-1], 1, complete=True))


@when(parsers.parse('{device} says that it cannot, because "{reason}"'))
def gives_up(world: World, device: str, reason: str) -> None:
    agent = world.device(device).speaking()
    world.driver.agents.give_up(agent, world.requests[-1], reason)


@then(parsers.parse("{device} is told at once to send its {kind} of the last {last}"))
def told_at_once_to_send(world: World, device: str, kind: str, last: str) -> None:
    check_task(world, told_at_once(world.device(device)).tasks, kind, last)


@then(parsers.parse("{device} is told to send its {kind} of the last {last}"))
def told_to_send(world: World, device: str, kind: str, last: str) -> None:
    told = world.driver.agents.check_in(world.device(device).speaking())
    check_task(world, told.tasks, kind, last)


@then(parsers.parse("{device} is told to send nothing"))
def told_to_send_nothing(world: World, device: str) -> None:
    assert world.driver.agents.check_in(world.device(device).speaking()).tasks == ()


@then(parsers.parse("the request is answered with {count:d} observations"))
def request_answered(world: World, count: int) -> None:
    found = request(world)
    assert (found.state, found.accepted) == ("answered", count)


@then(parsers.parse('the request has failed because "{reason}"'))
def request_failed(world: World, reason: str) -> None:
    found = request(world)
    assert (found.state, found.reason) == ("failed", reason)


@then(parsers.re(r"the request is (?P<state>open|being worked on)"))
def request_state(world: World, state: str) -> None:
    assert request(world).state == _STATES[state]
