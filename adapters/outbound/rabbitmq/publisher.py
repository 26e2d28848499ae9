"""Messages that are durable when the call returns."""

import asyncio

import aiormq
from aiormq.channel import Channel

from adapters.outbound.rabbitmq.connection import RabbitConnection, close_quietly, driver_faults

_WINDOW = 1_000
"""Messages under way that the broker has not confirmed."""

_SMALL_BYTES = 65_536
"""Larger messages wait until the socket takes them; of small ones the window is bound enough."""

_DURABLE = 2
_PROPERTIES = aiormq.spec.Basic.Properties


class RabbitPublisher:
    """One channel, used by everybody at once; a new one with each connection."""

    def __init__(self, connection: RabbitConnection) -> None:
        self._connection = connection
        self._channel: Channel | None = None
        self._window = asyncio.Semaphore(_WINDOW)
        self._opening = asyncio.Lock()

    async def publish(self, exchange: str, routing_key: str, body: bytes) -> None:
        """Returns when the broker has it on disk. Raises Unavailable, also when the broker has no
        room for it; then it may be there all the same.
        """
        timeout_s = self._connection.settings.confirm_timeout_s
        with driver_faults():
            async with asyncio.timeout(timeout_s), self._window:
                channel = self._channel
                if channel is None or channel.is_closed:
                    channel = await self._opened()
                # A broker that is short of memory or disk says so, and reads no more.
                await channel.connection.ready()
                await channel.basic_publish(
                    body,
                    exchange=exchange,
                    routing_key=routing_key,
                    properties=_PROPERTIES(delivery_mode=_DURABLE),
                    mandatory=True,
                    wait=len(body) > _SMALL_BYTES,
                )

    async def close(self) -> None:
        if self._channel is not None:
            await close_quietly(self._channel)

    async def _opened(self) -> Channel:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._channel = await self._connection.channel(confirms=True)
            return self._channel
