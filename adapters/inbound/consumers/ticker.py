"""What time sets off: silence is looked for, small blocks are merged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import attrs

from application.faults import StoreBroken, Unavailable

_log = logging.getLogger(__name__)

SILENCE = "the look for silence"
SILENCE_EVERY_S = 5.0
OUTAGE_S = 300.0
PATIENCE_S = 120.0


def patience_s(away_s: float) -> float:
    """After an outage of `away_s` agents deliver what they kept; until then nobody is called
    silent.
    """
    return PATIENCE_S if away_s > OUTAGE_S else 0.0


def _at_once() -> float:
    return 0.0


@attrs.frozen
class Ticker:
    """Does `work` every `every_s` seconds, and at once again while it says there is more; the
    first time as much later as `after_s` says when it begins to run.
    """

    name: str
    work: Callable[[], Awaitable[bool]]
    every_s: float
    after_s: Callable[[], float] = _at_once

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.sleep(self.after_s())
        while True:
            await asyncio.sleep(self.every_s)
            try:
                while await self.work():
                    await asyncio.sleep(0)
            except (Unavailable, StoreBroken) as error:
                _log.warning("%s waits: %s", self.name, error)
