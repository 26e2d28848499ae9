"""Takes batches from the embedded queue and has them processed, many at a time, for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import attrs

from application.faults import StoreBroken, Unavailable
from application.ports.intake_queue import IntakeQueue
from application.use_cases.process_batches import ProcessBatches
from domain.batch import Batch

T = TypeVar("T")

_log = logging.getLogger(__name__)

_AT_ONCE = 128
_GATHER_S = 0.02
"""After a round others may gather, so that under load many share the cost of the next."""

_PAUSE_S = 1.0


@attrs.frozen
class QueuePump:
    queue: IntakeQueue
    process: ProcessBatches

    async def run(self) -> None:
        """Until cancelled. What was being processed then is processed again at the next start."""
        while True:
            batches = await _insisting(lambda: self.queue.take(_AT_ONCE))
            await _insisting(partial(self._done, batches))
            if len(batches) < _AT_ONCE:
                await asyncio.sleep(_GATHER_S)

    async def _done(self, batches: Sequence[Batch]) -> None:
        await self.process(batches)
        await self.queue.finish(batches)


async def _insisting(work: Callable[[], Awaitable[T]]) -> T:
    """Tries until the store can be used again."""
    while True:
        try:
            return await work()
        except (Unavailable, StoreBroken) as error:
            _log.warning("processing waits: %s", error)
            await asyncio.sleep(_PAUSE_S)
