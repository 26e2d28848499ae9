"""Run a program: open it, serve until a signal, drain, close."""

import asyncio
import contextlib
import fcntl
import gc
import logging
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import uvicorn

from adapters.inbound.cli.addresses import ServeError, address_of, listening, shown
from adapters.inbound.cli.program import Program, opened_parts
from adapters.inbound.cli.push_port import DRAIN_S, PushPlace, PushPort, push_port
from adapters.inbound.push.websocket import MAX_MESSAGE_BYTES

__all__ = ["ServeError", "Served", "opened", "serve_until_stopped"]

_log = logging.getLogger(__name__)

_DRAIN_S = 10.0


@attrs.frozen
class Served:
    """Where the data is, and where people and agents reach it. `http` is HOST:PORT."""

    data: Path
    http: str
    public: str | None
    push: PushPlace = PushPlace()

    @property
    def address(self) -> tuple[str, int]:
        """Raises ServeError."""
        return address_of(self.http, "--http")

    @property
    def public_url(self) -> str:
        return (self.public or f"http://{shown(self.address)}").rstrip("/")


class _Server(uvicorn.Server):
    """Signals are ours: a drained server ends with 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def opened(container: Any, *, alone: bool) -> AsyncIterator[None]:
    """The stores of the embedded assembly; `alone` refuses a second server on the data."""
    data: Path = container.data()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServeError(f"the folder {data} cannot be made: {error.strerror}") from error
    with _locked(data) if alone else contextlib.nullcontext():
        async with opened_parts(container.parts()):
            yield


async def serve_until_stopped(
    program: Program,
    served: Served,
    opening: AbstractAsyncContextManager[None],
    ready: Callable[[], Awaitable[None]],
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `opening` opens the program's parts; `ready` is called once
    requests are answered, `beside` runs from then on. Ends when what was under way is answered.
    """
    with _listeners(served) as (listener, push_listener):
        async with (
            opening,
            _push(program, served, push_listener) as push,
        ):
            server = _Server(_configured(program.app))
            stop = _Stop(server, program, push)
            _on_signals(stop)
            workers = Workers(stop)
            for work in program.work:
                workers.start(work.run())
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                await _started(server, serving)
                _spare_collections()
                if push.said:
                    print(push.said, flush=True)
                await ready()
                if beside is not None:
                    workers.start(beside())
                await serving
                await _settled(program)
            finally:
                server.should_exit = True
                await serving
                await workers.end()
    _log.info("stopped")
    if workers.failed:
        raise ServeError("stopped because a worker failed; see the log")


@asynccontextmanager
async def _push(
    program: Program, served: Served, listener: socket.socket | None
) -> AsyncIterator[PushPort]:
    if program.gateway is None:
        yield PushPort(None, "")
        return
    async with push_port(program.gateway, served.push, listener, served.data) as port:
        yield port


def _configured(http: Any) -> uvicorn.Config:
    return uvicorn.Config(
        http,
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # blocks are packed already
        ws_ping_interval=None,  # the push protocol has its own
        lifespan="off",
        log_config=None,
        log_level="warning",  # else a line for each WebSocket
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=int(_DRAIN_S),
        h11_max_incomplete_event_size=64 * 1024,
    )


def _spare_collections() -> None:
    """What lives from now on is mostly freed by counting references. The collector's rounds over
    all that was loaded at the start cost intake a sixth of its time, and are spared.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class _Stop:
    """The beginning of the end, once. Calls that wait for something to happen are answered, push
    agents are told to come again; then HTTP takes nothing more.
    """

    def __init__(self, server: uvicorn.Server, program: Program, push: PushPort) -> None:
        self._server = server
        self._program = program
        self._push = push
        self._ending: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        if self._ending is None:
            self._ending = asyncio.get_running_loop().create_task(self._end())

    async def _end(self) -> None:
        for waking in self._program.waking:
            waking.close()
        self._push.close()
        try:
            if self._program.gateway is not None:
                await self._program.gateway.drain(DRAIN_S)
        finally:
            self._server.should_exit = True


async def _started(server: uvicorn.Server, serving: "asyncio.Task[None]") -> None:
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)


async def _settled(program: Program) -> None:
    """What is cut off is done again by the next process; mostly there is time."""
    try:
        async with asyncio.timeout(_DRAIN_S):
            await program.settle()
    except TimeoutError:
        _log.info("not everything that was begun is finished")


class Workers:
    """Tasks beside the server. One that fails ends the whole: better restarted than half alive."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._tasks: list[asyncio.Task[None]] = []
        self.failed = False

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or task.exception() is None:
            return
        _log.error("a worker failed", exc_info=task.exception())
        self.failed = True
        self._stop()


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop)


@contextlib.contextmanager
def _listeners(served: Served) -> Iterator[tuple[socket.socket, socket.socket | None]]:
    """For HTTP and for push. Raises ServeError."""
    with contextlib.ExitStack() as stack:
        http = stack.enter_context(listening(served.address))
        push = served.push.listener()
        if push is not None:
            stack.enter_context(push)
        yield http, push


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ServeError(f"another Fieldpost serves {data} already") from None
        yield
