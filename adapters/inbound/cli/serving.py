"""Run the embedded assembly: open it, serve until a signal, drain, close."""

import asyncio
import contextlib
import fcntl
import gc
import logging
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import uvicorn

_log = logging.getLogger(__name__)

_DRAIN_S = 10.0
_OUTAGE_S = 300.0
_PATIENCE_S = 120.0


class ServeError(Exception):
    """It cannot be served like this; the message is for the person who started it."""


@attrs.frozen
class Served:
    """Where the data is and where people reach it. `http` is HOST:PORT."""

    data: Path
    http: str
    public: str | None

    @property
    def address(self) -> tuple[str, int]:
        """Raises ServeError."""
        host, _, port = self.http.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65_535:
            raise ServeError(f"--http must be HOST:PORT, not {self.http}")
        return host.strip("[]"), int(port)

    @property
    def public_url(self) -> str:
        host, port = self.address
        shown = f"[{host}]" if ":" in host else host
        return (self.public or f"http://{shown}:{port}").rstrip("/")


class _Server(uvicorn.Server):
    """Signals are ours: a drained server ends with 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def opened(container: Any, *, alone: bool) -> AsyncIterator[None]:
    """The stores of an assembly, ready for use; `alone` refuses a second server on the data."""
    data: Path = container.data()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServeError(f"the folder {data} cannot be made: {error.strerror}") from error
    with _locked(data) if alone else contextlib.nullcontext():
        file, configuration = container.file(), container.configuration()
        await file.open()
        try:
            await configuration.open()
            await container.queue().open()
            yield
        finally:
            await configuration.close()
            await file.close()


async def serve_until_stopped(
    container: Any,
    served: Served,
    ready: Callable[[Any, Served], Awaitable[None]],
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called once requests are answered, `beside`
    runs from then on. Ends when what was under way is answered.
    """
    listener = _listening(served.address)
    with listener:
        async with opened(container, alone=True):
            config = uvicorn.Config(
                container.http(),
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=int(_DRAIN_S),
                h11_max_incomplete_event_size=64 * 1024,
            )
            server = _Server(config)
            _on_signals(lambda: _stop(server, container))
            away_s = container.file().unwritten_s
            workers = Workers(lambda: _stop(server, container))
            workers.start(container.pump().run())
            workers.start(container.silence_ticker().run(after_s=_patience_s(away_s)))
            workers.start(container.merge_ticker().run())
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                await _started(server, serving)
                _spare_collections()
                await ready(container, served)
                if beside is not None:
                    workers.start(beside())
                await serving
                await _drain(container)
            finally:
                server.should_exit = True
                await serving
                await workers.end()
    _log.info("stopped")
    if workers.failed:
        raise ServeError("stopped because a worker failed; see the log")


def _spare_collections() -> None:
    """What lives from now on is mostly freed by counting references. The collector's rounds over
    all that was loaded at the start cost intake a sixth of its time, and are spared.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _stop(server: uvicorn.Server, container: Any) -> None:
    """Calls that wait for something to happen are answered now."""
    server.should_exit = True
    container.feed().close()
    container.bell().close()


async def _started(server: uvicorn.Server, serving: "asyncio.Task[None]") -> None:
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)


async def _drain(container: Any) -> None:
    """What waits is durable and would be processed at the next start; mostly there is time."""
    queue = container.queue()
    deadline = asyncio.get_running_loop().time() + _DRAIN_S
    while queue.depth() > 0 and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.05)


def _patience_s(away_s: float) -> float:
    """After an outage agents deliver what they kept; until then nobody is called silent."""
    return _PATIENCE_S if away_s > _OUTAGE_S else 0.0


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


def _listening(address: tuple[str, int]) -> socket.socket:
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ServeError(f"{host}:{port} cannot be used: {error.strerror}") from error


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ServeError(f"another Fieldpost serves {data} already") from None
        yield
