"""What every job queue must do."""

import asyncio
import contextlib

import pytest

from application.faults import Unavailable
from application.ports.job_queue import JobQueue, JobTicket
from tests.contracts.assembly import Assembly, StoreContract, Stores
from tests.contracts.builders import ACCOUNT, OTHER_ACCOUNT

SOON_S = 10.0
LATER_S = 0.3


class JobQueueContract(StoreContract):
    PORT = JobQueue

    async def test_jobs_come_in_their_order(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            for number in range(5):
                await stores.jobs.put(_ticket(number))
            assert [await _do(stores) for _ in range(5)] == [_key(n) for n in range(5)]

    async def test_a_job_is_of_its_account(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.jobs.put(JobTicket(OTHER_ACCOUNT, "job"))
            assert await _take(stores) == (OTHER_ACCOUNT, "job")

    async def test_taking_waits_until_there_is_one(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            taking = asyncio.create_task(_take(stores))
            await asyncio.sleep(0)
            assert not taking.done()
            await stores.jobs.put(_ticket(1))
            assert await taking == _key(1)

    async def test_what_was_finished_is_forgotten(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.jobs.put(_ticket(1))
            await stores.jobs.put(_ticket(2))
            assert await _do(stores) == _key(1)
        async with assembly.opened() as stores:
            assert await _take(stores) == _key(2)

    async def test_a_job_whose_worker_ended_is_handed_out_again(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.jobs.put(_ticket(1))
            assert await _take(stores) == _key(1)
        async with assembly.opened() as stores:
            assert await _take(stores) == _key(1)

    async def test_not_before_its_time(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            loop = asyncio.get_running_loop()
            begun = loop.time()
            await stores.jobs.put(_ticket(1), LATER_S)
            await stores.jobs.put(_ticket(2))
            assert await _do(stores) == _key(2)
            assert await _do(stores) == _key(1)
            assert loop.time() - begun >= LATER_S * 0.9

    async def test_what_waits_for_its_time_outlives_a_restart(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.jobs.put(_ticket(1), LATER_S)
        async with assembly.opened() as stores:
            assert await _take(stores) == _key(1)

    async def test_nothing_is_put_while_the_store_is_unavailable(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            with assembly.unavailable(), pytest.raises(Unavailable):
                await stores.jobs.put(_ticket(1))
            await _put_at_last(stores, _ticket(2))
            keys = [await _do(stores)]
            # What could not be told was put may have been put.
            if keys == [_key(1)]:
                keys.append(await _do(stores))
            assert keys[-1] == _key(2)


def _ticket(number: int) -> JobTicket:
    return JobTicket(ACCOUNT, f"job-{number}")


def _key(number: int) -> tuple[str, str]:
    return ACCOUNT, f"job-{number}"


async def _put_at_last(stores: Stores, ticket: JobTicket) -> None:
    """As people do who ask again until it is taken up."""
    async with asyncio.timeout(SOON_S):
        while True:
            with contextlib.suppress(Unavailable):
                return await stores.jobs.put(ticket)
            await asyncio.sleep(0.02)


async def _do(stores: Stores) -> tuple[str, str]:
    """A worker takes the next one after it has finished this one."""
    ticket = await asyncio.wait_for(stores.jobs.take(), SOON_S)
    await stores.jobs.finish(ticket)
    return ticket.account_id, ticket.job_id


async def _take(stores: Stores) -> tuple[str, str]:
    ticket = await asyncio.wait_for(stores.jobs.take(), SOON_S)
    return ticket.account_id, ticket.job_id
