"""Takes what the broker gave up and puts it into quarantine, where people see it."""

import asyncio
import hashlib
import logging
import time

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel

from adapters.outbound.rabbitmq.connection import (
    DriverError,
    RabbitConnection,
    close_quietly,
    close_when_cancelled,
    driver_faults,
)
from adapters.outbound.rabbitmq.topology import DEAD
from adapters.outbound.rabbitmq.upload_message import BadMessage, from_message
from application.faults import StoreBroken, StoreClosed, Unavailable
from application.giving_up import given_up
from application.ports.quarantine_shelf import QuarantineShelf
from application.ports.tally import Tally
from domain.quarantine import MAX_PAYLOAD_BYTES, Quarantined

_log = logging.getLogger(__name__)

_AT_ONCE = 10
_PAUSE_S = 1.0

NOBODY = "-"
"""The account of what cannot be read at all: no tenant sees it, those who run the platform do."""


class DeadLetters:
    def __init__(self, connection: RabbitConnection, shelf: QuarantineShelf, tally: Tally) -> None:
        self._connection = connection
        self._shelf = shelf
        self._tally = tally

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            channel = None
            try:
                channel = await self._connection.channel()
                await self._consume(channel)
            except (*DriverError, Unavailable) as error:
                _log.info("dead letters wait: %r", error)
            finally:
                if channel is not None:
                    await close_quietly(channel)
            await asyncio.sleep(_PAUSE_S)

    async def _consume(self, channel: Channel) -> None:
        arrived: asyncio.Queue[DeliveredMessage] = asyncio.Queue()

        async def receive(message: DeliveredMessage) -> None:
            arrived.put_nowait(message)

        close_when_cancelled(channel)
        with driver_faults():
            await channel.basic_qos(prefetch_count=_AT_ONCE)
            await channel.basic_consume(DEAD, receive)
        while True:
            getting = asyncio.create_task(arrived.get())
            await asyncio.wait([getting, channel.closing], return_when=asyncio.FIRST_COMPLETED)
            if not getting.done():
                getting.cancel()
                return
            await self._keep(getting.result(), channel)

    async def _keep(self, message: DeliveredMessage, channel: Channel) -> None:
        assert message.delivery_tag is not None
        try:
            intake = from_message(message.body)
            items = [*given_up(intake.batches), *intake.quarantined]
        except BadMessage as error:
            _log.error("a dead letter cannot be read: %s", error)
            items = [_unreadable(message.body)]
        # It is not given back while the shelf takes nothing: a broker may drop what comes back.
        while not channel.is_closed:
            try:
                await self._shelf.put(items)
                break
            except (StoreClosed, Unavailable) as error:
                _log.error("a dead letter waits: %s", error)
                await asyncio.sleep(_PAUSE_S)
            except StoreBroken as error:
                _log.error("a dead letter stays where it is: %s", error)
                await asyncio.sleep(_PAUSE_S)
                await channel.basic_nack(message.delivery_tag, wait=False)
                return
        else:
            return  # the broker gives it again, on another channel
        self._tally.count("quarantined_batches", "dead_letter", len(items))
        await channel.basic_ack(message.delivery_tag, wait=False)


def _unreadable(body: bytes) -> Quarantined:
    now_ms = time.time_ns() // 1_000_000
    tail = hashlib.blake2b(body, digest_size=6).hexdigest()
    return Quarantined(
        id=f"{now_ms:012x}{tail}",
        account_id=NOBODY,
        device_id=NOBODY,
        received_ms=now_ms,
        source="processing",
        reason="bad_message",
        field="",
        payload=body[:MAX_PAYLOAD_BYTES],
    )
