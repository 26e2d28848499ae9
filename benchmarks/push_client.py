"""The load on push servers: connections that keep a window of batches under way.

Like `benchmarks.client` it runs in a process and on a core of its own. What is sent is encoded
beforehand, but for the numbers.
"""

import asyncio
import ssl
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any, cast

import attrs
import fieldpost_native as native
import grpc.aio

from benchmarks.client_process import client_process
from benchmarks.machine import loopback_bytes

WINDOW = 256
"""Batches under way on a connection, at every server: more would be a test of the disk's cache."""

_PATIENCE_S = 60.0


class Way(StrEnum):
    FIELDPOST = "fieldpost"
    GRPC = "grpc"
    MSGPACK = "msgpack"


@attrs.frozen
class Plan:
    """`bodies` are of batches without their number; each connection sends them in turn.

    `credentials` and `certificate` are for Fieldpost: one device a connection.
    """

    way: Way
    port: int
    bodies: Sequence[bytes]
    connections: int
    seconds: float
    numbers_from: int
    credentials: Sequence[str] = ()
    certificate: str = ""


@attrs.frozen
class Measured:
    """`wire_bytes` is all that crossed the loopback meanwhile, with the heads of its packets."""

    batches: int
    seconds: float
    wire_bytes: int
    busy: float

    @property
    def per_s(self) -> float:
        return self.batches / self.seconds


class PushClient:
    def __init__(self, pipe: "Connection[Plan | None, Measured]") -> None:
        self._pipe = pipe

    def run(self, plan: Plan) -> Measured:
        self._pipe.send(plan)
        if not self._pipe.poll(plan.seconds + _PATIENCE_S):
            raise RuntimeError(f"the client of {plan.way} does not come back")
        return self._pipe.recv()


@contextmanager
def push_client() -> Iterator[PushClient]:
    with client_process(_carry_out) as pipe:
        yield PushClient(pipe)


class _Sender(ABC):
    """One connection. Sends until `ends_ns`, then waits for what is still owed."""

    def __init__(self, plan: Plan, place: int) -> None:
        self.plan = plan
        self.number = plan.numbers_from
        self.turn = place
        self.sent = self.answered = 0
        self.ends_ns = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @abstractmethod
    async def connect(self) -> None: ...

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    def next_body(self) -> bytes | None:
        """None when the time is over."""
        if time.perf_counter_ns() >= self.ends_ns:
            return None
        self.turn = (self.turn + 1) % len(self.plan.bodies)
        self.number += 1
        self.sent += 1
        return self.plan.bodies[self.turn]

    def end_if_over(self) -> None:
        """To be asked whenever something was heard and all that may be sent is sent."""
        if self.answered == self.sent and not self.done.done():
            self.done.set_result(None)


async def _carry_out(plan: Plan) -> Measured:
    make: Callable[[Plan, int], _Sender] = {
        Way.FIELDPOST: _FieldpostSender,
        Way.GRPC: _GrpcSender,
        Way.MSGPACK: _MsgpackSender,
    }[plan.way]
    senders: list[_Sender] = [make(plan, place) for place in range(plan.connections)]
    for sender in senders:
        await sender.connect()
    cpu_ns, wire = time.process_time_ns(), loopback_bytes()
    started_ns = time.perf_counter_ns()
    for sender in senders:
        sender.ends_ns = started_ns + int(plan.seconds * 1e9)
        sender.start()
    await asyncio.gather(*(sender.done for sender in senders))
    elapsed_s = (time.perf_counter_ns() - started_ns) / 1e9
    measured = Measured(
        batches=sum(sender.answered for sender in senders),
        seconds=elapsed_s,
        wire_bytes=loopback_bytes() - wire,
        busy=(time.process_time_ns() - cpu_ns) / 1e9 / elapsed_s,
    )
    for sender in senders:
        await sender.close()
    return measured


class _FieldpostSender(_Sender, asyncio.Protocol):
    async def connect(self) -> None:
        self._connection = native.AgentConnection(
            credential=self.plan.credentials[self.turn],
            agent=("benchmark", "1", "linux"),
            peer_proven=True,
            now_ms=_now_ms(),
        )
        context = ssl.create_default_context(cafile=self.plan.certificate)
        context.set_alpn_protocols(["fieldpost/1"])
        self._open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await asyncio.get_running_loop().create_connection(
            lambda: self, "127.0.0.1", self.plan.port, ssl=context
        )
        await asyncio.wait_for(self._open, 10)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._flush()

    def start(self) -> None:
        self._fill()

    async def close(self) -> None:
        self._connection.close("done", "")
        self._flush()
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        for event in self._connection.receive(data, _now_ms()):
            if isinstance(event, native.ReceiptsArrived):
                self._take(event.receipts)
            elif isinstance(event, native.Admitted):
                self._open.set_result(None)
            elif isinstance(event, native.RemoteError | native.PeerClosed):
                self.done.set_exception(RuntimeError(f"closed: {event.reason}"))
        if self.ends_ns:
            self._fill()
            self.end_if_over()
        else:
            self._flush()

    def _take(self, receipts: list[Any]) -> None:
        if any(receipt[2] != "accepted" for receipt in receipts):
            self.done.set_exception(RuntimeError("not accepted"))
        else:
            self.answered += len(receipts)

    def _fill(self) -> None:
        connection = self._connection
        while self.sent - self.answered < WINDOW and (body := self.next_body()) is not None:
            connection.send_block(self.number, body)
        self._flush()

    def _flush(self) -> None:
        if output := self._connection.take_output(_now_ms()):
            self._transport.write(output)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError("the connection was lost"))


class _MsgpackSender(_Sender, asyncio.Protocol):
    async def connect(self) -> None:
        await asyncio.get_running_loop().create_connection(
            lambda: self, "127.0.0.1", self.plan.port
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._unread = 0

    def start(self) -> None:
        self._fill()

    async def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        self.answered += self._unread // 8
        self._unread %= 8
        self._fill()
        self.end_if_over()

    def _fill(self) -> None:
        parts = []
        while self.sent - self.answered < WINDOW and (body := self.next_body()) is not None:
            # {"sequence": uint64, "locations": …}, whose beginning is written here.
            parts.append((len(body) + 19).to_bytes(4, "little"))
            parts.append(b"\x82\xa8sequence\xcf" + self.number.to_bytes(8, "big") + body)
        self._transport.write(b"".join(parts))


class _GrpcSender(_Sender):
    async def connect(self) -> None:
        self._channel = grpc.aio.insecure_channel(f"127.0.0.1:{self.plan.port}")
        await self._channel.channel_ready()
        self._room = asyncio.Semaphore(WINDOW)

    def start(self) -> None:
        self._call = self._channel.stream_stream("/b.Push/Stream")(self._requests())
        self._reading = asyncio.create_task(self._read())

    async def _requests(self) -> AsyncIterator[bytes]:
        while True:
            await self._room.acquire()
            body = self.next_body()
            if body is None:
                return
            yield b"\x08" + _varint(self.number) + body

    async def _read(self) -> None:
        async for _ in self._call:
            self._room.release()
            self.answered += 1
        self.end_if_over()

    async def close(self) -> None:
        await self._reading
        await self._channel.close()


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
