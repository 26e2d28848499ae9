"""What is remembered of an account is dropped when the store says that it has changed.

News between processes are quick but may be lost; the store's own word is not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import attrs

from application.device_directory import DeviceDirectory
from application.faults import StoreBroken, Unavailable

_log = logging.getLogger(__name__)

EVERY_S = 5.0


@attrs.frozen
class ChangeWatch:
    """`recent` gives the versions of accounts that have changed lately."""

    recent: Callable[[], Awaitable[Mapping[str, int]]]
    directory: DeviceDirectory
    every_s: float = EVERY_S

    async def run(self) -> None:
        """Until cancelled. While the store is away everything stays as it was."""
        seen: dict[str, int] = {}
        while True:
            await asyncio.sleep(self.every_s)
            try:
                found = dict(await self.recent())
            except (Unavailable, StoreBroken) as error:
                _log.warning("the look for changes waits: %s", error)
                continue
            for account_id, version in found.items():
                if seen.get(account_id) != version:
                    self.directory.forget(account_id)
            seen = found
