"""Jobs on a broker that workers lose: there is a message of a job until it is finished."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

import attrs
import msgspec
import pytest

from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.job_message import to_message
from adapters.outbound.rabbitmq.job_queue import HELD_S, RabbitJobQueue
from adapters.outbound.rabbitmq.publisher import RabbitPublisher
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.topology import JOB_DELAYS_S, JOBS, declare, delay_queue
from application.faults import Unavailable
from application.ports.job_queue import JobTicket
from tests.support.distributed import rabbit_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import VirtualHost

pytestmark = pytest.mark.anyio

T = TypeVar("T")

SOON_S = 15.0
EVERY_S = 0.02


@attrs.frozen
class Worker:
    connection: RabbitConnection
    jobs: RabbitJobQueue

    async def waiting(self, queue: str) -> int:
        async with self.connection.brief_channel() as channel:
            return (await channel.queue_declare(queue, passive=True)).message_count or 0


@attrs.frozen
class Workers:
    """Their network can be cut, each worker's by itself."""

    settings: RabbitSettings
    proxy: FaultProxy

    def far(self, held_s: float = HELD_S) -> AbstractAsyncContextManager[Worker]:
        """Behind the proxy."""
        return self._worker(attrs.evolve(self.settings, port=self.proxy.port), held_s)

    def near(self) -> AbstractAsyncContextManager[Worker]:
        return self._worker(self.settings, HELD_S)

    @asynccontextmanager
    async def _worker(self, settings: RabbitSettings, held_s: float) -> AsyncIterator[Worker]:
        connection = RabbitConnection(settings)
        jobs = RabbitJobQueue(connection, held_s)
        await connection.open()
        try:
            await declare(connection)
            await jobs.open()
            yield Worker(connection, jobs)
        finally:
            await jobs.close()
            await connection.close()


@pytest.fixture
def workers(virtual_host: VirtualHost) -> Iterator[Workers]:
    with FaultProxy(virtual_host.server.port) as proxy:
        yield Workers(rabbit_settings(virtual_host, partitions=1), proxy)


async def test_a_job_whose_worker_is_cut_off_is_given_to_another(workers: Workers) -> None:
    async with workers.far() as cut_off, workers.near() as other:
        await other.jobs.put(ticket(1))
        lost = await soon(cut_off.jobs.take())
        workers.proxy.cut()
        again = await soon(other.jobs.take())
        assert name(again) == name(lost) == "job-1"
        await becomes_ready(cut_off.connection)
        await cut_off.jobs.finish(lost)
        # Whoever is busy with a job that it has lost holds no other one back.
        await other.jobs.put(ticket(2))
        await other.jobs.finish(again)
        assert name(await soon(other.jobs.take())) == "job-2"


async def test_a_ticket_that_is_lost_finishes_nothing(workers: Workers) -> None:
    async with workers.far() as worker:
        await worker.jobs.put(ticket(1))
        lost = await soon(worker.jobs.take())
        workers.proxy.cut()
        again = await soon(worker.jobs.take())
        await worker.jobs.finish(lost)
    async with workers.near() as other:
        assert name(await soon(other.jobs.take())) == name(again)


async def test_what_was_taken_and_not_finished_comes_again(workers: Workers) -> None:
    async with workers.near() as worker:
        await worker.jobs.put(ticket(1))
        first = await soon(worker.jobs.take())
        second = await soon(worker.jobs.take())
        assert name(second) == name(first)
        assert second.delivery != first.delivery
        await worker.jobs.finish(first)  # not that time
        assert name(await soon(worker.jobs.take())) == name(first)


async def test_a_job_that_takes_long_has_a_message_and_holds_up_no_other(workers: Workers) -> None:
    longest = delay_queue(JOB_DELAYS_S[-1])
    async with workers.far(held_s=0.05) as busy:
        await busy.jobs.put(ticket(1))
        long = await soon(busy.jobs.take())
        async with asyncio.timeout(SOON_S):
            while not await busy.waiting(longest):
                await asyncio.sleep(EVERY_S)
        await busy.jobs.put(ticket(2))
        async with workers.near() as other:
            second = await soon(other.jobs.take())
            assert name(second) == "job-2"
            await other.jobs.finish(second)
        await busy.jobs.finish(long)
        await busy.jobs.put(ticket(3))
        assert name(await soon(busy.jobs.take())) == "job-3"
        assert await busy.waiting(longest) == 1


async def test_a_message_that_came_too_early_waits_on(workers: Workers) -> None:
    async with workers.near() as worker:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await RabbitPublisher(worker.connection).publish("", JOBS, to_message(ticket(1), 0.3))
        assert name(await soon(worker.jobs.take())) == "job-1"
        assert loop.time() - begun >= 0.3


async def test_what_is_longer_than_the_longest_delay_is_done_in_steps(workers: Workers) -> None:
    async with workers.near() as worker:
        await worker.jobs.put(ticket(1), JOB_DELAYS_S[-1] + 60.0)
        async with worker.connection.brief_channel() as channel:
            message = await channel.basic_get(delay_queue(JOB_DELAYS_S[-1]))
        assert message.body == to_message(ticket(1), 60.0)


async def test_what_nobody_can_read_is_passed_over(workers: Workers) -> None:
    async with workers.near() as worker:
        publisher = RabbitPublisher(worker.connection)
        for body in (b"", b"?", b"\x01\xc1", b"\x02" + msgspec.msgpack.encode(["a", "b"])):
            await publisher.publish("", JOBS, body)
        await worker.jobs.put(ticket(1))
        assert name(await soon(worker.jobs.take())) == "job-1"


async def test_older_and_newer_versions_of_a_message_are_read(workers: Workers) -> None:
    async with workers.near() as worker:
        publisher = RabbitPublisher(worker.connection)
        for fields in (["account", "older"], ["account", "newer", 0.0, "unheard of"]):
            await publisher.publish("", JOBS, b"\x01" + msgspec.msgpack.encode(fields))
        for expected in ("older", "newer"):
            found = await soon(worker.jobs.take())
            assert name(found) == expected
            await worker.jobs.finish(found)


async def test_what_is_not_confirmed_was_not_put(workers: Workers) -> None:
    async with workers.far() as worker:
        await worker.jobs.put(ticket(1))
        workers.proxy.hold_replies()
        putting = asyncio.create_task(worker.jobs.put(ticket(2)))
        await asyncio.sleep(EVERY_S)
        workers.proxy.cut()
        with pytest.raises(Unavailable):
            await soon(putting)


async def test_taking_outlasts_a_broker_that_is_away(workers: Workers) -> None:
    async with workers.far() as worker, workers.near() as other:
        taking = asyncio.create_task(worker.jobs.take())
        workers.proxy.refuse()
        await other.jobs.put(ticket(1))
        workers.proxy.restore()
        assert name(await soon(taking)) == "job-1"


def ticket(number: int) -> JobTicket:
    return JobTicket("account", f"job-{number}")


def name(ticket: JobTicket) -> str:
    return ticket.job_id


async def soon(coming: Awaitable[T]) -> T:
    return await asyncio.wait_for(coming, SOON_S)


async def becomes_ready(connection: RabbitConnection) -> None:
    async with asyncio.timeout(SOON_S):
        while True:
            try:
                return await connection.ready()
            except Unavailable:
                await asyncio.sleep(EVERY_S)
