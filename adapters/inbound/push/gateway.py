"""What all push connections share: their bounds, one clock for their deadlines, and the drain."""

import asyncio
import logging
import random
from collections.abc import Coroutine
from itertools import islice
from math import ceil
from typing import Any

from adapters.inbound.push.services import PushLimits, PushServices
from adapters.inbound.push.session import Session
from adapters.inbound.push.wire import Wire
from application.device_directory import DeviceAccess

_log = logging.getLogger(__name__)

_SWEEP_S = 1.0
_CROWD = 50
"""As many agents a second may come back after a drain."""

_MAX_SPREAD_S = 30
_FULL_RETRY_S = 60
_READ_BYTES = 256 * 1024
"""The most that a stream hands over at a time."""


class Gateway:
    """`open` before use, in the loop; then `admitted` makes sessions for new streams."""

    def __init__(self, services: PushServices, limits: PushLimits) -> None:
        self.services = services
        self.limits = limits
        self.looks = asyncio.Semaphore(limits.max_looks)
        self.bytes_under_way = 0
        self._sessions: set[Session] = set()
        self._by_device: dict[str, tuple[Session, ...]] = {}
        self._waiting: dict[Session, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False
        self._wires = 0
        self._empty = asyncio.Event()
        self._sweeping: asyncio.TimerHandle | None = None
        self._swept = 0

    # The life of a connection.

    def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._sweeping = self._loop.call_later(_SWEEP_S, self._sweep)

    def connections(self) -> int:
        """Streams that are open now."""
        return self._wires

    def admitted(self, wire: Wire) -> Session:
        """The session of a new stream; one that is closed again at once when there is no room."""
        self._wires += 1
        self._empty.clear()
        session = Session(self, wire)
        self._sessions.add(session)
        self.services.tally.count("push_connections_opened")
        if self._draining:
            session.close("unavailable", self._spread_s(), "the server stops")
        elif len(self._sessions) > self.limits.max_connections:
            retry_after_s = random.randint(1, _FULL_RETRY_S)
            session.close("unavailable", retry_after_s, "there are too many connections")
        return session

    def let_in(self, session: Session) -> None:
        """A device is known to be at the other end. Of too many of one device, the oldest goes:
        a phone that changes networks leaves streams behind that only look alive.
        """
        others = self._by_device.get(session.device_id, ())
        self._by_device[session.device_id] = (*others, session)
        if len(others) >= self.limits.max_connections_of_device:
            others[0].close("unavailable", 0, "the device has too many connections")

    def ended(self, session: Session) -> None:
        """Nothing is told to it any more; its stream may take a moment longer."""
        self._sessions.discard(session)
        self._waiting.pop(session, None)
        self.services.tally.count("push_connections_closed", session.ended)
        others = tuple(o for o in self._by_device.get(session.device_id, ()) if o is not session)
        if others:
            self._by_device[session.device_id] = others
        else:
            self._by_device.pop(session.device_id, None)

    def lost(self, session: Session) -> None:
        """Its stream is no more."""
        session.lost()
        self._wires -= 1
        if self._wires == 0:
            self._empty.set()

    # What sessions ask.

    def now_ms(self) -> int:
        """Of a clock that never goes back."""
        return int(self._loop.time() * 1000)

    def remembered(self, digest: str) -> DeviceAccess | None:
        return self.services.directory.remembered(digest)

    async def access(self, digest: str) -> DeviceAccess | None:
        """Asked anew for everything that is delivered, so that who is revoked is out at once."""
        directory = self.services.directory
        return directory.remembered(digest) or await directory.access(digest)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def is_full(self, session: Session) -> bool:
        """True when there is no room for more of anybody; the session is called when there is."""
        if self.bytes_under_way < self.limits.max_bytes:
            return False
        self._waiting[session] = None
        return True

    def make_room(self) -> None:
        """Something became durable: who waits longest reads first."""
        room = max(0, self.limits.max_bytes - self.bytes_under_way)
        for session in list(islice(self._waiting, ceil(room / _READ_BYTES))):
            del self._waiting[session]
            session.settle_reading()

    # The end.

    async def drain(self, within_s: float) -> None:
        """Every agent is told to come again; receipts that are due are sent. Agents that take
        longer than `within_s` are cut off: what they delivered is kept all the same.
        """
        self._draining = True
        spread_s = self._spread_s
        for session in list(self._sessions):
            session.go_away(spread_s(), "the server stops")
        try:
            if self._wires:
                async with asyncio.timeout(within_s):
                    await self._empty.wait()
        except TimeoutError:
            _log.info("%d push connections are cut off", self._wires)
        for session in list(self._sessions):
            session.abort()
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)

    def _spread_s(self) -> int:
        """After how long an agent shall come again: chance, the longer the more there are."""
        return random.randint(1, min(_MAX_SPREAD_S, max(2, self._wires // _CROWD)))

    def _sweep(self) -> None:
        """One timer for the deadlines of all."""
        self._sweeping = self._loop.call_later(_SWEEP_S, self._sweep)
        self._swept += 1
        refresh = self._swept % max(1, round(self.limits.refresh_s / _SWEEP_S)) == 0
        now_ms = self.now_ms()
        for session in list(self._sessions):
            session.sweep(now_ms)
            if refresh:
                session.refresh()
        self.make_room()
