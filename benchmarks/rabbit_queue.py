"""The intake queue on RabbitMQ: accepting and taking, and beside it the driver by itself."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import median

import aiormq
import attrs
import uvloop
from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel

from adapters.outbound.embedded.quarantine_shelf import SqliteQuarantineShelf
from adapters.outbound.embedded.sqlite_file import SqliteFile
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.rabbitmq import topology
from adapters.outbound.rabbitmq.accepted_batches import AcceptedBatches
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.intake_queue import RabbitIntakeQueue
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.upload_message import to_message
from application.ports.intake_queue import Intake
from benchmarks.table import Table, number
from benchmarks.uploads import walk
from deploy.local import RabbitMq
from domain.batch import Batch
from domain.kinds import Kind

_RAW = "raw"
_DEVICES = 64
_ROUNDS = 3
_AT_ONCE = {1: 200, 8: 800, 64: 2_000}
"""Callers at once, and the messages of a round."""

_TAKEN = 2_000
_TAKE_LIMIT = 256
_PATIENCE_S = 30.0

_HEADERS = ("what", "at once", "messages/s", "CPU µs", "aiormq alone/s", "its CPU µs", "times")
_NOTE = (
    f"Uploads of ten locations, medians of {_ROUNDS} rounds in turns. Accepting returns when a "
    "quorum queue of one broker has the message on disk; taking counts until the messages are "
    "finished, and their places in memory are free. *CPU* is this process's a message. aiormq "
    "alone publishes the same bytes to one quorum queue with confirms, and consumes with the same "
    "prefetch, acknowledges each and decodes nothing. *Times* is of messages/s."
)

_SHELF = SqliteQuarantineShelf(SqliteFile(Path("never opened")))
"""Nothing here is ever not understood."""

Work = Callable[[int], Awaitable[object]]


@attrs.frozen
class _Rate:
    per_s: float
    cpu_us: float


def rabbit_queue() -> Table:
    with (
        tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder,
        RabbitMq(Path(folder) / "rabbitmq") as server,
    ):
        rows = uvloop.run(_rows(server))
    return Table("The intake queue on RabbitMQ", _HEADERS, rows, _NOTE)


async def _rows(server: RabbitMq) -> list[list[str]]:
    settings = RabbitSettings(server.host, server.user, server.password, server.port)
    connection = RabbitConnection(settings)
    await connection.open()
    try:
        await topology.declare(connection)
        uploads = _Uploads()
        rows = [
            await _accepting(server, connection, uploads, at_once, messages)
            for at_once, messages in _AT_ONCE.items()
        ]
        await _emptied(connection, uploads)
        return [*rows, await _taking(server, connection, uploads)]
    finally:
        await connection.close()


class _Uploads:
    """Each another batch, of some device."""

    def __init__(self) -> None:
        rows = json.dumps(walk(10, 1)).encode()
        self._made = NativeBlockCodec().encode_json(Kind.LOCATION, rows, 0, 2**53, foreign=False)
        self._numbers = count(1)

    def next(self) -> Intake:
        made, sequence = self._made, next(self._numbers)
        device = f"device-{sequence % _DEVICES}"
        span = made.count, made.first_ms, made.last_ms, made.last_ms + 1_000
        return Intake([Batch("a", device, Kind.LOCATION, str(sequence), made.block, *span)])


@asynccontextmanager
async def _queue(
    connection: RabbitConnection, *, consumes: bool
) -> AsyncIterator[RabbitIntakeQueue]:
    tally = PrometheusTally()

    async def none_applied(_account: str, _device: str, keys: Sequence[object]) -> list[bool]:
        return [False] * len(keys)

    async def first_try(_name: str) -> int:
        return 1

    accepted = AcceptedBatches(none_applied, tally)
    queue = RabbitIntakeQueue(connection, accepted, _SHELF, first_try, tally, consumes=consumes)
    await queue.open()
    try:
        yield queue
    finally:
        await queue.close()


async def _accepting(
    server: RabbitMq, connection: RabbitConnection, uploads: _Uploads, at_once: int, messages: int
) -> list[str]:
    ours: list[_Rate] = []
    beside: list[_Rate] = []
    async with _queue(connection, consumes=False) as queue, _raw_channel(server) as channel:

        async def accept(_: int) -> None:
            assert await queue.accept(uploads.next()) == [True]

        async def publish(_: int) -> None:
            await _publish(channel, to_message(uploads.next()))

        for _ in range(_ROUNDS):
            ours.append(await _measured(accept, at_once, messages))
            beside.append(await _measured(publish, at_once, messages))
    return _row("accept", str(at_once), ours, beside)


async def _taking(server: RabbitMq, connection: RabbitConnection, uploads: _Uploads) -> list[str]:
    ours: list[_Rate] = []
    beside: list[_Rate] = []
    for _ in range(_ROUNDS):
        await _filled(connection, uploads)
        ours.append(await _take(connection, _TAKEN))
        beside.append(await _consume(server))
    return _row("take and finish", str(_TAKE_LIMIT), ours, beside)


async def _filled(connection: RabbitConnection, uploads: _Uploads) -> None:
    async with _queue(connection, consumes=False) as queue:
        await _measured(lambda _: queue.accept(uploads.next()), 64, _TAKEN)


async def _emptied(connection: RabbitConnection, uploads: _Uploads) -> None:
    """What the rounds of accepting have left."""
    await _take(connection, _ROUNDS * sum(_AT_ONCE.values()))


async def _take(connection: RabbitConnection, messages: int) -> _Rate:
    """All that waits, from the first consumer to the last message. What a consumer before it had
    not acknowledged when it closed comes again, and counts.
    """
    clock = _Clock()
    async with asyncio.timeout(_PATIENCE_S), _queue(connection, consumes=True) as queue:
        left = messages
        while left > 0:
            batches = await queue.take(_TAKE_LIMIT)
            await queue.finish(batches)
            left -= len(batches)
        return clock.rate(messages)


async def _consume(server: RabbitMq) -> _Rate:
    """As many as were published by the driver alone."""
    done = asyncio.Event()
    left = _TAKEN
    async with _raw_channel(server) as channel:

        async def receive(message: DeliveredMessage) -> None:
            nonlocal left
            assert message.delivery_tag is not None
            await channel.basic_ack(message.delivery_tag, wait=False)
            left -= 1
            if left == 0:
                done.set()

        await channel.basic_qos(prefetch_count=500)
        clock = _Clock()
        await channel.basic_consume(_RAW, receive)
        async with asyncio.timeout(_PATIENCE_S):
            await done.wait()
        return clock.rate(_TAKEN)


@asynccontextmanager
async def _raw_channel(server: RabbitMq) -> AsyncIterator[Channel]:
    connection = await aiormq.connect(server.url("%2F"))
    try:
        channel = await connection.channel(publisher_confirms=True)
        assert isinstance(channel, Channel)
        await channel.queue_declare(_RAW, durable=True, arguments={"x-queue-type": "quorum"})
        yield channel
    finally:
        await connection.close()


async def _publish(channel: Channel, body: bytes) -> None:
    await channel.basic_publish(
        body,
        routing_key=_RAW,
        properties=aiormq.spec.Basic.Properties(delivery_mode=2),
        mandatory=True,
        wait=False,
    )


class _Clock:
    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def rate(self, messages: int) -> _Rate:
        cpu_s, wall_s = time.process_time() - self._cpu, time.perf_counter() - self._wall
        return _Rate(messages / wall_s, cpu_s / messages * 1e6)


async def _measured(work: Work, at_once: int, messages: int) -> _Rate:
    places = iter(range(messages))

    async def some() -> None:
        for place in places:
            await work(place)

    clock = _Clock()
    await asyncio.gather(*(some() for _ in range(at_once)))
    return clock.rate(messages)


def _row(what: str, at_once: str, ours: Sequence[_Rate], beside: Sequence[_Rate]) -> list[str]:
    rates = [median(one.per_s for one in some) for some in (ours, beside)]
    cpus = [median(one.cpu_us for one in some) for some in (ours, beside)]
    shown = (rates[0], cpus[0], rates[1], cpus[1], rates[0] / rates[1])
    return [what, at_once, *map(number, shown)]
