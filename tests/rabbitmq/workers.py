"""Workers and web processes on a broker, as many as a test wants, each with its own connection."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import attrs

from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.rabbitmq.accepted_batches import AcceptedBatches
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.intake_queue import RabbitIntakeQueue
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.sharing import Sharing
from adapters.outbound.rabbitmq.signal_bus import SignalBus
from adapters.outbound.rabbitmq.topology import declare, observation_queues, partition_of
from application.faults import Unavailable
from application.ports.intake_queue import Intake
from application.ports.quarantine_shelf import QuarantineShelf
from domain.batch import Batch
from domain.kinds import Kind
from tests.support.waiting import until

SOON_S = 30.0
EVERY_S = 0.02

_TELL_EVERY_S = 0.1
_GONE_AFTER_S = 3.0


async def nothing_applied(_: str, __: str, keys: Sequence[tuple[Kind, str]]) -> list[bool]:
    return [False] * len(keys)


@attrs.define
class Tries:
    """As many as were counted, by the name of the upload."""

    counted: Counter[str] = attrs.Factory(Counter)

    async def __call__(self, name: str) -> int:
        self.counted[name] += 1
        return self.counted[name]


@attrs.frozen
class Broker:
    """What the processes of a test share. `shelf` outlives them."""

    settings: RabbitSettings
    shelf: QuarantineShelf
    tries: Tries = attrs.Factory(Tries)
    tally: PrometheusTally = attrs.Factory(PrometheusTally)

    @asynccontextmanager
    async def connected(self, port: int | None = None) -> AsyncIterator[RabbitConnection]:
        """`port` is a proxy's, where one is."""
        settings = attrs.evolve(self.settings, port=port or self.settings.port)
        connection = RabbitConnection(settings)
        await connection.open()
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def declared(self) -> AsyncIterator[RabbitConnection]:
        async with self.connected() as connection:
            await declare(connection)
            yield connection

    @asynccontextmanager
    async def queue(
        self, port: int | None = None, *, consumes: bool = False
    ) -> AsyncIterator[RabbitIntakeQueue]:
        async with self.connected(port) as connection:
            queue = self._queue(connection, consumes=consumes)
            await queue.open()
            try:
                yield queue
            finally:
                await queue.close()

    @asynccontextmanager
    async def worker(
        self, name: str, take: Callable[[str, Batch], None], port: int | None = None
    ) -> AsyncIterator[Sharing]:
        """Takes and finishes, and shares with others as it does in a process of its own."""
        async with self.connected(port) as connection:
            bus = SignalBus(connection)
            queue = self._queue(connection, consumes=True)
            sharing = Sharing(
                bus,
                name,
                self.settings.partitions,
                queue.holds,
                queue.hand_over,
                every_s=_TELL_EVERY_S,
                gone_after_s=_GONE_AFTER_S,
            )
            await bus.open()
            await queue.open()
            at_rest = asyncio.Lock()
            work = [
                asyncio.create_task(_pump(queue, name, take, at_rest)),
                asyncio.create_task(sharing.run()),
            ]
            try:
                yield sharing
                assert not any(one.done() for one in work)
            finally:
                sharing.close()
                async with asyncio.timeout(SOON_S), at_rest:
                    for one in work:
                        one.cancel()
                    await asyncio.gather(*work, return_exceptions=True)
                await queue.close()
                await bus.close()

    async def waiting(self, connection: RabbitConnection) -> int:
        """Ready at the broker."""
        found = 0
        async with connection.brief_channel() as channel:
            for name in observation_queues(self.settings):
                found += (await channel.queue_declare(name, passive=True)).message_count or 0
        return found

    def _queue(self, connection: RabbitConnection, *, consumes: bool) -> RabbitIntakeQueue:
        accepted = AcceptedBatches(nothing_applied, self.tally)
        return RabbitIntakeQueue(
            connection, accepted, self.shelf, self.tries, self.tally, consumes=consumes
        )


async def _pump(
    queue: RabbitIntakeQueue, name: str, take: Callable[[str, Batch], None], at_rest: asyncio.Lock
) -> None:
    """Holds the lock while something is being processed."""
    while True:
        batches = await queue.take(10)
        async with at_rest:
            for one in batches:
                take(name, one)
            await asyncio.sleep(0)  # processing gives way
            await queue.finish(batches)


def device_of(partition: int, partitions: int) -> str:
    """One whose batches go to this partition."""
    number = 0
    while partition_of(f"device-{number}", partitions) != partition:
        number += 1
    return f"device-{number}"


async def accepted_at_last(queue: RabbitIntakeQueue, one: Batch) -> None:
    """As an agent does that comes again until it is heard."""
    async with asyncio.timeout(SOON_S):
        while True:
            try:
                await queue.accept(Intake([one]))
                return
            except Unavailable:
                await asyncio.sleep(EVERY_S)


async def taken(queue: RabbitIntakeQueue, count: int) -> list[Batch]:
    """Not finished yet."""
    found: list[Batch] = []
    async with asyncio.timeout(SOON_S):
        while len(found) < count:
            found += await queue.take(count - len(found))
    return found


async def until_so(look: Callable[[], object], within_s: float = SOON_S) -> None:
    await asyncio.to_thread(until, look, "it becomes so", within_s)
