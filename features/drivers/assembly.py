"""The embedded assembly in this process: opened on a folder, in an event loop of its own."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from adapters.inbound.cli.serving import opened
from adapters.inbound.http.services import Services
from adapters.outbound.notify.notifiers import notifiers
from adapters.outbound.notify.settings import NotifySettings, WebhookSettings
from application.faults import Conflict, Invalid, NotAllowed, NotAuthenticated, NotFound, Refused
from application.ports.notifier import Notifier
from bootstrap import embedded
from domain.channel import ChannelKind
from features.drivers.values import Denial, Denied

T = TypeVar("T")

_DENIALS: tuple[tuple[type[Refused], Denial], ...] = (
    (NotAuthenticated, Denial.NOT_KNOWN),
    (NotAllowed, Denial.NOT_POSSIBLE),
    (NotFound, Denial.NOT_FOUND),
    (Conflict, Denial.NOT_POSSIBLE),
    (Invalid, Denial.A_MISTAKE),
)


class MovableClock:
    """The time of day, ahead by what scenarios have let pass. It never goes back."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


class Assembly:
    """The embedded assembly on a folder, opened, with a worker that processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.clock = MovableClock()
        self._stack = contextlib.ExitStack()
        self.portal: BlockingPortal = self._stack.enter_context(start_blocking_portal())
        self._worker: asyncio.Task[None] | None = None
        self._begun: list[Future[Any]] = []
        self._start()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it in the loop. Raises Denied where the application refuses."""
        result: T = self.portal.call(_run, work)
        return result

    def begin(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Begin it in the loop and go on; it is given up when the assembly stops."""
        begun = self.portal.start_task_soon(_run, work)
        self._begun.append(begun)
        return begun

    def process(self) -> None:
        self._worker = self.portal.call(_task, self.container.pump().run())

    def stop_processing(self) -> None:
        if self._worker is not None:
            self.portal.call(_cancelled, self._worker)
            self._worker = None

    def depth(self) -> int:
        """How many batches wait. Raises what ended the worker, if it has ended."""
        if self._worker is not None and self._worker.done():
            self._worker.result()
        depth: int = self.container.queue().depth()
        return depth

    def start_again(self) -> None:
        self._stop()
        self._start()

    def close(self) -> None:
        self._stop()
        self._stack.close()

    def _start(self) -> None:
        self.container = embedded(self._folder)
        self.container.clock.override(self.clock)
        self.container.notifiers.override(_to_this_machine(self.clock))
        self.services: Services = self.container.application().services
        self._open = self.portal.wrap_async_context_manager(opened(self.container, alone=True))
        self._open.__enter__()
        self.process()

    def _stop(self) -> None:
        for begun in self._begun:
            begun.cancel()
        self._begun.clear()
        self.stop_processing()
        self._open.__exit__(None, None, None)


def _to_this_machine(clock: MovableClock) -> dict[ChannelKind, Notifier]:
    settings = NotifySettings(webhooks=WebhookSettings(to_private=True))
    return notifiers(settings, lambda: None, None, clock)


async def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    except Refused as error:
        denial = next(denial for kind, denial in _DENIALS if isinstance(error, kind))
        reasons = {one.field: one.reason for one in error.errors}
        raise Denied(denial, error.detail, reasons) from error


async def _task(work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    return asyncio.create_task(work)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
