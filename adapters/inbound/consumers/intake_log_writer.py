"""Writes the intake log every few seconds, and once more at the end."""

import asyncio
import logging

from application.faults import StoreBroken, Unavailable
from application.intake_record import IntakeRecord

_log = logging.getLogger(__name__)

EVERY_S = 5.0


class IntakeLogWriter:
    """Part of a program, and its work. To be opened after the stores that it writes to."""

    def __init__(self, record: IntakeRecord, every_s: float = EVERY_S) -> None:
        self._record = record
        self._every_s = every_s

    async def open(self) -> None:
        pass

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            await self._write("waits")

    async def close(self) -> None:
        """No more uploads come."""
        await self._write("lacks its last lines")

    async def _write(self, otherwise: str) -> None:
        try:
            while await self._record.write():
                pass
        except (Unavailable, StoreBroken) as error:
            _log.warning("the intake log %s: %s", otherwise, error)
