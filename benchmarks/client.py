"""The load: connections that each send the next upload as soon as the last is answered.

It runs in a process and on a core of its own, and does as little as it can.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from typing import cast

import attrs

from benchmarks.client_process import client_process
from benchmarks.uploads import DIGITS, Template

_PATIENCE_S = 10.0
_SEPARATOR = b"\r\n\r\n"


@attrs.frozen
class Plan:
    """`numbers_from`: the requests carry this number and those after it."""

    port: int
    templates: Sequence[Template]
    connections: int
    seconds: float
    numbers_from: int


@attrs.frozen
class Measured:
    """`busy` is the client's own share of its core: near 1 it is the limit."""

    uploads: int
    failures: int
    seconds: float
    p50_ms: float
    p99_ms: float
    busy: float

    @property
    def per_s(self) -> float:
        return self.uploads / self.seconds


class Client:
    def __init__(self, pipe: "Connection[Plan | None, Measured]") -> None:
        self._pipe = pipe
        self._next_number = 10 ** (DIGITS - 1)

    def run(
        self, port: int, templates: Sequence[Template], connections: int, seconds: float
    ) -> Measured:
        """Blocks for about `seconds`. Raises RuntimeError when the load cannot be made."""
        self._pipe.send(Plan(port, templates, connections, seconds, self._next_number))
        if not self._pipe.poll(seconds + _PATIENCE_S):
            raise RuntimeError("the client does not come back")
        measured = self._pipe.recv()
        self._next_number += measured.uploads + connections
        if measured.failures:
            raise RuntimeError(f"{measured.failures} of {measured.uploads} uploads failed")
        return measured


@contextmanager
def client() -> Iterator[Client]:
    with client_process(_carry_out) as pipe:
        yield Client(pipe)


async def _carry_out(plan: Plan) -> Measured:
    loop = asyncio.get_running_loop()
    run = _Run(plan)
    senders = []
    for place in range(plan.connections):
        templates = plan.templates[place :: plan.connections]
        _, sender = await loop.create_connection(
            partial(_Sender, run, templates),
            "127.0.0.1",
            plan.port,
        )
        senders.append(sender)
    cpu_ns = time.process_time_ns()
    started_ns = time.perf_counter_ns()
    run.ends_ns = started_ns + int(plan.seconds * 1e9)
    for sender in senders:
        sender.send()
    await asyncio.gather(*(sender.done for sender in senders))
    elapsed_s = (time.perf_counter_ns() - started_ns) / 1e9
    busy = (time.process_time_ns() - cpu_ns) / 1e9 / elapsed_s
    taken = sorted(run.taken_ns)
    return Measured(
        uploads=len(taken),
        failures=run.failures,
        seconds=elapsed_s,
        p50_ms=taken[len(taken) // 2] / 1e6,
        p99_ms=taken[len(taken) * 99 // 100] / 1e6,
        busy=busy,
    )


class _Run:
    """What the connections of one run share."""

    def __init__(self, plan: Plan) -> None:
        self.numbers = count(plan.numbers_from)
        self.taken_ns: list[int] = []
        self.failures = 0
        self.ends_ns = 0


class _Sender(asyncio.Protocol):
    def __init__(self, run: _Run, templates: Sequence[Template]) -> None:
        self._run = run
        self._templates = templates
        self._turn = 0
        self._answer = b""
        self._sent_ns = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self) -> None:
        template = self._templates[self._turn]
        self._turn = (self._turn + 1) % len(self._templates)
        number = b"%d" % next(self._run.numbers)
        self._sent_ns = time.perf_counter_ns()
        self._transport.write(template.before + number + template.after)

    def data_received(self, data: bytes) -> None:
        self._answer = self._answer + data if self._answer else data
        if not _complete(self._answer):
            return
        now_ns = time.perf_counter_ns()
        self._run.taken_ns.append(now_ns - self._sent_ns)
        if not self._answer.startswith(b"HTTP/1.1 200") or b'"refused"}' in self._answer:
            self._run.failures += 1
        self._answer = b""
        if now_ns < self._run.ends_ns:
            self.send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if now_open := not self.done.done():
            self._run.failures += int(exc is not None and now_open)
            self.done.set_result(None)


def _complete(answer: bytes) -> bool:
    head = answer.find(_SEPARATOR)
    if head < 0:
        return False
    start = answer.find(b"content-length: ", 0, head)
    length = int(answer[start + 16 : answer.find(b"\r\n", start)])
    return len(answer) >= head + 4 + length
