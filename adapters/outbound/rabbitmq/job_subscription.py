"""The queue of jobs as one worker reads it: a message at a time, on a channel of its own."""

import asyncio
import logging

import attrs
from aiormq.abc import AbstractChannel, DeliveredMessage

from adapters.outbound.rabbitmq.connection import (
    DriverError,
    RabbitConnection,
    close_quietly,
    driver_faults,
)
from adapters.outbound.rabbitmq.job_message import from_message
from adapters.outbound.rabbitmq.topology import JOBS
from adapters.outbound.rabbitmq.upload_message import BadMessage
from application.ports.job_queue import JobTicket

_log = logging.getLogger(__name__)


@attrs.define(eq=False)
class HeldJob:
    """A message that the broker gives to nobody else while its channel lives."""

    channel: AbstractChannel
    tag: int
    ticket: JobTicket
    more_s: float
    acknowledged: bool = False

    @property
    def lost(self) -> bool:
        """The broker gives it to somebody, or has done so."""
        return self.channel.is_closed

    async def acknowledge(self) -> None:
        """Forgotten by the broker, unless the connection is lost just now."""
        if not self.lost and not self.acknowledged:
            self.acknowledged = True
            try:
                await self.channel.basic_ack(self.tag, wait=False)
            except DriverError as error:
                _log.info("an acknowledgement is lost; the job will come again: %r", error)


class JobSubscription:
    """Made with `subscribed`. It gives the next message when the one before is acknowledged."""

    def __init__(self, channel: AbstractChannel) -> None:
        self._channel = channel
        self._arrived: asyncio.Queue[DeliveredMessage | None] = asyncio.Queue()

    @classmethod
    async def subscribed(cls, connection: RabbitConnection) -> "JobSubscription":
        """Raises Unavailable."""
        channel = await connection.channel()
        subscription = cls(channel)
        try:
            with driver_faults():
                await subscription._subscribe()
        except BaseException:
            await close_quietly(channel)
            raise
        return subscription

    async def next(self) -> HeldJob | None:
        """None when there will be nothing more: the channel is gone."""
        while message := await self._arrived.get():
            tag = message.delivery_tag
            assert tag is not None, "what is delivered has a tag"
            try:
                ticket, more_s = from_message(message.body)
            except BadMessage as error:
                _log.error("a job cannot be read: %s", error)
                with driver_faults():
                    await self._channel.basic_reject(tag, requeue=False, wait=False)
                continue
            return HeldJob(self._channel, tag, ticket, more_s)
        return None

    async def close(self) -> None:
        """What is not acknowledged goes back."""
        await close_quietly(self._channel)

    async def _subscribe(self) -> None:
        self._channel.closing.add_done_callback(lambda _: self._arrived.put_nowait(None))
        self._channel.on_consumer_cancel_callbacks.add(lambda _: self._arrived.put_nowait(None))
        await self._channel.basic_qos(prefetch_count=1)
        await self._channel.basic_consume(JOBS, self._receive)

    async def _receive(self, message: DeliveredMessage) -> None:
        self._arrived.put_nowait(message)
