"""The broker dies, hangs, is full or has lost a queue: what was accepted is kept, and told so."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import attrs
import pytest

from adapters.outbound.embedded.quarantine_shelf import SqliteQuarantineShelf
from adapters.outbound.rabbitmq.topology import observation_queues, partition_of, queue_name
from application.faults import Unavailable
from application.paging import Page
from application.ports.intake_queue import Intake
from deploy.local import RabbitMq
from domain.batch import Lane
from domain.quarantine import Quarantined
from tests.contracts.builders import ACCOUNT, DEVICE, batch, quarantined
from tests.rabbitmq.workers import (
    EVERY_S,
    SOON_S,
    Broker,
    accepted_at_last,
    taken,
)
from tests.support.distributed import rabbit_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import VirtualHost
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

AT_ONCE = 20
CONFIRM_S = 0.5
_LATE_S = 1.0  # what a busy machine may add


@pytest.fixture
def broker(virtual_host: VirtualHost, shelf: SqliteQuarantineShelf) -> Broker:
    return Broker(rabbit_settings(virtual_host, partitions=2), shelf)


@attrs.define
class FullShelf:
    """The real shelf, where nothing can be put while it is `full`."""

    shelf: SqliteQuarantineShelf
    full: bool = True

    async def put(self, items: Sequence[Quarantined]) -> None:
        if self.full:
            raise Unavailable("the shelf is full")
        await self.shelf.put(items)

    async def page(self, account_id: str, cursor: str | None, limit: int) -> Page[Quarantined]:
        return await self.shelf.page(account_id, cursor, limit)

    async def get(self, account_id: str, item_id: str) -> Quarantined | None:
        return await self.shelf.get(account_id, item_id)

    async def remove(self, account_id: str, item_id: str) -> None:
        await self.shelf.remove(account_id, item_id)


async def test_a_killed_broker_keeps_what_it_has_confirmed(
    tmp_path: Path, shelf: SqliteQuarantineShelf
) -> None:
    with RabbitMq(tmp_path / "rabbitmq") as server:
        server.create_virtual_host("again")
        settings = rabbit_settings(VirtualHost(server, "again"), partitions=2, depth_every_s=0.05)
        broker = Broker(settings, shelf)
        async with broker.declared(), broker.queue() as web, broker.queue(consumes=True) as worker:
            for name in observation_queues(settings):
                until(partial(server.keeps, "again", name), "the queue is on disk")
            confirmed: list[str] = []
            ending = asyncio.Event()

            async def deliver(device: str) -> None:
                number = 0
                while not ending.is_set():
                    number += 1
                    await accepted_at_last(web, batch(number, device=device))
                    confirmed.append(f"{device}/{number}")

            async with asyncio.TaskGroup() as devices:
                for number in range(AT_ONCE):
                    devices.create_task(deliver(f"device-{number}"))
                for _ in range(2):
                    await more_than(confirmed, 10 * AT_ONCE)
                    server.kill()
                    await asyncio.to_thread(server.start)
                await more_than(confirmed, 10 * AT_ONCE)
                ending.set()
            found: set[str] = set()
            async with asyncio.timeout(SOON_S):
                while not found.issuperset(confirmed):
                    some = await worker.take(100)
                    found |= {f"{one.device_id}/{one.identity}" for one in some}
                    await worker.finish(some)
                while worker.depth() or web.depth():
                    await asyncio.sleep(EVERY_S)


async def test_who_waits_for_a_broker_that_hangs_is_told_in_time(broker: Broker) -> None:
    settings = attrs.evolve(broker.settings, confirm_timeout_s=CONFIRM_S, heartbeat_s=2)
    hasty = attrs.evolve(broker, settings=settings)
    with FaultProxy(settings.port) as proxy:
        async with broker.declared(), hasty.queue(proxy.port) as queue:
            await queue.accept(Intake([batch(1)]))
            proxy.hang()
            async with asyncio.timeout(SOON_S):
                lost = asyncio.Event()
                asked = 0
                # Until the connection is given up, and a little beyond: each is told the same.
                while not lost.is_set():
                    began = time.monotonic()
                    calls = [queue.accept(Intake([batch(f"{asked}-{n}")])) for n in range(5)]
                    answers = await asyncio.gather(*calls, return_exceptions=True)
                    assert {type(one) for one in answers} == {Unavailable}, answers
                    assert time.monotonic() - began < CONFIRM_S + _LATE_S
                    asked += 1
                    if any("cannot be reached" in str(one) for one in answers):
                        lost.set()
                    await asyncio.sleep(EVERY_S)
            assert asked > 1
            proxy.restore()
            await accepted_at_last(queue, batch(2))
        async with broker.queue(consumes=True) as worker, asyncio.timeout(SOON_S):
            found: set[str] = set()
            while not found >= {"1", "2"}:
                found |= {one.identity for one in await worker.take(100)}


async def test_who_has_been_told_unavailable_may_send_it_again(broker: Broker) -> None:
    settings = attrs.evolve(broker.settings, confirm_timeout_s=CONFIRM_S)
    hasty = attrs.evolve(broker, settings=settings)
    with FaultProxy(settings.port) as proxy:
        async with broker.declared(), hasty.queue(proxy.port) as queue:
            await queue.accept(Intake([batch(1)]))
            proxy.hold_replies()
            with pytest.raises(Unavailable):
                await queue.accept(Intake([batch(2)]))
            proxy.cut()
            proxy.restore()
            await accepted_at_last(queue, batch(2))
            assert await queue.accept(Intake([batch(2)])) == [False]
        async with broker.queue(consumes=True) as worker:
            some = await taken(worker, 2)
            assert [one.identity for one in some] == ["1", "2"], "once, whether it came twice"
            await worker.finish(some)


async def test_a_queue_that_is_full_takes_no_more_until_it_is_not(broker: Broker) -> None:
    small = attrs.evolve(broker, settings=attrs.evolve(broker.settings, max_waiting=5))
    async with small.declared() as connection, small.queue() as queue:
        refused = None
        accepted: list[str] = []
        for number in range(50):
            try:
                await queue.accept(Intake([batch(number)]))
            except Unavailable as error:
                refused = error
                break
            accepted.append(str(number))
        assert refused is not None
        assert 5 <= len(accepted) < 50
        assert refused.retry_after_s > 0
        await queue.accept(Intake([batch("late", late=True)]))  # the other lane has room
        async with small.queue(consumes=True) as worker:
            some = await taken(worker, len(accepted) + 1)
            assert [one.identity for one in some] == [*accepted, "late"]
            await worker.finish(some)
            await accepted_at_last(queue, batch("again"))
            again = await taken(worker, 1)
            assert [one.identity for one in again] == ["again"]
            await worker.finish(again)
        assert await small.waiting(connection) == 0


async def test_what_no_queue_takes_is_not_acknowledged(broker: Broker) -> None:
    async with broker.declared() as connection, broker.queue() as queue:
        mine = queue_name(Lane.LIVE, partition_of(DEVICE, broker.settings.partitions))
        async with connection.brief_channel() as channel:
            await channel.queue_delete(mine)
        for _ in range(2):
            with pytest.raises(Unavailable):
                await queue.accept(Intake([batch(1)]))
    async with broker.declared(), broker.queue() as queue:
        assert await queue.accept(Intake([batch(1)])) == [True]


async def test_what_could_not_be_put_aside_is_finished_later(
    broker: Broker, shelf: SqliteQuarantineShelf
) -> None:
    full = FullShelf(shelf)
    other = attrs.evolve(broker, shelf=full)
    async with other.declared() as connection, other.queue(consumes=True) as queue:
        await queue.accept(Intake([batch(1), batch(2)], [quarantined(7)]))
        some = await taken(queue, 2)
        with pytest.raises(Unavailable):
            await queue.finish(some)
        full.full = False
        await queue.finish(some)
        assert (await shelf.page(ACCOUNT, None, 10)).items == [quarantined(7)]
        await queue.close()
        assert await other.waiting(connection) == 0


async def test_a_second_message_of_a_batch_is_finished_with_the_first(broker: Broker) -> None:
    async with (
        broker.declared() as connection,
        broker.queue() as web,
        broker.queue() as gateway,
    ):
        for process in (web, gateway):
            assert await process.accept(Intake([batch(1), batch(2)])) == [True, True]
        async with broker.queue(consumes=True) as worker:
            async with asyncio.timeout(SOON_S):
                while await broker.waiting(connection):
                    await asyncio.sleep(EVERY_S)
            some = await taken(worker, 2)
            assert [one.identity for one in some] == ["1", "2"]
            await web.accept(Intake([batch(3)]))
            (third,) = await taken(worker, 1)
            assert third.identity == "3", "the copies wait for the first"
            await worker.finish([*some, third])
        assert await broker.waiting(connection) == 0


async def more_than(known: list[str], count: int) -> None:
    """So many more than there were."""
    wanted = len(known) + count
    async with asyncio.timeout(SOON_S):
        while len(known) < wanted:
            await asyncio.sleep(EVERY_S)
