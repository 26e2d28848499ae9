"""What the processes of a platform tell each other: soon, and perhaps never."""

import asyncio
import contextlib
import logging
import uuid
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import msgspec
from aiormq.abc import AbstractChannel, DeliveredMessage

from adapters.outbound.rabbitmq.connection import (
    DriverError,
    RabbitConnection,
    close_when_cancelled,
)
from adapters.outbound.rabbitmq.topology import SIGNALS
from application.faults import Unavailable
from application.ports.tally import Tally

_log = logging.getLogger(__name__)

HELLO = "hello"
"""Sent by each process that listens from now on, also when it does so again."""

MAX_OUTGOING = 10_000
MAX_BYTES = 1_048_576
_MAX_UNREAD = 10_000
_PREFETCH = 500
_PAUSE_S = 0.5
_FLUSH_S = 1.0
_VERSION = b"\x01"

Handler = Callable[[dict[str, Any]], None]


class _Signal(msgspec.Struct, array_like=True, frozen=True):
    """Later versions add fields at the end."""

    sender: str
    kind: str
    data: dict[str, Any]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Signal).decode


class SignalBus:
    """`open` before use, after the connection; made before the connection is opened.

    The others hear the signals of a process in their order. They miss some when the connection
    of either is lost, when more than MAX_OUTGOING wait to be sent, or when they read too slowly.
    """

    def __init__(self, connection: RabbitConnection, tally: Tally | None = None) -> None:
        self._connection = connection
        self._tally = tally
        self._name = uuid.uuid4().hex
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)
        self._gap_callbacks: list[Callable[[], None]] = []
        self._outgoing: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._sent = asyncio.Event()
        self._connected = asyncio.Event()
        self._listening = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        connection.on_connected(self._try_now)

    async def open(self) -> None:
        """Returns when the signals of others are heard. Raises Unavailable."""
        self._keeping = asyncio.create_task(self._keep())
        try:
            async with asyncio.timeout(self._connection.settings.connect_timeout_s):
                await self._listening.wait()
        except TimeoutError:
            await self.close()
            raise Unavailable("RabbitMQ does not pass on signals") from None

    async def close(self) -> None:
        """Sends what waits, if that takes no longer than a moment."""
        if self._keeping is None:
            return
        if self._outgoing:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FLUSH_S):
                    await self._sent.wait()
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        self._keeping = None

    def send(self, kind: str, data: dict[str, Any]) -> None:
        """To all other processes; never waits. `data` is what JSON can say."""
        body = _VERSION + _encode(_Signal(self._name, kind, data))
        if len(body) > MAX_BYTES:
            self._count("too_large")
            return
        if len(self._outgoing) >= MAX_OUTGOING:
            self._outgoing.popleft()
            self._count("dropped")
        self._outgoing.append(body)
        self._sent.clear()
        self._wake.set()

    def on(self, kind: str, handler: Handler) -> None:
        """`handler` is called with what others send; it does not wait, and takes what an older or
        a newer version says.
        """
        self._handlers[kind].append(handler)

    def on_gap(self, callback: Callable[[], None]) -> None:
        """Called when others are heard again after a time in which they were not."""
        self._gap_callbacks.append(callback)

    async def _try_now(self) -> None:
        self._connected.set()

    async def _keep(self) -> None:
        while True:
            self._connected.clear()
            try:
                async with self._connection.brief_channel() as channel:
                    await self._listen(channel)
                    await self._send_on(channel)
            except Unavailable as error:
                _log.info("no signals are heard: %s", error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE_S):
                    await self._connected.wait()

    async def _listen(self, channel: AbstractChannel) -> None:
        close_when_cancelled(channel)
        await channel.basic_qos(prefetch_count=_PREFETCH)
        made = await channel.queue_declare(
            exclusive=True, auto_delete=True, arguments={"x-max-length": _MAX_UNREAD}
        )
        assert made.queue is not None, "the broker names the queue"
        await channel.queue_bind(made.queue, SIGNALS)
        await channel.basic_consume(made.queue, self._receive)
        if self._listening.is_set():
            for callback in self._gap_callbacks:
                callback()
        self._listening.set()
        self.send(HELLO, {})

    async def _send_on(self, channel: AbstractChannel) -> None:
        """Until the channel is gone. What was given to the driver then may be lost."""
        channel.closing.add_done_callback(lambda _: self._wake.set())
        while not channel.is_closed:
            self._wake.clear()
            while self._outgoing:
                await channel.basic_publish(self._outgoing.popleft(), exchange=SIGNALS)
            self._sent.set()
            await self._wake.wait()

    async def _receive(self, message: DeliveredMessage) -> None:
        self._hear(message.body)
        if message.delivery_tag is not None:
            with contextlib.suppress(*DriverError):
                await message.channel.basic_ack(message.delivery_tag, wait=False)

    def _hear(self, body: bytes) -> None:
        if body[:1] != _VERSION or len(body) > MAX_BYTES:
            self._count("unreadable")
            return
        try:
            signal = _decode(memoryview(body)[1:])
        except (msgspec.MsgspecError, RecursionError):
            self._count("unreadable")
            return
        if signal.sender == self._name:
            return
        for handler in self._handlers.get(signal.kind, ()):
            try:
                handler(signal.data)
            except Exception:
                _log.exception("a signal of kind %s", signal.kind)

    def _count(self, reason: str) -> None:
        if self._tally is not None:
            self._tally.count("signals_lost", reason)
