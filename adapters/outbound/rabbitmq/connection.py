"""The one connection of a process to the broker: lost and found again, by itself."""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import aiormq
from aiormq.abc import AbstractChannel, AbstractConnection
from aiormq.channel import Channel
from aiormq.connection import Connection
from aiormq.exceptions import AMQPError

from adapters.outbound.rabbitmq.settings import RabbitSettings
from application.faults import StoreBroken, Unavailable

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0

Rebuild = Callable[[], Awaitable[None]]

DriverError = (AMQPError, OSError, RuntimeError, TimeoutError)
"""What a call of the driver raises when the connection or a channel is not what it was."""


class RabbitConnection:
    """`open` before use. Who needs channels for longer says so with `on_connected` before that:
    it is called with every new connection, in the order of the saying.
    """

    def __init__(self, settings: RabbitSettings) -> None:
        self.settings = settings
        self._connection: Connection | None = None
        self._rebuilds: list[Rebuild] = []
        self._connected = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._why = "not opened"

    def on_connected(self, rebuild: Rebuild) -> None:
        self._rebuilds.append(rebuild)

    async def open(self) -> None:
        """Raises Unavailable when there is no connection within a few seconds."""
        self._keeping = asyncio.create_task(self._keep())
        try:
            async with asyncio.timeout(self.settings.connect_timeout_s):
                await self._connected.wait()
        except TimeoutError:
            await self.close()
            raise Unavailable(f"RabbitMQ cannot be reached: {self._why}") from None

    async def close(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            self._keeping = None

    async def ready(self) -> None:
        """Raises Unavailable while there is no connection."""
        self._must_be_connected()

    async def channel(self, *, confirms: bool = False) -> Channel:
        """A new one. Raises Unavailable."""
        connection = self._must_be_connected()
        with driver_faults():
            async with asyncio.timeout(self.settings.connect_timeout_s):
                made = await connection.channel(publisher_confirms=confirms, on_return_raises=True)
        assert isinstance(made, Channel)
        return made

    @asynccontextmanager
    async def brief_channel(self) -> AsyncIterator[Channel]:
        """For a few calls. Raises Unavailable, also where the driver raises in the block."""
        channel = await self.channel()
        try:
            with driver_faults():
                yield channel
        finally:
            await close_quietly(channel)

    def _must_be_connected(self) -> Connection:
        if self._connection is None or self._connection.is_closed:
            raise Unavailable(f"RabbitMQ cannot be reached: {self._why}", retry_after_s=_retry_s())
        return self._connection

    async def _keep(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                connection = await self._connect()
                try:
                    self._connection = connection
                    for rebuild in self._rebuilds:
                        await rebuild()
                    self._connected.set()
                    pause_s = _FIRST_PAUSE_S
                    await asyncio.wait([connection.closing])
                    self._why = "the connection was lost"
                    _log.warning("the connection to RabbitMQ is lost")
                finally:
                    self._connection = None
                    await close_quietly(connection)
            except (*DriverError, Unavailable, StoreBroken) as error:
                self._why = str(error) or type(error).__name__
                _log.warning("RabbitMQ cannot be used: %s", self._why)
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _connect(self) -> Connection:
        settings = self.settings
        user, password = quote(settings.user, safe=""), quote(settings.password, safe="")
        host = quote(settings.virtual_host, safe="")
        url = f"amqp://{user}:{password}@{settings.host}:{settings.port}/{host}"
        async with asyncio.timeout(settings.connect_timeout_s):
            return await aiormq.connect(f"{url}?heartbeat={settings.heartbeat_s}")


async def close_quietly(what: AbstractChannel | AbstractConnection) -> None:
    """Whatever state it is in."""
    with contextlib.suppress(Unavailable), driver_faults():
        async with asyncio.timeout(1.0):
            await what.close()


def close_when_cancelled(channel: AbstractChannel) -> None:
    """A broker that takes a consumer away (its queue is gone, or it took too long) leaves the
    channel open: it is closed, so that whoever keeps it begins anew.
    """
    closing: set[asyncio.Task[None]] = set()

    def cancelled(_: object) -> None:
        task = asyncio.create_task(close_quietly(channel))
        closing.add(task)
        task.add_done_callback(closing.discard)

    channel.on_consumer_cancel_callbacks.add(cancelled)


@contextlib.contextmanager
def driver_faults() -> Iterator[None]:
    """What the driver raises in the block is Unavailable."""
    try:
        yield
    except asyncio.CancelledError as error:
        # The driver cancels the calls of a connection that it gives up; nobody else did.
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise Unavailable("RabbitMQ was lost in the middle of a call", _retry_s()) from error
    except DriverError as error:
        raise Unavailable(f"RabbitMQ does not do it: {error!r}", _retry_s()) from error


def _retry_s() -> int:
    """Not all at the same second."""
    return random.randint(3, 10)
