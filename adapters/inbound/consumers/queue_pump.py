"""Takes batches from the embedded queue and has them processed, many at a time, for ever."""

import asyncio
import logging

import attrs

from application.faults import StoreBroken, Unavailable
from application.ports.intake_queue import IntakeQueue
from application.use_cases.process_batches import ProcessBatches

_log = logging.getLogger(__name__)

_AT_ONCE = 128
_GATHER_S = 0.005
"""After each round others may gather, so that under load many share its cost."""

_PAUSE_S = 1.0


@attrs.frozen
class QueuePump:
    queue: IntakeQueue
    process: ProcessBatches

    async def run(self) -> None:
        """Until cancelled. What was being processed then is processed again at the next start."""
        while True:
            batches = await self.queue.take(_AT_ONCE)
            while True:
                try:
                    await self.process(batches)
                    await self.queue.finish(batches)
                    break
                except (Unavailable, StoreBroken) as error:
                    _log.warning("processing waits: %s", error)
                    await asyncio.sleep(_PAUSE_S)
            await asyncio.sleep(_GATHER_S)
