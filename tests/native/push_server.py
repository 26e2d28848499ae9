"""A server of the push protocol for tests: PROTOCOL.md as a program, on TLS, in a thread.

Written apart from the native library, so that the two check each other.
"""

import asyncio
import json
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HELLO, WELCOME, AUTHENTICATE, READY, BATCH, OBSERVATIONS, RECEIPTS = 1, 2, 3, 4, 5, 6, 7
TOLD, CANNOT, CLOSED_REQUEST, GOING_AWAY, CLOSE = 9, 10, 11, 14, 15
ACCEPTED, DUPLICATE, REFUSED, LATER = 0, 1, 2, 3
BITS = 7


def make_certificate(folder: Path, names: str = "DNS:localhost,IP:127.0.0.1") -> Path:
    """A certificate and its key in one file, self-signed."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    command += f" -subj /CN=test -addext subjectAltName={names} -keyout {key} -out {certificate}"
    subprocess.run(command.split(), check=True, capture_output=True)
    return certificate


def varint(number: int) -> bytes:
    out = bytearray()
    while number >= 1 << BITS:
        out.append(number & 0x7F | 0x80)
        number >>= BITS
    out.append(number)
    return bytes(out)


def signed(number: int) -> bytes:
    return varint(2 * number if number >= 0 else -2 * number - 1)


def text(value: str) -> bytes:
    return varint(len(value.encode())) + value.encode()


class Reader:
    """Reads a payload from its beginning."""

    def __init__(self, data: bytes) -> None:
        self.left = data

    def take(self, size: int) -> bytes:
        taken, self.left = self.left[:size], self.left[size:]
        assert len(taken) == size
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def varint(self) -> int:
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            shift += BITS
            if byte < 0x80:
                return number

    def signed(self) -> int:
        code = self.varint()
        return code // 2 if code % 2 == 0 else -(code + 1) // 2

    def text(self) -> str:
        return self.take(self.varint()).decode()


@dataclass(frozen=True)
class Batch:
    kind: int
    sequence: int
    payload: bytes
    kind_name: str = ""  # of JSON
    request: str = ""
    completes: bool = False

    @property
    def observations(self) -> int:
        if self.kind_name:
            return len(json.loads(self.payload))
        count = Reader(self.payload[2:]).varint()
        assert count > 0
        return count


@dataclass
class Answer:
    outcome: int = ACCEPTED
    accepted: int | None = None  # all that is not refused
    reason: str = ""
    retry_after_s: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class PushServer:
    """Keeps one batch of each name, as the real one does. Its hooks run in its own thread."""

    certificate: Path
    credential: str = "fpd_secret"
    judge: Callable[[Batch], Answer | None] = lambda _: Answer()
    told: bytes = b""
    port: int = 0
    kept: dict[tuple[int, int], Batch] = field(default_factory=dict)
    received: list[Batch] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    pending_known: int = 0
    connections: int = 0

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,))
        self._thread.start()
        assert started.wait(10)

    def end(self) -> None:
        """As if killed: nobody is told. For hooks."""
        self._stop.set()

    def wait_for_end(self) -> None:
        self._thread.join()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.end)
        self._thread.join()

    def go_away(self, seconds: int) -> None:
        def say() -> None:
            for writer in self._writers:
                send(writer, GOING_AWAY, varint(seconds) + text("maintenance"))
                send(writer, CLOSE, bytes([0]) + varint(seconds) + text(""))

        self._loop.call_soon_threadsafe(say)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))
        self._loop.close()

    async def _serve(self, started: threading.Event) -> None:
        self._stop = asyncio.Event()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.certificate.parent / "key.pem")
        context.set_alpn_protocols(["fieldpost/1"])
        self._loop.set_exception_handler(lambda *_: None)
        server = await asyncio.start_server(
            self._talk, "127.0.0.1", self.port, ssl=context, limit=1 << 22
        )
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stop.wait()
        server.close()
        for writer in self._writers:
            writer.transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.connections += 1
        try:
            if await self._admit(reader, writer):
                await self._receive(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _admit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        kind, payload = await frame(reader)
        assert kind == HELLO and payload[:4] == b"FPST"
        limits = [1_048_576, 64, 4_194_304, 300, 1_767_323_045_000]
        send(writer, WELCOME, bytes([1]) + b"".join(varint(limit) for limit in limits))
        kind, payload = await frame(reader)
        assert kind == AUTHENTICATE
        given = Reader(payload)
        self.credentials.append(given.text())
        given.varint()
        pending = [(given.byte(), given.varint()) for _ in range(given.varint())]
        if self.credentials[-1] != self.credential:
            send(writer, CLOSE, bytes([4]) + varint(0) + text("unknown"))
            return False
        if self.told:
            send(writer, TOLD, self.told)
        bitmap = bytearray((len(pending) + 7) // 8)
        for index, name in enumerate(pending):
            if name in self.kept:
                bitmap[index // 8] |= 1 << index % 8
                self.pending_known += 1
        send(writer, READY, varint(len(pending)) + bytes(bitmap))
        return True

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        last = said = 0
        while True:
            kind, payload = await frame(reader)
            if kind == CLOSE:
                return
            if kind == CANNOT:
                request = Reader(payload).text()
                self.cannot.append(request)
                send(writer, CLOSED_REQUEST, text(request) + b"\1")
            if kind not in (BATCH, OBSERVATIONS):
                continue
            batch = read_batch(kind, Reader(payload), last)
            last = batch.sequence
            self.received.append(batch)
            answer = self.judge(batch)
            if answer is None:
                continue
            name = (batch.kind, batch.sequence)
            if answer.outcome == ACCEPTED:
                answer.outcome = DUPLICATE if name in self.kept else ACCEPTED
                self.kept.setdefault(name, batch)
                assert self.kept[name] == batch
            send(writer, RECEIPTS, receipt(batch, answer, said))
            said = batch.sequence
            await writer.drain()


def read_batch(frame_type: int, payload: Reader, last: int) -> Batch:
    sequence = last + payload.signed()
    flags = payload.byte()
    request = payload.text() if flags & 1 else ""
    completes = bool(flags & 2)
    if frame_type == BATCH:
        return Batch(payload.left[1], sequence, payload.left, "", request, completes)
    kind, name = payload.byte(), payload.text()
    return Batch(kind, sequence, payload.left, name, request, completes)


def receipt(batch: Batch, answer: Answer, said: int) -> bytes:
    parts = [bytes([batch.kind]), signed(batch.sequence - said), bytes([answer.outcome])]
    kept = batch.observations - len(answer.refused) if answer.outcome == ACCEPTED else 0
    parts.append(varint(kept if answer.accepted is None else answer.accepted))
    if answer.outcome in (REFUSED, LATER):
        parts.append(text(answer.reason))
    if answer.outcome == LATER:
        parts.append(varint(answer.retry_after_s))
    parts.append(varint(len(answer.refused)))
    for index, name, reason in answer.refused:
        parts.append(varint(index) + text(name) + text(reason))
    return b"".join(parts)


async def frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind = (await reader.readexactly(1))[0]
    size = shift = 0
    while True:
        byte = (await reader.readexactly(1))[0]
        size |= (byte & 0x7F) << shift
        shift += BITS
        if byte < 0x80:
            return kind, await reader.readexactly(size)


def send(writer: asyncio.StreamWriter, kind: int, payload: bytes) -> None:
    writer.write(struct.pack("B", kind) + varint(len(payload)) + payload)
