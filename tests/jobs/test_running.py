"""A job is done by one worker at a time, to its end, whatever becomes of its workers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.inbound.cli.serving import opened
from application.actor import Actor
from application.faults import Conflict, Unavailable
from application.job_report import JobHandler, JobReport
from application.ports.job_queue import JobTicket
from application.use_cases.manage_jobs import MAX_UNENDED, ManageJobs
from application.use_cases.run_jobs import RunJobs
from bootstrap import embedded
from domain.account import Role
from domain.job import LOST_AFTER_MS, MAX_ATTEMPTS, Job, JobKind, JobState

ACTOR = Actor("account", "user", "ana@example.org", Role.OWNER)
BEAT_S = 0.01


class MovableClock:
    def __init__(self) -> None:
        self.time_ms = 1_790_000_000_000

    def now_ms(self) -> int:
        return self.time_ms


@attrs.frozen
class Office:
    container: Any
    clock: MovableClock
    manage: ManageJobs

    async def begin(self) -> Job:
        return await self.manage.begin(ACTOR, JobKind.REPLAY_QUARANTINE, {"n": 1})

    async def look(self, job: Job) -> Job:
        return await self.manage.one(ACTOR, job.id)

    def worker(self, name: str, handler: JobHandler) -> RunJobs:
        run: RunJobs = self.container.application().run_jobs
        handlers = {JobKind.REPLAY_QUARANTINE: handler}
        return attrs.evolve(run, handlers=handlers, worker=name, beat_s=BEAT_S)


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    container = embedded(folder)
    clock = MovableClock()
    container.clock.override(clock)
    async with opened(container, alone=True):
        yield Office(container, clock, container.application().manage_jobs)


@pytest.mark.anyio
async def test_a_job_is_done_and_says_what_was_done(tmp_path: Path) -> None:
    seen: list[Job] = []

    async def handler(job: Job, report: JobReport) -> str:
        seen.append(job)
        report(0.5, "half of it")
        return "all of it"

    async with office(tmp_path) as at:
        job = await at.begin()
        assert job.state is JobState.QUEUED
        await at.worker("one", handler)()
        done = await at.look(job)
    assert (done.state, done.progress, done.detail) == (JobState.DONE, 1.0, "all of it")
    assert done.finished_at_ms == at.clock.time_ms
    assert [(one.params, one.worker, one.attempt) for one in seen] == [({"n": 1}, "one", 1)]


@pytest.mark.anyio
async def test_progress_is_seen_while_it_goes_on(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def handler(job: Job, report: JobReport) -> str:
        report(0.25, "a quarter")
        await go_on.wait()
        return ""

    async with office(tmp_path) as at:
        job = await at.begin()
        working = asyncio.create_task(at.worker("one", handler)())
        async with asyncio.timeout(10):
            while (await at.look(job)).progress == 0:
                await asyncio.sleep(BEAT_S)
        seen = await at.look(job)
        assert (seen.state, seen.progress, seen.detail) == (JobState.RUNNING, 0.25, "a quarter")
        go_on.set()
        await working


@pytest.mark.anyio
async def test_a_job_that_is_called_off_ends_at_its_next_step(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def handler(job: Job, report: JobReport) -> str:
        begun.set()
        while True:
            report(0.1, "going on")
            await asyncio.sleep(BEAT_S)

    async with office(tmp_path) as at:
        job = await at.begin()
        working = asyncio.create_task(at.worker("one", handler)())
        await begun.wait()
        await at.manage.cancel(ACTOR, job.id)
        await asyncio.wait_for(working, 10)
        assert (await at.look(job)).state is JobState.CANCELLED
        assert (await at.manage.cancel(ACTOR, job.id)).state is JobState.CANCELLED


@pytest.mark.anyio
async def test_a_job_that_fails_after_it_was_called_off_costs_its_worker_nothing(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as at:

        async def handler(job: Job, report: JobReport) -> str:
            await at.manage.cancel(ACTOR, job.id)
            raise Unavailable("the shelf is away")

        job = await at.begin()
        await at.worker("one", handler)()
        assert (await at.look(job)).state is JobState.CANCELLED


@pytest.mark.anyio
async def test_a_job_that_fails_after_it_was_taken_over_is_left_to_the_other(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as at:

        async def handler(job: Job, report: JobReport) -> str:
            at.clock.time_ms += LOST_AFTER_MS + 1
            assert await at.worker("two", handler)._begin(JobTicket(job.account_id, job.id))
            raise Unavailable("the shelf is away")

        job = await at.begin()
        await at.worker("one", handler)()
        now = await at.look(job)
        assert (now.state, now.worker) == (JobState.RUNNING, "two")


@pytest.mark.anyio
async def test_a_job_that_fails_is_tried_again_and_given_up_at_last(tmp_path: Path) -> None:
    tries = 0

    async def handler(job: Job, report: JobReport) -> str:
        nonlocal tries
        tries += 1
        raise Unavailable("the shelf is away")

    async with office(tmp_path) as at:
        job = await at.begin()
        worker = at.worker("one", handler)
        await worker()
        assert (await at.look(job)).state is JobState.QUEUED
        for attempt in range(2, MAX_ATTEMPTS + 1):
            # The wait between two tries is not waited for here.
            ticket = await _waiting(at)
            begun = await worker._begin(ticket)
            assert begun is not None and begun.attempt == attempt
            await worker._run(ticket, begun)
        failed = await at.look(job)
    assert failed.state is JobState.FAILED
    assert failed.detail == f"given up after {MAX_ATTEMPTS} tries: the shelf is away"
    assert tries == MAX_ATTEMPTS


@pytest.mark.anyio
async def test_a_job_is_taken_over_from_a_worker_that_is_heard_of_no_more(tmp_path: Path) -> None:
    never = asyncio.Event()

    async def hangs(job: Job, report: JobReport) -> str:
        await never.wait()
        return ""

    async def does(job: Job, report: JobReport) -> str:
        return f"attempt {job.attempt}"

    async with office(tmp_path) as at:
        job = await at.begin()
        first = asyncio.create_task(at.worker("first", hangs)())
        async with asyncio.timeout(10):
            while (await at.look(job)).state is not JobState.RUNNING:
                await asyncio.sleep(BEAT_S)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        ticket = await _waiting(at)
        second = at.worker("second", does)
        assert await second._begin(ticket) is None, "its worker may still live"
        at.clock.time_ms += LOST_AFTER_MS + 1
        begun = await second._begin(ticket)
        assert begun is not None
        await second._run(ticket, begun)
        done = await at.look(job)
    assert (done.state, done.detail, done.worker) == (JobState.DONE, "attempt 2", "second")


@pytest.mark.anyio
async def test_so_many_at_once_and_no_more(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for _ in range(MAX_UNENDED):
            await at.begin()
        with pytest.raises(Conflict):
            await at.begin()


async def _waiting(at: Office) -> JobTicket:
    """The ticket of the one job, whenever its time comes."""
    jobs = await at.manage.all(ACTOR, None, 10)
    return JobTicket(jobs.items[0].account_id, jobs.items[0].id)
