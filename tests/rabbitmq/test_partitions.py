"""Messages that come back, that end whoever takes them, and that nobody can read."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs
import pytest

from adapters.outbound.embedded.quarantine_shelf import SqliteQuarantineShelf
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.dead_letters import NOBODY, DeadLetters
from adapters.outbound.rabbitmq.intake_queue import MAX_TRIES, SUSPECT_AFTER, RabbitIntakeQueue
from adapters.outbound.rabbitmq.publisher import RabbitPublisher
from adapters.outbound.rabbitmq.topology import DEAD, OBSERVATIONS, declare, queue_name
from adapters.outbound.rabbitmq.upload_message import to_message
from application.faults import Unavailable
from application.giving_up import given_up
from application.ports.intake_queue import Intake
from domain.batch import Batch, Lane
from domain.quarantine import Quarantined
from tests.contracts.builders import ACCOUNT, batch, quarantined
from tests.rabbitmq.workers import EVERY_S, SOON_S, Broker, Tries, device_of, taken
from tests.support.distributed import rabbit_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import VirtualHost

pytestmark = pytest.mark.anyio

PARTITIONS = 2
DEVICES = [device_of(partition, PARTITIONS) for partition in range(PARTITIONS)]
POISON = "3"


@pytest.fixture
def broker(virtual_host: VirtualHost, shelf: SqliteQuarantineShelf) -> Broker:
    return Broker(rabbit_settings(virtual_host, partitions=PARTITIONS), shelf)


async def accept(broker: Broker, *batches: Batch) -> None:
    """Each as an upload of its own."""
    async with broker.queue() as queue:
        for one in batches:
            await queue.accept(Intake([one]))


async def come_back(broker: Broker, connection: RabbitConnection, count: int, times: int) -> None:
    """As many messages are given to workers that go, one after the other."""
    for _ in range(times):
        async with broker.queue(consumes=True) as worker:
            assert len(await taken(worker, count)) == count
        await until_waiting(broker, connection, count)


async def until_waiting(broker: Broker, connection: RabbitConnection, count: int) -> None:
    async with asyncio.timeout(SOON_S):
        while await broker.waiting(connection) != count:
            await asyncio.sleep(EVERY_S)


async def kept_aside(broker: Broker, account: str = ACCOUNT) -> list[Quarantined]:
    return list((await broker.shelf.page(account, None, 100)).items)


async def test_a_message_that_came_back_is_given_by_itself(broker: Broker) -> None:
    batches = [batch(n, device=DEVICES[0]) for n in range(4)]
    async with broker.declared() as connection:
        await accept(broker, *batches)
        await come_back(broker, connection, 4, SUSPECT_AFTER)
        await accept(broker, batch("new", device=DEVICES[0]))
        async with broker.queue(consumes=True) as worker:
            await until_waiting(broker, connection, 0)
            rounds = []
            for _ in range(5):
                some = await taken(worker, 1)
                rounds.append([one.identity for one in some])
                await worker.finish(some)
            assert rounds == [["0"], ["1"], ["2"], ["3"], ["new"]]
        await until_waiting(broker, connection, 0)
    assert set(broker.tries.counted.values()) == {1}, "the new one was not counted"
    assert len(broker.tries.counted) == 4


async def test_once_is_no_suspicion(broker: Broker) -> None:
    async with broker.declared() as connection:
        await accept(broker, *(batch(n, device=DEVICES[0]) for n in range(4)))
        await come_back(broker, connection, 4, SUSPECT_AFTER - 1)
        async with broker.queue(consumes=True) as worker:
            await until_waiting(broker, connection, 0)
            some = await worker.take(10)
            assert [one.identity for one in some] == ["0", "1", "2", "3"]
            await worker.finish(some)
    assert broker.tries.counted == Counter()


async def test_what_ends_whoever_takes_it_is_put_aside_and_its_neighbours_are_not(
    broker: Broker,
) -> None:
    batches = [batch(n, device=device) for n in range(6) for device in DEVICES]
    finished: Counter[tuple[str, str]] = Counter()
    ended = 0

    async def work(queue: RabbitIntakeQueue) -> bool:
        """Until everything is done, or it has met what ends it."""
        while await broker.waiting(connection) or queue.depth():
            try:
                async with asyncio.timeout(0.5):
                    some = await queue.take(10)
            except TimeoutError:
                continue
            if any((one.device_id, one.identity) == (DEVICES[0], POISON) for one in some):
                return False
            await queue.finish(some)
            finished.update((one.device_id, one.identity) for one in some)
        return True

    async with broker.declared() as connection:
        await accept(broker, *batches)
        async with asyncio.timeout(2 * SOON_S):
            while True:
                async with broker.queue(consumes=True) as worker:
                    if await work(worker):
                        break
                    ended += 1
    wanted = {(one.device_id, one.identity): 1 for one in batches}
    del wanted[DEVICES[0], POISON]
    assert finished == wanted
    (poison,) = (one for one in batches if (one.device_id, one.identity) == (DEVICES[0], POISON))
    assert await kept_aside(broker) == given_up([poison])
    assert ended <= SUSPECT_AFTER + MAX_TRIES
    said = broker.tally.exposition(0).decode()
    assert 'event="quarantined_batches",reason="gave_up"} 1.0' in said


async def test_while_tries_cannot_be_counted_what_waits_is_not_forgotten(broker: Broker) -> None:
    @attrs.define
    class FailingTries(Tries):
        failures: int = 2

        async def __call__(self, name: str) -> int:
            if self.failures:
                self.failures -= 1
                raise Unavailable("no table")
            return await Tries.__call__(self, name)

    async with broker.declared() as connection:
        await accept(broker, batch(1, device=DEVICES[0]))
        await come_back(broker, connection, 1, SUSPECT_AFTER)
        async with attrs.evolve(broker, tries=FailingTries()).queue(consumes=True) as worker:
            for _ in range(2):
                with pytest.raises(Unavailable, match="no table"):
                    await asyncio.wait_for(worker.take(10), SOON_S)
            (one,) = await asyncio.wait_for(worker.take(10), SOON_S)
            assert one.identity == "1"
            await worker.finish([one])


async def test_a_suspect_waits_for_nobody_for_ever(broker: Broker) -> None:
    """Others have something new all the time."""
    async with broker.declared() as connection:
        await accept(broker, batch("old", device=DEVICES[1]))
        await come_back(broker, connection, 1, SUSPECT_AFTER)
        await accept(broker, *(batch(n, device=DEVICES[0]) for n in range(20)))
        async with broker.queue(consumes=True) as worker:
            await until_waiting(broker, connection, 0)
            rounds = []
            for _ in range(6):
                some = await worker.take(1)
                rounds += [one.identity for one in some]
                await worker.finish(some)
            assert "old" in rounds


async def test_an_upload_that_was_begun_is_finished_before_it_is_handed_over(
    broker: Broker,
) -> None:
    async with broker.declared() as connection, broker.queue(consumes=True) as worker:
        upload = Intake([batch(n, device=DEVICES[0]) for n in range(4)])
        await worker.accept(upload)
        await accept(broker, batch("next", device=DEVICES[0]))
        await until_waiting(broker, connection, 0)
        begun = await worker.take(2)
        async with broker.queue(consumes=True) as other:
            handing = asyncio.create_task(worker.hand_over(0))
            await asyncio.sleep(0)
            await worker.finish(begun)
            rest = await asyncio.wait_for(worker.take(10), SOON_S)
            assert [one.identity for one in rest] == ["2", "3"]
            taking = asyncio.create_task(worker.take(10))
            await worker.finish(rest)
            await asyncio.wait_for(handing, SOON_S)
            (following,) = await taken(other, 1)
            assert following.identity == "next"
            await other.finish([following])
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
    assert broker.tries.counted == Counter()


async def test_what_is_lost_while_it_is_processed_is_given_again_and_finished_once(
    broker: Broker,
) -> None:
    with FaultProxy(broker.settings.port) as proxy:
        async with (
            broker.declared() as connection,
            broker.queue(proxy.port, consumes=True) as worker,
        ):
            await accept(broker, batch(1, device=DEVICES[0]))
            first = await taken(worker, 1)
            proxy.cut()
            second = batch(2, device=DEVICES[0])
            await accept(broker, second)
            assert await taken(worker, 1) == [second], "the first is under way here"
            await worker.finish([*first, second])
            await until_waiting(broker, connection, 0)


@asynccontextmanager
async def burying(broker: Broker) -> AsyncIterator[RabbitPublisher]:
    """Dead letters are put into quarantine; what is published says so itself."""
    async with broker.connected() as connection:
        letters = DeadLetters(connection, broker.shelf, broker.tally)
        publisher = RabbitPublisher(connection)
        running = asyncio.create_task(letters.run())
        try:
            yield publisher
            assert not running.done()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await publisher.close()


async def until_kept(broker: Broker, account: str, count: int) -> list[Quarantined]:
    async with asyncio.timeout(SOON_S):
        while len(found := await kept_aside(broker, account)) < count:
            await asyncio.sleep(EVERY_S)
    return found


async def test_a_dead_upload_is_kept_whole(broker: Broker) -> None:
    left_out = quarantined(8)
    upload = Intake([batch(1, left_out=left_out), batch(2)], [quarantined(9)])
    async with broker.declared(), burying(broker) as publisher:
        await publisher.publish(DEAD, "", to_message(upload))
        found = await until_kept(broker, ACCOUNT, 4)
    wanted = [*given_up(upload.batches), quarantined(9)]
    assert sorted(one.id for one in found) == sorted(one.id for one in wanted)
    assert left_out in found


async def test_what_cannot_be_read_is_kept_for_those_who_run_the_platform(broker: Broker) -> None:
    async with broker.declared() as connection, burying(broker) as publisher:
        body = b"\x09what a later version writes"
        await publisher.publish(OBSERVATIONS, queue_name(Lane.LIVE, 0), body)
        await accept(broker, batch(1, device=DEVICES[0]))
        async with broker.queue(consumes=True) as worker:
            some = await taken(worker, 1)
            assert [one.identity for one in some] == ["1"]
            await worker.finish(some)
            (found,) = await until_kept(broker, NOBODY, 1)
        assert (found.reason, found.payload) == ("bad_message", body)
        async with connection.brief_channel() as channel, asyncio.timeout(SOON_S):
            while (await channel.queue_declare(DEAD, passive=True)).message_count:
                await asyncio.sleep(EVERY_S)
    assert await kept_aside(broker) == []


async def test_dead_letters_are_taken_again_after_the_broker_was_away(broker: Broker) -> None:
    with FaultProxy(broker.settings.port) as proxy:
        behind = attrs.evolve(broker, settings=attrs.evolve(broker.settings, port=proxy.port))
        async with broker.declared() as connection, burying(behind):
            publisher = RabbitPublisher(connection)
            for number in range(1, 4):
                proxy.cut()
                await publisher.publish(DEAD, "", to_message(Intake([batch(number)])))
                await until_kept(broker, ACCOUNT, number)
            await publisher.close()


async def test_a_consumer_that_the_broker_takes_away_begins_anew(broker: Broker) -> None:
    async with broker.declared() as connection, broker.queue(consumes=True) as worker:
        await accept(broker, batch("before", device=DEVICES[0]))
        await worker.finish(await taken(worker, 1))
        async with connection.brief_channel() as channel:
            await channel.queue_delete(queue_name(Lane.LIVE, 0))
        await asyncio.sleep(2)  # the broker takes its time to say so
        await declare(connection)
        await accept(broker, batch("after", device=DEVICES[0]))
        (again,) = await taken(worker, 1)
        assert again.identity == "after"
        await worker.finish([again])
