"""Lets the jobs that people asked for be done, one after the other, for ever."""

import asyncio
import logging
import os
import secrets
import socket
from functools import cache

import attrs

from application.faults import StoreBroken, Unavailable
from application.use_cases.run_jobs import RunJobs

_log = logging.getLogger(__name__)

_PAUSE_S = 1.0


@cache
def worker_name() -> str:
    """Of this process, as people see it. In containers hosts and processes may have equal names."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}:{secrets.token_hex(3)}"


@attrs.frozen
class JobPump:
    run_job: RunJobs

    async def run(self) -> None:
        """Until cancelled. A job that is cut off is taken up by the next worker."""
        while True:
            try:
                await self.run_job()
            except (Unavailable, StoreBroken) as error:
                _log.warning("jobs wait: %s", error)
                await asyncio.sleep(_PAUSE_S)
