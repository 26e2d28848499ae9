"""All that goes through the broker, over one connection."""

from contextlib import AsyncExitStack

from adapters.outbound.embedded.signals import InProcessDeviceBell, InProcessLiveFeed
from adapters.outbound.rabbitmq import topology
from adapters.outbound.rabbitmq.accepted_batches import AcceptedBatches, Applied
from adapters.outbound.rabbitmq.change_news import RabbitChangeNews
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.dead_letters import DeadLetters
from adapters.outbound.rabbitmq.device_bell import RabbitDeviceBell
from adapters.outbound.rabbitmq.intake_queue import RabbitIntakeQueue, Tries
from adapters.outbound.rabbitmq.job_queue import RabbitJobQueue
from adapters.outbound.rabbitmq.live_feed import RabbitLiveFeed
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.sharing import Sharing
from adapters.outbound.rabbitmq.signal_bus import SignalBus
from application.ports.quarantine_shelf import QuarantineShelf
from application.ports.tally import Tally


class RabbitMessaging:
    """`open` before use. Only a worker `works`: it takes what is accepted, under its `name`."""

    def __init__(
        self,
        settings: RabbitSettings,
        shelf: QuarantineShelf,
        applied: Applied,
        tries: Tries,
        tally: Tally,
        *,
        works: bool,
        name: str,
    ) -> None:
        self._broker = RabbitConnection(settings)
        self._stack = AsyncExitStack()
        self.bus = SignalBus(self._broker, tally)
        self.feed = RabbitLiveFeed(self.bus, InProcessLiveFeed())
        self.bell = RabbitDeviceBell(self.bus, InProcessDeviceBell())
        self.news = RabbitChangeNews(self.bus)
        self.queue = RabbitIntakeQueue(
            self._broker,
            AcceptedBatches(applied, tally),
            shelf,
            tries,
            tally,
            consumes=works,
        )
        self.jobs = RabbitJobQueue(self._broker)
        self.dead_letters = DeadLetters(self._broker, shelf, tally)
        self.sharing = Sharing(
            self.bus, name, settings.partitions, self.queue.holds, self.queue.hand_over
        )

    async def open(self) -> None:
        """Raises Unavailable, and StoreBroken when `fieldpost migrate` has to be run first."""
        async with AsyncExitStack() as stack:
            await self._broker.open()
            stack.push_async_callback(self._broker.close)
            await topology.check(self._broker)
            for part in (self.bus, self.queue, self.jobs):
                await part.open()
                stack.push_async_callback(part.close)
            self._stack = stack.pop_all()

    async def close(self) -> None:
        await self._stack.aclose()

    async def ready(self) -> None:
        """Raises Unavailable."""
        await self._broker.ready()

    async def create(self) -> list[str]:
        """For `fieldpost migrate`: what is missing is declared. Not for an open one."""
        await self._broker.open()
        try:
            return await topology.declare(self._broker)
        finally:
            await self._broker.close()
