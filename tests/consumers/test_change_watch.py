"""What is remembered of an account lasts no longer than until the store says that it changed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import attrs
import pytest

from adapters.inbound.consumers.change_watch import MISSED_AFTER_S, MOST_RECENT, ChangeWatch
from application.device_directory import DeviceDirectory
from application.faults import StoreBroken, Unavailable
from domain.device import Agent, Credential, Device
from tests.contracts.builders import ACCOUNT, NOW_MS, OTHER_ACCOUNT
from tests.contracts.entities import person

pytestmark = pytest.mark.anyio

SOON_S = 10.0
ACCOUNTS = (ACCOUNT, OTHER_ACCOUNT)


@attrs.define
class Changes:
    """What the store says at each look, as the test hands it out, at a time of the test's own."""

    now_s: float = 0.0
    answers: asyncio.Queue[Mapping[str, int] | Exception] = attrs.Factory(asyncio.Queue)
    looks: asyncio.Queue[None] = attrs.Factory(asyncio.Queue)

    async def recent(self) -> Mapping[str, int]:
        self.looks.put_nowait(None)
        answer = await self.answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def say(self, answer: Mapping[str, int] | Exception) -> None:
        """Returns when the watch has done what it does with the answer, and looks again."""
        self.answers.put_nowait(answer)
        async with asyncio.timeout(SOON_S):
            await self.looks.get()


@pytest.fixture
async def directory(container: Any) -> DeviceDirectory:
    """Of a device in each account."""
    async with container.configuration().changing() as tx:
        for account in ACCOUNTS:
            device = f"device-{account}"
            await tx.people.add(person("p", account=account))
            await tx.devices.add(Device(device, account, "p", "phone", "android", NOW_MS))
            await tx.credentials.add(
                Credential(f"c-{account}", account, device, Agent.FIELDPOST, f"digest-{account}", 0)
            )
    directory: DeviceDirectory = container.application().directory
    return directory


async def remember(directory: DeviceDirectory) -> None:
    for account in ACCOUNTS:
        assert await directory.access(f"digest-{account}") is not None


def remembered(directory: DeviceDirectory) -> list[str]:
    return [one for one in ACCOUNTS if directory.remembered(f"digest-{one}") is not None]


async def watched(directory: DeviceDirectory, test: Callable[[Changes], Awaitable[None]]) -> None:
    changes = Changes()
    watch = ChangeWatch(changes.recent, directory, every_s=0.0, clock=lambda: changes.now_s)
    running = asyncio.create_task(watch.run())
    try:
        async with asyncio.timeout(SOON_S):
            await changes.looks.get()
        await remember(directory)
        await test(changes)
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_an_account_is_forgotten_when_its_number_rises(directory: DeviceDirectory) -> None:
    async def test(changes: Changes) -> None:
        await changes.say({})
        assert remembered(directory) == [*ACCOUNTS]
        for version in (3, 4):
            await changes.say({ACCOUNT: version})
            assert remembered(directory) == [OTHER_ACCOUNT]
            await remember(directory)
            await changes.say({ACCOUNT: version})
            assert remembered(directory) == [*ACCOUNTS]

    await watched(directory, test)


async def test_a_full_answer_may_leave_something_out(directory: DeviceDirectory) -> None:
    async def test(changes: Changes) -> None:
        await changes.say({f"other-{n}": 1 for n in range(MOST_RECENT - 1)})
        assert remembered(directory) == [*ACCOUNTS]
        await changes.say({f"other-{n}": 1 for n in range(MOST_RECENT)})
        assert remembered(directory) == []

    await watched(directory, test)


@pytest.mark.parametrize("failure", [Unavailable("away"), StoreBroken("strange")])
async def test_who_could_not_look_for_long_may_have_missed_a_change(
    directory: DeviceDirectory, failure: Exception
) -> None:
    async def test(changes: Changes) -> None:
        changes.now_s += MISSED_AFTER_S
        await changes.say(failure)
        await changes.say({})
        assert remembered(directory) == [*ACCOUNTS], "a minute is not too long"
        changes.now_s += MISSED_AFTER_S / 2
        await changes.say(failure)
        assert remembered(directory) == [*ACCOUNTS], "while the store is away all is as it was"
        changes.now_s += MISSED_AFTER_S / 2 + 1
        await changes.say({})
        assert remembered(directory) == []
        await remember(directory)
        await changes.say({})
        assert remembered(directory) == [*ACCOUNTS]

    await watched(directory, test)
