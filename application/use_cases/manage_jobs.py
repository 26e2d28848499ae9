"""Long-running work, as people ask for it, look at it and call it off."""

from collections.abc import Mapping
from typing import Any

import attrs

from application.actor import Actor
from application.faults import Conflict, NotFound
from application.identifiers import new_id
from application.paging import Page
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.job_queue import JobQueue, JobTicket
from domain.job import Job, JobKind, JobState

MAX_UNENDED = 20
_SURELY_AFTER_S = 30.0


@attrs.frozen
class ManageJobs:
    configuration: Configuration
    jobs: JobQueue
    clock: Clock

    async def begin(self, actor: Actor, kind: JobKind, params: Mapping[str, Any]) -> Job:
        """Hand it to a worker. Raises Conflict when too many wait, Unavailable."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        job = Job(new_id(now_ms), actor.account_id, kind, now_ms, params)
        ticket = JobTicket(actor.account_id, job.id)
        # Should this process end right after the transaction, the job is handed out all the same;
        # a ticket of a job that is not there, or has ended, is thrown away.
        await self.jobs.put(ticket, _SURELY_AFTER_S)
        async with self.configuration.changing() as tx:
            waiting = 0
            for state in (JobState.QUEUED, JobState.RUNNING):
                waiting += len(await tx.jobs.matching(actor.account_id, state=state))
            if waiting >= MAX_UNENDED:
                raise Conflict(f"{MAX_UNENDED} jobs are under way already")
            await tx.jobs.add(job)
            await tx.audit.add(actor.entry(now_ms, "job.begin", job.id, kind.value))
        await self.jobs.put(ticket)
        return job

    async def all(self, actor: Actor, cursor: str | None, limit: int) -> Page[Job]:
        """Newest first."""
        async with self.configuration.reading() as tx:
            return await tx.jobs.page(actor.account_id, cursor, limit)

    async def one(self, actor: Actor, job_id: str) -> Job:
        """Raises NotFound."""
        async with self.configuration.reading() as tx:
            job = await tx.jobs.get(actor.account_id, job_id)
        if job is None:
            raise NotFound("there is no such job")
        return job

    async def cancel(self, actor: Actor, job_id: str) -> Job:
        """Its worker ends it at the next step; what was done by then stays done. A job that has
        ended stays as it is.
        """
        actor.must_change()
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            job = await tx.jobs.get(actor.account_id, job_id)
            if job is None:
                raise NotFound("there is no such job")
            if job.ended:
                return job
            job = attrs.evolve(job, state=JobState.CANCELLED, finished_at_ms=now_ms)
            await tx.jobs.replace(job)
            await tx.audit.add(actor.entry(now_ms, "job.cancel", job.id, job.kind.value))
        return job
