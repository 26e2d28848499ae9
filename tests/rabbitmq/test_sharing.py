"""Workers that share partitions: each has some, none is without, and nothing is lost by moving."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import attrs
import pytest

from adapters.outbound.embedded.quarantine_shelf import SqliteQuarantineShelf
from adapters.outbound.rabbitmq.intake_queue import RabbitIntakeQueue
from adapters.outbound.rabbitmq.sharing import Sharing
from application.ports.intake_queue import Intake
from domain.batch import Batch
from tests.contracts.builders import batch
from tests.rabbitmq.workers import EVERY_S, SOON_S, Broker, device_of
from tests.support.distributed import rabbit_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import VirtualHost

pytestmark = pytest.mark.anyio

PARTITIONS = 8
DEVICES = [device_of(partition, PARTITIONS) for partition in range(PARTITIONS)]
_CUTS = 3
IN_TIME_S = 5.0
"""How long a device may wait while its partition moves: what is processed takes no time here."""


@attrs.define
class Traffic:
    """Every device delivers all the time; who took what, in order."""

    queue: RabbitIntakeQueue
    taken: list[tuple[str, str, int]] = attrs.Factory(list)
    sent: Counter[str] = attrs.Factory(Counter)

    def take(self, worker: str, one: Batch) -> None:
        self.taken.append((worker, one.device_id, int(one.identity)))

    async def send(self, device: str) -> int:
        self.sent[device] += 1
        number = self.sent[device]
        await self.queue.accept(Intake([batch(number, device=device)]))
        return number

    async def holder(self, device: str) -> str:
        """Who takes what the device sends now. It has to be taken in time."""
        number = await self.send(device)
        async with asyncio.timeout(IN_TIME_S):
            while True:
                for worker, of, seen in reversed(self.taken):
                    if (of, seen) == (device, number):
                        return worker
                await asyncio.sleep(EVERY_S)

    async def holders(self) -> list[str]:
        return list(await asyncio.gather(*(self.holder(device) for device in DEVICES)))

    async def until_held(self, expected: list[str]) -> None:
        async with asyncio.timeout(SOON_S):
            while (found := await self.holders()) != expected:
                await asyncio.sleep(EVERY_S)
        assert found == expected

    def whole(self, *, repeated: int = 0) -> None:
        """Everything was taken, in order; no more than `repeated` were taken again."""
        seen = defaultdict(list)
        for _, device, number in self.taken:
            seen[device].append(number)
        for device, count in self.sent.items():
            first = list(dict.fromkeys(seen[device]))
            assert first == [*range(1, count + 1)], f"{device}: lost, or out of order"
        assert sum(map(len, seen.values())) - self.sent.total() <= repeated


@pytest.fixture
def broker(virtual_host: VirtualHost, shelf: SqliteQuarantineShelf) -> Broker:
    return Broker(rabbit_settings(virtual_host, partitions=PARTITIONS), shelf)


@asynccontextmanager
async def traffic_on(broker: Broker) -> AsyncIterator[Traffic]:
    async with broker.declared(), broker.queue() as queue:
        yield Traffic(queue)


def shares(sharing: Sharing, names: Iterable[str]) -> list[str]:
    """As one of them works it out; each of the names has some."""
    found = [sharing.owner(partition) for partition in range(PARTITIONS)]
    assert set(found) == set(names)
    return found


async def test_one_has_all_and_those_who_come_get_their_share(broker: Broker) -> None:
    async with traffic_on(broker) as traffic, AsyncExitStack() as stack:
        one = await stack.enter_async_context(broker.worker("one", traffic.take))
        assert await traffic.holders() == ["one"] * PARTITIONS
        two = await stack.enter_async_context(broker.worker("two", traffic.take))
        await until_known(one, two)
        of_two = shares(one, ("one", "two"))
        assert shares(two, ("one", "two")) == of_two
        await traffic.until_held(of_two)
        async with broker.worker("three", traffic.take) as three:
            await until_known(one, two, three)
            of_three = shares(three, ("one", "two", "three"))
            assert shares(one, ("one", "two", "three")) == of_three
            await traffic.until_held(of_three)
            moved = [new for old, new in zip(of_two, of_three, strict=True) if old != new]
            assert set(moved) == {"three"}, "only what the new one gets has moved"
        await traffic.until_held(of_two)
        traffic.whole()


async def test_while_workers_come_and_go_everything_is_taken_once_and_in_order(
    broker: Broker,
) -> None:
    async with traffic_on(broker) as traffic, AsyncExitStack() as stack:
        one = await stack.enter_async_context(broker.worker("one", traffic.take))
        ending = asyncio.Event()

        async def deliver(device: str) -> None:
            while not ending.is_set():
                await traffic.holder(device)

        async with asyncio.TaskGroup() as devices:
            for device in DEVICES:
                devices.create_task(deliver(device))
            for turn in range(3):
                async with (
                    broker.worker(f"two-{turn}", traffic.take) as two,
                    broker.worker(f"three-{turn}", traffic.take) as three,
                ):
                    await until_known(one, two, three)
                    await traffic_passes(traffic)
            ending.set()
        traffic.whole()


async def test_who_was_cut_off_gets_its_share_again(broker: Broker) -> None:
    with FaultProxy(broker.settings.port) as proxy:
        async with (
            traffic_on(broker) as traffic,
            broker.worker("one", traffic.take) as one,
            broker.worker("two", traffic.take, proxy.port) as two,
        ):
            await until_known(one, two)
            both = shares(one, ("one", "two"))
            await traffic.until_held(both)
            for _ in range(_CUTS):
                proxy.cut()
                await traffic.until_held(both)
            proxy.refuse()
            await traffic.until_held(["one"] * PARTITIONS)
            proxy.restore()
            await traffic.until_held(both)
            # What was with it when it was cut off, one upload of a device at most, is given again.
            traffic.whole(repeated=(_CUTS + 1) * PARTITIONS)


async def test_who_is_not_heard_is_not_counted(broker: Broker) -> None:
    """Its signals do not arrive, its partitions are with the others: the shares are theirs."""
    async with (
        traffic_on(broker) as traffic,
        broker.worker("one", traffic.take) as one,
    ):
        async with broker.worker("two", traffic.take) as two:
            await until_known(one, two)
        async with asyncio.timeout(SOON_S):
            while {one.owner(partition) for partition in range(PARTITIONS)} != {"one"}:
                await asyncio.sleep(EVERY_S)
        assert await traffic.holders() == ["one"] * PARTITIONS


async def until_known(*workers: Sharing) -> None:
    """Each knows of all others."""
    async with asyncio.timeout(SOON_S):
        while any(len(owners(one)) < len(workers) for one in workers):
            await asyncio.sleep(EVERY_S)


def owners(sharing: Sharing) -> set[str]:
    return {sharing.owner(partition) for partition in range(PARTITIONS)}


async def traffic_passes(traffic: Traffic) -> None:
    """Some more of every device."""
    before = traffic.sent.copy()
    async with asyncio.timeout(SOON_S):
        while any(traffic.sent[device] < before[device] + 5 for device in DEVICES):
            await asyncio.sleep(EVERY_S)
