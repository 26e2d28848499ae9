"""How many uploads wait at the broker, asked now and then so that nobody has to wait for it."""

import asyncio
import contextlib

from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.topology import observation_queues
from application.faults import Unavailable

_ANSWER_S = 1.0


class QueueDepth:
    """`waiting` stays as it was while the broker does not answer."""

    def __init__(self, connection: RabbitConnection) -> None:
        self.waiting = 0
        self._connection = connection
        self._every_s = connection.settings.depth_every_s
        self._closing = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._asking = asyncio.create_task(self._ask())

    async def close(self) -> None:
        """A question that is cut off would cost the connection: its answer is waited for."""
        if self._asking is not None:
            self._closing.set()
            await asyncio.wait([self._asking], timeout=_ANSWER_S)
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(Unavailable):
                await self._ask_while_connected()
            await self._pause()

    async def _ask_while_connected(self) -> None:
        async with self._connection.brief_channel() as channel:
            while not self._closing.is_set():
                waiting = 0
                for name in observation_queues(self._connection.settings):
                    found = await channel.queue_declare(name, passive=True)
                    waiting += found.message_count or 0
                self.waiting = waiting
                await self._pause()

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._every_s):
                await self._closing.wait()
