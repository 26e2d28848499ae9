"""How many uploads wait at the broker, asked now and then so that nobody has to wait for it."""

import asyncio
import contextlib

from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.topology import observation_queues
from application.faults import Unavailable


class QueueDepth:
    """`waiting` stays as it was while the broker does not answer."""

    def __init__(self, connection: RabbitConnection) -> None:
        self.waiting = 0
        self._connection = connection
        self._every_s = connection.settings.depth_every_s
        self._asking: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._asking = asyncio.create_task(self._ask())

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask(self) -> None:
        while True:
            with contextlib.suppress(Unavailable):
                await self._ask_while_connected()
            await asyncio.sleep(self._every_s)

    async def _ask_while_connected(self) -> None:
        async with self._connection.brief_channel() as channel:
            while True:
                waiting = 0
                for name in observation_queues(self._connection.settings):
                    found = await channel.queue_declare(name, passive=True)
                    waiting += found.message_count or 0
                self.waiting = waiting
                await asyncio.sleep(self._every_s)
