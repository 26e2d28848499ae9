"""The durable queue between intake and processing, on RabbitMQ: `docs/queues.md`."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from adapters.outbound.rabbitmq.accepted_batches import AcceptedBatches, Key, key_of
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.partition import Delivery, Partition
from adapters.outbound.rabbitmq.publisher import RabbitPublisher
from adapters.outbound.rabbitmq.queue_depth import QueueDepth
from adapters.outbound.rabbitmq.topology import OBSERVATIONS, partition_of, queue_name
from adapters.outbound.rabbitmq.upload_message import owner_of, to_message, upload_name
from application.faults import Unavailable
from application.giving_up import given_up
from application.ports.intake_queue import MAX_ASKED, Intake
from application.ports.quarantine_shelf import QuarantineShelf
from application.ports.tally import Tally
from domain.batch import Batch, Lane
from domain.kinds import Kind
from domain.quarantine import Quarantined

SUSPECT_AFTER = 2
"""A message that came back so often is processed by itself, and its tries are counted."""

MAX_TRIES = 5
_HAND_OVER_S = 10.0

Tries = Callable[[str], Awaitable[int]]
"""Counts a try of what has this name, in a place that outlives the process; how many there are."""


class RabbitIntakeQueue:
    """`open` before use, after the connection. Only a worker `consumes`: one pump takes and
    finishes in turn.
    """

    def __init__(
        self,
        connection: RabbitConnection,
        accepted: AcceptedBatches,
        shelf: QuarantineShelf,
        tries: Tries,
        tally: Tally,
        *,
        consumes: bool,
    ) -> None:
        self._connection = connection
        self._accepted = accepted
        self._shelf = shelf
        self._tries = tries
        self._tally = tally
        self._publisher = RabbitPublisher(connection)
        self._depth = QueueDepth(connection)
        self._arrived = asyncio.Event()
        count = connection.settings.partitions if consumes else 0
        self._partitions = [Partition(n, connection, self._arrived.set) for n in range(count)]
        self._suspects_first = True
        self._out: dict[Key, list[Delivery]] = {}
        self._publishing: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Raises Unavailable."""
        self._depth.start()
        await asyncio.gather(*(partition.start() for partition in self._partitions))

    async def close(self) -> None:
        await asyncio.gather(*(partition.close() for partition in self._partitions))
        if self._publishing:
            await asyncio.wait(self._publishing)
        await self._depth.close()
        await self._publisher.close()

    def holds(self, partition: int) -> bool:
        """Whether its messages come here."""
        return self._partitions[partition].active

    async def hand_over(self, partition: int) -> None:
        """Let another worker have it."""
        await self._partitions[partition].hand_over(_HAND_OVER_S)

    # Intake.

    async def accept(self, intake: Intake) -> list[bool]:
        keys = [key_of(batch) for batch in intake.batches]
        if keys:
            first = intake.batches[0]
            await self._accepted.meet(first.account_id, first.device_id, keys)
        new = [False] * len(keys)
        mine: list[int] = []
        others = []
        for place, key in enumerate(keys):
            if key in self._accepted or key in {keys[one] for one in mine}:
                continue
            other = self._accepted.claim(key)
            if other is not None:
                others.append(other)
                continue
            new[place] = True
            mine.append(place)
        if mine or intake.quarantined:
            # It goes on when the caller goes: what is half sent is whole a moment later.
            publishing = asyncio.create_task(self._publish(intake, mine))
            self._publishing.add(publishing)
            publishing.add_done_callback(self._published)
            await asyncio.shield(publishing)
        for other in others:
            # Somebody else's try; a duplicate is one only when the first is durable.
            if not await asyncio.shield(other):
                raise Unavailable("the same batch could not be kept a moment ago")
        return new

    async def known(
        self, account_id: str, device_id: str, keys: Sequence[tuple[Kind, str]]
    ) -> list[bool]:
        assert len(keys) <= MAX_ASKED, "more keys than one question may have"
        return await self._accepted.known(account_id, device_id, keys)

    def depth(self) -> int:
        """Messages; of those that wait at the broker as many as there were a second ago."""
        here = sum(one.buffered() + len(one.taken) for one in self._partitions)
        return self._depth.waiting + here

    def _published(self, publishing: "asyncio.Task[None]") -> None:
        self._publishing.discard(publishing)
        if not publishing.cancelled():
            publishing.exception()  # the caller has it, unless it has gone

    async def _publish(self, intake: Intake, places: Sequence[int]) -> None:
        batches = [intake.batches[place] for place in places]
        durable = False
        try:
            sends = [
                self._publisher.publish(OBSERVATIONS, self._queue_of(lane, one), to_message(one))
                for lane, one in _by_lane(batches, intake.quarantined)
            ]
            await asyncio.gather(*sends)
            durable = True
        finally:
            self._accepted.settle([key_of(batch) for batch in batches], durable=durable)

    def _queue_of(self, lane: Lane, intake: Intake) -> str:
        _, device_id = owner_of(intake)
        return queue_name(lane, partition_of(device_id, self._connection.settings.partitions))

    # Processing.

    async def take(self, limit: int) -> list[Batch]:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            try:
                # In turns, so that neither waits for ever.
                self._suspects_first = not self._suspects_first
                batches = await self._suspect() if self._suspects_first else []
                batches = batches or self._gathered(limit) or await self._suspect()
            finally:
                if any(one.next(lane) for one in self._partitions for lane in Lane):
                    self._arrived.set()
            if batches:
                return batches

    async def finish(self, batches: Sequence[Batch]) -> None:
        finished: Counter[Delivery] = Counter()
        for batch in batches:
            finished.update(self._out.get(key_of(batch), ()))
        done = [one for one, count in finished.items() if one.unfinished == count]
        await self._keep_remains(done)
        # Only now is anything forgotten: who is told that it failed may try again.
        for batch in batches:
            self._out.pop(key_of(batch), None)
        for delivery, count in finished.items():
            delivery.unfinished -= count
        await self._acknowledge(done)

    def _gathered(self, limit: int) -> list[Batch]:
        """What may be processed together, the live lane first."""
        batches: list[Batch] = []
        for lane in Lane:
            for partition in self._partitions:
                while len(batches) < limit:
                    delivery = partition.next(lane)
                    if delivery is None or _is_suspect(delivery):
                        break
                    batches += self._some(delivery, limit - len(batches))
                    if not delivery.waiting:
                        partition.lanes[lane].popleft()
        return batches

    def _some(self, delivery: Delivery, limit: int) -> list[Batch]:
        """The next batches of a message; one that is being processed already is waited for."""
        delivery.partition.take(delivery)
        batches: list[Batch] = []
        while delivery.waiting and len(batches) < limit:
            batch = delivery.waiting.popleft()
            key = key_of(batch)
            if key in self._out:
                self._out[key].append(delivery)
            else:
                self._out[key] = [delivery]
                batches.append(batch)
        return batches

    async def _suspect(self) -> list[Batch]:
        """The next message that has to be looked at by itself: it came back before, perhaps because
        it ends whoever takes it, or it has nothing to process.
        """
        for lane in Lane:
            for partition in self._partitions:
                delivery = partition.next(lane)
                if delivery is None or not _is_suspect(delivery):
                    continue
                tried = 0
                if delivery.intake.batches:
                    tried = await self._tries(upload_name(delivery.intake))
                gives_up = tried > MAX_TRIES
                if gives_up or not delivery.intake.batches:
                    items = given_up(delivery.intake.batches) if gives_up else ()
                    await self._keep_remains([delivery], items)
                if delivery.lost:
                    continue
                partition.lanes[lane].popleft()
                if delivery.intake.batches and not gives_up:
                    return self._some(delivery, len(delivery.waiting))
                if gives_up:
                    self._tally.count("quarantined_batches", "gave_up", len(delivery.waiting))
                partition.take(delivery)
                await self._acknowledge([delivery])
        return []

    async def _keep_remains(
        self, done: Sequence[Delivery], more: Sequence[Quarantined] = ()
    ) -> None:
        """Raises Unavailable; it may be done again."""
        items = [*more, *(item for delivery in done for item in delivery.intake.quarantined)]
        if items:
            await self._shelf.put(items)

    async def _acknowledge(self, done: Sequence[Delivery]) -> None:
        for delivery in done:
            delivery.partition.done(delivery)
            await delivery.acknowledge()


def _is_suspect(delivery: Delivery) -> bool:
    """It has to be looked at by itself: it came back before, or it has nothing to process."""
    return delivery.returned >= SUSPECT_AFTER or not delivery.intake.batches


def _by_lane(
    batches: Sequence[Batch], quarantined: Sequence[Quarantined]
) -> list[tuple[Lane, Intake]]:
    """One message for each lane; what was not understood goes with the first of them."""
    found = []
    remains = quarantined
    for lane in Lane:
        some = [batch for batch in batches if batch.lane is lane]
        if some or (remains and lane is Lane.BACKLOG):
            found.append((lane, Intake(some, remains)))
            remains = ()
    return found
