"""What is remembered of an account is dropped when the store says that it has changed.

News between processes are quick but may be lost; the store's own word is not.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

import attrs

from application.device_directory import DeviceDirectory
from application.faults import StoreBroken, Unavailable

_log = logging.getLogger(__name__)

EVERY_S = 5.0
MOST_RECENT = 10_000
MISSED_AFTER_S = 60.0
"""Whoever did not look for so long may have missed a change."""


@attrs.frozen
class ChangeWatch:
    """`recent` gives the versions of the accounts that have changed in the last two minutes, at
    most MOST_RECENT of them.
    """

    recent: Callable[[], Awaitable[Mapping[str, int]]]
    directory: DeviceDirectory
    every_s: float = EVERY_S
    clock: Callable[[], float] = time.monotonic

    async def run(self) -> None:
        """Until cancelled. While the store is away everything stays as it was."""
        seen: dict[str, int] = {}
        looked_s = self.clock()
        while True:
            await asyncio.sleep(self.every_s)
            try:
                found = dict(await self.recent())
            except (Unavailable, StoreBroken) as error:
                _log.warning("the look for changes waits: %s", error)
                continue
            if self.clock() - looked_s > MISSED_AFTER_S or len(found) >= MOST_RECENT:
                self.directory.forget_all()
            looked_s = self.clock()
            for account_id, version in found.items():
                if seen.get(account_id) != version:
                    self.directory.forget(account_id)
            seen = found
