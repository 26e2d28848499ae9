"""Jobs that wait for a worker, on RabbitMQ: `docs/queues.md`."""

import asyncio
import itertools
import logging

import attrs

from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.job_message import to_message
from adapters.outbound.rabbitmq.job_subscription import HeldJob, JobSubscription
from adapters.outbound.rabbitmq.publisher import RabbitPublisher
from adapters.outbound.rabbitmq.topology import JOB_DELAYS_S, JOBS, delay_queue
from application.faults import Unavailable
from application.ports.job_queue import JobTicket

_log = logging.getLogger(__name__)

HELD_S = 1_200.0
"""Well before the broker takes away, with its channel, what is not acknowledged for 30 minutes."""

_PAUSE_S = 0.5
_AGAIN_S = 1.0
_REPLACE_AGAIN_S = 30.0


class RabbitJobQueue:
    """`open` before use, after the connection. One worker takes and finishes in turn.

    The broker hands a job out again when its worker's connection ends. A job that takes longer
    than `held_s` goes on while a copy of its message waits in place of the message: at any time
    there is one. Whoever gets the copy sees in the job's state that it is being done, and puts it
    off again. Meanwhile this worker holds nothing that another could do.
    """

    def __init__(self, connection: RabbitConnection, held_s: float = HELD_S) -> None:
        self._connection = connection
        self._held_s = held_s
        self._publisher = RabbitPublisher(connection)
        self._subscription: JobSubscription | None = None
        self._held: HeldJob | None = None
        self._replace_at: asyncio.TimerHandle | None = None
        self._replacing: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)

    async def open(self) -> None:
        """Nothing is subscribed to before somebody takes."""

    async def close(self) -> None:
        """What was taken and is not finished is handed out again."""
        await self._stop_replacing()
        await self._unsubscribe()
        await self._publisher.close()

    async def put(self, ticket: JobTicket, after_s: float = 0.0) -> None:
        """It may be later than `after_s`: there is a queue for each of a few delays."""
        if after_s <= 0:
            await self._publisher.publish("", JOBS, to_message(ticket, 0.0))
            return
        delay_s = next((one for one in JOB_DELAYS_S if one >= after_s), JOB_DELAYS_S[-1])
        message = to_message(ticket, max(after_s - delay_s, 0.0))
        await self._publisher.publish("", delay_queue(delay_s), message)

    async def take(self) -> JobTicket:
        """What was taken before and not finished is handed out again after a moment. Waits, too,
        while there is no connection.
        """
        while True:
            await self._give_back()
            held = self._held = await self._next()
            if held.more_s <= 0:
                self._replace_in(self._held_s, held)
                return held.ticket

    async def finish(self, ticket: JobTicket) -> None:
        held = self._held
        if held is None or held.ticket != ticket:
            return
        self._held = None
        await self._stop_replacing()
        await held.acknowledge()

    async def _next(self) -> HeldJob:
        while True:
            try:
                if self._subscription is None:
                    self._subscription = await JobSubscription.subscribed(self._connection)
                held = await self._subscription.next()
            except Unavailable as error:
                _log.info("jobs wait: %s", error)
                held = None
            if held is not None:
                held.ticket = attrs.evolve(held.ticket, delivery=str(next(self._numbers)))
                return held
            await self._unsubscribe()
            await asyncio.sleep(_PAUSE_S)

    async def _give_back(self) -> None:
        """Returned to the broker it would come again at once, and the broker counts returns."""
        await self._stop_replacing()
        held = self._held
        while held is not None and not held.lost and not held.acknowledged:
            try:
                await self._replace(held, max(held.more_s, _AGAIN_S))
            except Unavailable as error:
                _log.info("jobs wait: %s", error)
                await asyncio.sleep(_PAUSE_S)
        self._held = None

    def _replace_in(self, wait_s: float, held: HeldJob) -> None:
        def begin() -> None:
            self._replacing = asyncio.create_task(self._replace_long(held))

        self._replace_at = asyncio.get_running_loop().call_later(wait_s, begin)

    async def _replace_long(self, held: HeldJob) -> None:
        if held.lost:
            return
        try:
            await self._replace(held, JOB_DELAYS_S[-1])
        except Unavailable as error:
            _log.warning("a job that takes long has no second message yet: %s", error)
            self._replace_in(_REPLACE_AGAIN_S, held)
        else:
            await self._unsubscribe()

    async def _replace(self, held: HeldJob, after_s: float) -> None:
        """In this order: lost in between, there are two, which does no harm. Raises Unavailable."""
        await self.put(held.ticket, after_s)
        await held.acknowledge()

    async def _stop_replacing(self) -> None:
        """What has begun is waited for: half done, it would leave a channel that nobody reads."""
        if self._replacing is not None:
            await asyncio.wait([self._replacing])
            self._replacing = None
        if self._replace_at is not None:
            self._replace_at.cancel()
            self._replace_at = None

    async def _unsubscribe(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            await subscription.close()
