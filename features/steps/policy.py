"""What a device is told to collect."""

from concurrent.futures import TimeoutError as NotInTime

from pytest_bdd import given, parsers, then

from features.drivers.values import Told
from features.steps import wording
from features.steps.world import Carried, World

AT_ONCE_S = 10.0
"""On a busy machine; far less than an agent waits when there is nothing to do."""


def told_at_once(phone: Carried) -> Told:
    """What ended the agent's wait."""
    assert phone.waiting is not None, "the phone does not wait"
    try:
        return phone.waiting.result(AT_ONCE_S)
    except NotInTime:
        raise AssertionError("the waiting phone was not woken") from None


@given(parsers.parse("{device} has fetched its policy"))
def fetched_policy(world: World, device: str) -> None:
    phone = world.device(device)
    phone.policy_version = world.driver.agents.check_in(phone.speaking()).policy_version


@given(parsers.parse("{device} waits for something to do"))
def waits(world: World, device: str) -> None:
    phone = world.device(device)
    phone.waiting = world.driver.agents.wait_for_news(phone.speaking(), phone.policy_version)


@then(parsers.parse("{device} is told to collect {kinds}"))
def told_to_collect(world: World, device: str, kinds: str) -> None:
    told = world.driver.agents.check_in(world.device(device).speaking())
    assert told.collect == frozenset(wording.kinds(kinds))


@then(parsers.parse("{device} is told nothing new"))
def told_nothing_new(world: World, device: str) -> None:
    phone = world.device(device)
    told = world.driver.agents.check_in(phone.speaking(), phone.policy_version)
    assert not told.news


@then(parsers.parse("{device} is told at once to collect {kinds}"))
def told_at_once_to_collect(world: World, device: str, kinds: str) -> None:
    assert told_at_once(world.device(device)).collect == frozenset(wording.kinds(kinds))
