"""Long-running work: taken by one worker, told of as it goes on, taken over when that one ends."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import attrs

from application.faults import StoreBroken, Unavailable
from application.job_report import JobCancelled, JobHandler, JobLost, JobReport
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from application.ports.job_queue import JobQueue, JobTicket
from application.ports.tally import Tally
from domain.job import HEARTBEAT_S, LOST_AFTER_MS, MAX_ATTEMPTS, Job, JobKind, JobState

_log = logging.getLogger(__name__)

_RETRY_S = (1.0, 5.0, 30.0, 120.0)


@attrs.frozen
class RunJobs:
    """`worker` names this process in what people see."""

    configuration: Configuration
    jobs: JobQueue
    clock: Clock
    tally: Tally
    handlers: Mapping[JobKind, JobHandler]
    worker: str
    beat_s: float = HEARTBEAT_S

    async def __call__(self) -> None:
        """Take the next job and do it. Raises Unavailable; then it is handed out again."""
        ticket = await self.jobs.take()
        job = await self._begin(ticket)
        if job is not None:
            await self._run(ticket, job)
        await self.jobs.finish(ticket)

    async def _begin(self, ticket: JobTicket) -> Job | None:
        """The job, marked as ours; None when there is nothing to do."""
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            job = await tx.jobs.get(ticket.account_id, ticket.job_id)
            if job is None or job.ended:
                return None
            busy = job.state is JobState.RUNNING and job.worker != self.worker
            if not busy or now_ms - (job.heartbeat_at_ms or 0) > LOST_AFTER_MS:
                job = attrs.evolve(
                    job,
                    state=JobState.RUNNING,
                    attempt=job.attempt + 1,
                    worker=self.worker,
                    heartbeat_at_ms=now_ms,
                )
                await tx.jobs.replace(job)
                return job
        # Its worker lives or has just ended; whoever looks after a while knows.
        await self.jobs.put(ticket, LOST_AFTER_MS / 1000)
        return None

    async def _run(self, ticket: JobTicket, job: Job) -> None:
        report = JobReport(job, lambda progress, detail: self._save(job, progress, detail))
        beating = asyncio.create_task(report.beat(self.beat_s))
        try:
            detail = await self.handlers[job.kind](job, report)
        except JobCancelled:
            self.tally.count("jobs", "cancelled")
        except JobLost:
            self.tally.count("jobs", "lost")
        except Exception as error:
            _log.warning("job %s of kind %s: %r", job.id, job.kind, error, exc_info=True)
            await self._failed(ticket, job, error)
        else:
            await self._end(job, JobState.DONE, detail, report.result)
        finally:
            beating.cancel()

    async def _failed(self, ticket: JobTicket, job: Job, error: Exception) -> None:
        if job.attempt >= MAX_ATTEMPTS:
            known = isinstance(error, Unavailable | StoreBroken)
            why = str(error) if known else "an error that nobody foresaw; the log has it"
            await self._end(job, JobState.FAILED, f"given up after {job.attempt} tries: {why}")
            return
        self.tally.count("jobs", "tried_again")
        try:
            async with self.configuration.changing() as tx:
                await tx.jobs.replace(await self._mine(tx, job, state=JobState.QUEUED))
        except (JobCancelled, JobLost):
            return
        await self.jobs.put(ticket, _RETRY_S[min(job.attempt, len(_RETRY_S)) - 1])

    async def _save(self, job: Job, progress: float, detail: str) -> None:
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            changes = {"progress": progress, "detail": detail, "heartbeat_at_ms": now_ms}
            await tx.jobs.replace(await self._mine(tx, job, **changes))

    async def _end(
        self, job: Job, state: JobState, detail: str, result: Mapping[str, Any] | None = None
    ) -> None:
        changes: dict[str, Any] = {
            "state": state,
            "detail": detail[:500],
            "result": result,
            "finished_at_ms": self.clock.now_ms(),
        }
        if state is JobState.DONE:
            changes["progress"] = 1.0
        try:
            async with self.configuration.changing() as tx:
                await tx.jobs.replace(await self._mine(tx, job, **changes))
        except (JobCancelled, JobLost):
            return
        self.tally.count("jobs", state.value)

    async def _mine(self, tx: ConfigurationTransaction, job: Job, **changes: Any) -> Job:
        """The job as it stands, changed. Raises JobCancelled and JobLost when it is not ours."""
        now = await tx.jobs.get(job.account_id, job.id)
        if now is None or now.state is JobState.CANCELLED:
            raise JobCancelled
        if (now.worker, now.attempt) != (job.worker, job.attempt):
            raise JobLost
        return attrs.evolve(now, **changes)
