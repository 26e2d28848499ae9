"""How a handler of long-running work says how far it is, and hears that it shall end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from application.faults import Unavailable
from domain.job import Job

_log = logging.getLogger(__name__)


class JobCancelled(Exception):
    """Somebody does not want it any more."""


class JobLost(Exception):
    """Another worker has taken it over."""


class JobReport:
    """How a handler says how far it is, as often as it likes. What it was to find out is its
    `result`, kept when it ends.

    It is written down every few seconds, also while the handler says nothing: that is how others
    know that the job has its worker.
    """

    def __init__(self, job: Job, save: Callable[[float, str], Awaitable[None]]) -> None:
        self.job = job
        self.progress = job.progress
        self.detail = job.detail
        self.result: Mapping[str, Any] | None = None
        self._save = save
        self._over: Exception | None = None

    def __call__(self, progress: float, detail: str) -> None:
        """`progress` is a fraction. Raises JobCancelled and JobLost: then the handler ends."""
        self.progress = min(1.0, max(0.0, progress))
        self.detail = detail[:500]
        if self._over is not None:
            raise self._over

    async def beat(self, every_s: float) -> None:
        """For ever: writes down what was said last."""
        while self._over is None:
            await asyncio.sleep(every_s)
            try:
                await self._save(self.progress, self.detail)
            except (JobCancelled, JobLost) as over:
                self._over = over
            except Unavailable as error:
                _log.warning("the progress of a job is not written down: %s", error)


JobHandler = Callable[[Job, JobReport], Awaitable[str]]
"""Does the job from where it stands, and says what was done. May be called again for the same
job: what it has done it must find done. Raises Unavailable to be tried again.
"""
