"""Signals within one process: the live feed and the bells of waiting agents."""

import asyncio
from collections.abc import AsyncIterator

from application.ports.live_feed import LiveEvent

_MAX_UNREAD = 1_000
_MAX_RUNG = 100_000


class InProcessLiveFeed:
    def __init__(self) -> None:
        self._readers: dict[str, set[asyncio.Queue[LiveEvent | None]]] = {}
        self._closed = False

    def publish(self, event: LiveEvent) -> None:
        for reader in self._readers.get(event.account_id, ()):
            if reader.full():
                reader.get_nowait()
            reader.put_nowait(event)

    async def subscribe(self, account_id: str, idle_s: float) -> AsyncIterator[LiveEvent | None]:
        reader: asyncio.Queue[LiveEvent | None] = asyncio.Queue(_MAX_UNREAD)
        self._readers.setdefault(account_id, set()).add(reader)
        try:
            while not self._closed:
                try:
                    event = await asyncio.wait_for(reader.get(), idle_s)
                except TimeoutError:
                    event = None
                yield event
        finally:
            readers = self._readers[account_id]
            readers.discard(reader)
            if not readers:
                del self._readers[account_id]

    def close(self) -> None:
        """Ends every subscription."""
        self._closed = True
        for readers in self._readers.values():
            for reader in readers:
                if not reader.full():
                    reader.put_nowait(None)


class InProcessDeviceBell:
    """Remembers a ring that nobody waited for, so that none falls between look and wait."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._rung: dict[str, None] = {}
        self._count = 0
        self._closed = False

    def ring(self, device_id: str) -> None:
        waiting = self._waiting.get(device_id)
        if not waiting:
            if len(self._rung) >= _MAX_RUNG:
                del self._rung[next(iter(self._rung))]
            self._rung[device_id] = None
            return
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def wait(self, device_id: str, timeout_s: float) -> bool:
        if self._closed:
            return False
        if device_id in self._rung:
            del self._rung[device_id]
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(device_id, set()).add(future)
        self._count += 1
        try:
            await asyncio.wait_for(future, timeout_s)
        except TimeoutError:
            return False
        finally:
            self._count -= 1
            waiting = self._waiting[device_id]
            waiting.discard(future)
            if not waiting:
                del self._waiting[device_id]
        return True

    def waiting(self) -> int:
        return self._count

    def close(self) -> None:
        """Wakes everybody, and who comes later does not wait: no call holds up the end."""
        self._closed = True
        for waiting in self._waiting.values():
            for future in waiting:
                if not future.done():
                    future.set_result(None)
