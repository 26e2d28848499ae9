"""The one connection of a process, made again whenever it is lost."""

import asyncio
import logging
import random
from typing import Any

from aiormq.connection import Connection, TCPTransportFactory, TLSTransportFactory
from yarl import URL

from adapters.outbound.rabbitmq.faults import translated, unavailable
from adapters.outbound.rabbitmq.settings import RabbitSettings
from application.faults import StoreBroken, Unavailable

_log = logging.getLogger(__name__)

_PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_CLOSE_S = 2.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Connection(Connection):
    HEARTBEAT_GRACE_MULTIPLIER = 2  # the driver waits for three heartbeats


class _Transport(TCPTransportFactory):
    """Remembers the socket, so that one that does not answer can be dropped."""

    writer: asyncio.StreamWriter | None = None

    def __init__(self, tls: bool) -> None:
        self._factory = TLSTransportFactory() if tls else TCPTransportFactory()

    async def create(self, url: URL, **kwargs: Any) -> Streams:
        reader, self.writer = await self._factory.create(url, **kwargs)
        return reader, self.writer

    def drop(self) -> None:
        if self.writer is not None:
            self.writer.transport.abort()


class RabbitConnection:
    """`open` before use. Who wants a channel keeps one with KeptChannel."""

    def __init__(self, settings: RabbitSettings, name: str = "fieldpost") -> None:
        self._settings = settings
        self._name = name
        self._up = asyncio.Event()
        self._current: Connection | None = None
        self._fault: Exception | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Raises Unavailable when the broker cannot be reached in time, StoreBroken when it
        refuses us.
        """
        self._keeping = asyncio.create_task(self._keep())
        try:
            await self._first()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    @property
    def connected(self) -> bool:
        return self._current is not None

    async def live(self) -> Connection:
        """The connection, as soon as there is one."""
        while self._current is None:
            await self._up.wait()
        return self._current

    async def ready(self) -> None:
        """Raises Unavailable unless the broker answers now."""
        current = self._current
        if current is None:
            raise self._why_not()
        with translated("a look"):
            async with asyncio.timeout(self._settings.confirm_timeout_s):
                channel = await current.channel(publisher_confirms=False)
                await channel.close()

    async def _first(self) -> None:
        deadline = asyncio.get_running_loop().time() + self._settings.connect_timeout_s
        while self._current is None:
            if isinstance(self._fault, StoreBroken):
                raise self._fault
            if asyncio.get_running_loop().time() > deadline:
                raise self._why_not()
            await asyncio.sleep(0.01)

    def _why_not(self) -> Unavailable:
        return unavailable(f"there is no connection: {self._fault or 'none was made yet'}")

    async def _keep(self) -> None:
        tries = 0
        while True:
            transport = _Transport(self._settings.tls)
            connection = _Connection(
                self._settings.url(self._name), transport_factory=transport
            )
            try:
                await self._connect(connection)
                tries = 0
                await asyncio.wait({connection.closing})
                _log.warning("the connection to RabbitMQ is lost")
            except (Unavailable, StoreBroken) as fault:
                if tries == 0:
                    _log.warning("%s", fault)
                self._fault = fault
                tries += 1
            finally:
                self._current = None
                self._up.clear()
                await _closed(connection, transport)
            pause_s = _PAUSES_S[min(tries, len(_PAUSES_S) - 1)]
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))

    async def _connect(self, connection: Connection) -> None:
        with translated("connecting"):
            async with asyncio.timeout(self._settings.connect_timeout_s):
                await connection.connect()
        self._current = connection
        self._fault = None
        self._up.set()


async def _closed(connection: Connection, transport: _Transport) -> None:
    """The orderly end, but not for long."""
    if connection.is_opened:
        closing = asyncio.ensure_future(connection.close())
        await asyncio.wait({closing}, timeout=_CLOSE_S)
    transport.drop()
