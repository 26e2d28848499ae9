"""Takes batches from the intake queue and has them processed, many at a time, for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from application.faults import StoreBroken, StoreClosed, Unavailable
from application.giving_up import given_up
from application.ports.intake_queue import IntakeQueue
from application.ports.quarantine_shelf import QuarantineShelf
from application.ports.tally import Tally
from application.use_cases.process_batches import ProcessBatches
from domain.batch import Batch

T = TypeVar("T")

_log = logging.getLogger(__name__)

AT_ONCE = 128
PROCESSING_HANGS_S = 25.0
"""Less than the half minute after which a partition has to be in other hands."""
_GATHER_S = 0.02
"""After a round others may gather, so that under load many share the cost of the next."""

_PAUSE_S = 1.0
_TRIES = 3


class ProcessingHangs(Exception):
    """A round takes longer than any can; who is started anew takes what this one has."""


class QueuePump:
    """`at_once` bounds a round in batches. A try of one that takes longer than `hangs_after_s`
    ends the pump with ProcessingHangs.
    """

    def __init__(
        self,
        queue: IntakeQueue,
        process: ProcessBatches,
        shelf: QuarantineShelf,
        tally: Tally,
        at_once: int = AT_ONCE,
        hangs_after_s: float | None = None,
    ) -> None:
        self._queue = queue
        self._process = process
        self._shelf = shelf
        self._tally = tally
        self._at_once = at_once
        self._hangs_after_s = hangs_after_s
        self._stopping = asyncio.Event()
        self._at_rest = asyncio.Event()
        self._at_rest.set()

    async def run(self) -> None:
        """Until cancelled or stopped. What was being processed when it was cancelled is processed
        again, by the next one.
        """
        while not self._stopping.is_set():
            batches = await _insisting(partial(self._queue.take, self._at_once))
            if self._stopping.is_set():
                return
            self._at_rest.clear()
            try:
                await _insisting(partial(self._done, batches))
            finally:
                self._at_rest.set()
            if len(batches) < self._at_once:
                await asyncio.sleep(_GATHER_S)

    async def stop(self) -> None:
        """No further round is begun; returns when the one that is under way has ended."""
        self._stopping.set()
        await self._at_rest.wait()

    async def drain(self) -> None:
        """Returns when nothing waits any more."""
        while self._queue.depth() > 0:
            await asyncio.sleep(0.05)

    async def _done(self, batches: Sequence[Batch]) -> None:
        try:
            await self._processed(batches)
        except StoreClosed:
            raise
        except StoreBroken as error:
            _log.error("a round cannot be processed; each device is by itself: %s", error)
            by_device: dict[str, list[Batch]] = {}
            for batch in batches:
                by_device.setdefault(batch.device_id, []).append(batch)
            for some in by_device.values():
                await self._done_or_given_up(some)
        await self._queue.finish(batches)

    async def _done_or_given_up(self, batches: Sequence[Batch]) -> None:
        """One device that the store does not take must not hold up the others. A store that takes
        nothing is waited for.
        """
        for tried in range(1, _TRIES + 1):
            try:
                return await self._processed(batches)
            except StoreClosed:
                raise
            except StoreBroken as error:
                _log.error("%s is not processed, try %d: %s", batches[0].device_id, tried, error)
                await asyncio.sleep(_PAUSE_S)
        await self._shelf.put(given_up(batches))
        self._tally.count("quarantined_batches", "gave_up", len(batches))
        return None

    async def _processed(self, batches: Sequence[Batch]) -> None:
        try:
            async with asyncio.timeout(self._hangs_after_s) as limit:
                await self._process(batches)
        except TimeoutError:
            if limit.expired():
                raise ProcessingHangs(
                    f"{len(batches)} batches took longer than {self._hangs_after_s:g} s"
                ) from None
            raise


async def _insisting(work: Callable[[], Awaitable[T]]) -> T:
    """Tries until the store can be used again."""
    while True:
        try:
            return await work()
        except (Unavailable, StoreBroken) as error:
            _log.warning("processing waits: %s", error)
            await asyncio.sleep(_PAUSE_S)
