"""A channel that is opened and set up again whenever it, or the connection, is lost."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from aiormq.abc import AbstractChannel

from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.faults import translated, unavailable
from application.faults import StoreBroken, Unavailable

_log = logging.getLogger(__name__)

_SET_UP_S = 10.0
_CLOSE_S = 2.0
_PAUSES_S = (0.02, 0.1, 0.5, 1.0, 2.0)


async def _nothing(channel: AbstractChannel) -> None:
    """A channel that needs no setting up."""


class KeptChannel:
    """`set_up` may raise what the driver raises; then it is tried again on a new channel. `lost`
    is called for each channel that `set_up` was called for, when it is gone.
    """

    def __init__(
        self,
        connection: RabbitConnection,
        what: str,
        set_up: Callable[[AbstractChannel], Awaitable[None]] = _nothing,
        lost: Callable[[], None] = lambda: None,
        *,
        confirms: bool = False,
    ) -> None:
        self._connection = connection
        self._what = what
        self._set_up = set_up
        self._lost = lost
        self._confirms = confirms
        self._up = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self.current: AbstractChannel | None = None

    def open(self) -> None:
        """Does nothing where it is open."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Returns when the channel is closed; may be opened again."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def within(self, patience_s: float) -> AbstractChannel:
        """The channel. Raises Unavailable when there is none in time."""
        try:
            async with asyncio.timeout(patience_s):
                while self.current is None:
                    await self._up.wait()
        except TimeoutError:
            raise unavailable(f"{self._what}: there is no connection") from None
        return self.current

    async def _keep(self) -> None:
        tries = 0
        while True:
            connection = await self._connection.live()
            channel: AbstractChannel | None = None
            try:
                with translated(self._what):
                    async with asyncio.timeout(_SET_UP_S):
                        channel = await connection.channel(publisher_confirms=self._confirms)
                        await self._set_up(channel)
                self.current = channel
                self._up.set()
                tries = 0
                await asyncio.wait({channel.closing})
            except (Unavailable, StoreBroken) as fault:
                _log.warning("%s", fault)
                tries += 1
            finally:
                self.current = None
                self._up.clear()
                if channel is not None:
                    self._lost()
                    await _closed(channel)
            pause_s = _PAUSES_S[min(tries, len(_PAUSES_S) - 1)]
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))


async def _closed(channel: AbstractChannel) -> None:
    if not channel.is_closed:
        await asyncio.wait({asyncio.ensure_future(channel.close())}, timeout=_CLOSE_S)
