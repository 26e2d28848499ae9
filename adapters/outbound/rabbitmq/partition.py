"""One partition of the observation queues, as a worker consumes it: both lanes, on one channel."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

import attrs
from aiormq.abc import AbstractChannel, DeliveredMessage

from adapters.outbound.rabbitmq.connection import (
    DriverError,
    RabbitConnection,
    close_quietly,
    close_when_cancelled,
    driver_faults,
)
from adapters.outbound.rabbitmq.topology import queue_name
from adapters.outbound.rabbitmq.upload_message import BadMessage, from_message
from application.faults import Unavailable
from application.ports.intake_queue import Intake
from domain.batch import Batch, Lane

_log = logging.getLogger(__name__)

_PAUSE_S = 0.5
_DELIVERIES = "x-delivery-count"


@attrs.define(eq=False)
class Delivery:
    """A message that a worker has. `returned` counts how often it was given and came back."""

    partition: "Partition"
    channel: AbstractChannel
    tag: int
    intake: Intake
    returned: int
    waiting: deque[Batch]
    unfinished: int

    @property
    def lost(self) -> bool:
        """Its channel is gone: the broker gives it to somebody else."""
        return self.channel is not self.partition.channel

    async def acknowledge(self) -> None:
        if not self.lost:
            try:
                await self.channel.basic_ack(self.tag, wait=False)
            except DriverError as error:
                _log.info("an acknowledgement is lost; it will come again: %r", error)


class Partition:
    """Subscribed from `start` to `close`. `arrived` is called when there is something to take.
    `active` tells that messages have come here since it is in line for them.
    """

    def __init__(
        self, number: int, connection: RabbitConnection, arrived: Callable[[], None]
    ) -> None:
        self.number = number
        self.channel: AbstractChannel | None = None
        self.lanes: dict[Lane, deque[Delivery]] = {lane: deque() for lane in Lane}
        self.taken: set[Delivery] = set()
        self.leaving = False
        self.active = False
        self._connection = connection
        self._arrived = arrived
        self._subscribed = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def start(self) -> None:
        """Returns when it is subscribed. Raises Unavailable."""
        self._keeping = asyncio.create_task(self._keep())
        try:
            async with asyncio.timeout(self._connection.settings.connect_timeout_s):
                await self._subscribed.wait()
        except TimeoutError:
            raise Unavailable("RabbitMQ does not give what waits") from None

    async def close(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    def buffered(self) -> int:
        return sum(map(len, self.lanes.values()))

    def next(self, lane: Lane) -> Delivery | None:
        """What may be taken. Of a partition that is being handed over no other message is begun."""
        waiting = self.lanes[lane]
        if waiting and (not self.leaving or waiting[0] in self.taken):
            return waiting[0]
        return None

    def take(self, delivery: Delivery) -> None:
        self.taken.add(delivery)
        self._idle.clear()

    def done(self, delivery: Delivery) -> None:
        self.taken.discard(delivery)
        if not self.taken:
            self._idle.set()

    async def hand_over(self, within_s: float) -> None:
        """To the next in line: what is being processed is finished, the rest goes back in order."""
        self.leaving = True
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            _log.warning("partition %d is handed over in the middle of its work", self.number)
        finally:
            self.leaving = False
        channel = self.channel
        self._forget()
        if channel is not None:
            await close_quietly(channel)

    async def _keep(self) -> None:
        while True:
            channel = None
            try:
                channel = await self._connection.channel()
                with driver_faults():
                    await self._subscribe(channel)
                self._subscribed.set()
                await asyncio.wait([channel.closing])
            except Unavailable as error:
                _log.info("partition %d waits: %r", self.number, error)
                await asyncio.sleep(_PAUSE_S)
            finally:
                self._forget()
                if channel is not None:
                    await close_quietly(channel)

    async def _subscribe(self, channel: AbstractChannel) -> None:
        close_when_cancelled(channel)
        await channel.basic_qos(prefetch_count=self._connection.settings.prefetch)
        self.channel = channel
        for lane in Lane:

            async def receive(message: DeliveredMessage, lane: Lane = lane) -> None:
                await self._receive(lane, channel, message)

            await channel.basic_consume(queue_name(lane, self.number), receive)

    async def _receive(
        self, lane: Lane, channel: AbstractChannel, message: DeliveredMessage
    ) -> None:
        tag = message.delivery_tag
        if tag is None or channel is not self.channel:
            return
        self.active = True
        try:
            intake = from_message(message.body)
        except BadMessage as error:
            _log.error("a message cannot be read: %s", error)
            await channel.basic_nack(tag, requeue=False, wait=False)
            return
        headers = message.header.properties.headers or {}
        returned = headers.get(_DELIVERIES, 0)
        waiting = deque(intake.batches)
        delivery = Delivery(
            self,
            channel,
            tag,
            intake,
            returned if isinstance(returned, int) else 0,
            waiting,
            len(waiting),
        )
        self.lanes[lane].append(delivery)
        self._arrived()

    def _forget(self) -> None:
        """The broker gives it all to somebody else, or to us again."""
        self.channel = None
        self.active = False
        for lane in self.lanes.values():
            lane.clear()
        self.taken.clear()
        self._idle.set()
