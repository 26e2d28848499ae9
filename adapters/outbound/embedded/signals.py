"""Signals within one process: the live feed, the bells of waiting agents, news of changes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from weakref import WeakSet

from application.ports.live_feed import LiveEvent

_MAX_UNREAD = 1_000
_MAX_RUNG = 100_000


class _Subscription:
    """The events of an account since it was made. Who holds it no more has ended it."""

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._unread: asyncio.Queue[LiveEvent | None] = asyncio.Queue(_MAX_UNREAD)
        self._closed = False

    def __aiter__(self) -> "_Subscription":
        return self

    async def __anext__(self) -> LiveEvent | None:
        if not self._closed:
            try:
                event = await asyncio.wait_for(self._unread.get(), self._idle_s)
            except TimeoutError:
                event = None
            if not self._closed:
                return event
        raise StopAsyncIteration

    def tell(self, event: LiveEvent | None) -> None:
        if self._unread.full():
            self._unread.get_nowait()
        self._unread.put_nowait(event)

    def close(self) -> None:
        self._closed = True
        self.tell(None)


class InProcessLiveFeed:
    def __init__(self) -> None:
        self._subscriptions: dict[str, WeakSet[_Subscription]] = {}
        self._closed = False

    def publish(self, event: LiveEvent) -> None:
        subscriptions = self._subscriptions.get(event.account_id)
        if subscriptions is None:
            return
        for subscription in subscriptions:
            subscription.tell(event)
        if not subscriptions:
            del self._subscriptions[event.account_id]

    def subscribe(self, account_id: str, idle_s: float) -> AsyncIterator[LiveEvent | None]:
        subscription = _Subscription(idle_s)
        self._subscriptions.setdefault(account_id, WeakSet()).add(subscription)
        if self._closed:
            subscription.close()
        return subscription

    def close(self) -> None:
        """Ends every subscription."""
        self._closed = True
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.close()


class InProcessChangeNews:
    """There is nobody else to tell."""

    def spread(self, account_id: str) -> None:
        pass


class InProcessDeviceBell:
    """Remembers a ring that nobody waited for, so that none falls between look and wait."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._listening: dict[str, tuple[Callable[[], None], ...]] = {}
        self._rung: dict[str, None] = {}
        self._count = 0
        self._closed = False

    def ring(self, device_id: str) -> None:
        for wake in self._listening.get(device_id, ()):
            wake()
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

    def listen(self, device_id: str, wake: Callable[[], None]) -> Callable[[], None]:
        self._listening[device_id] = (*self._listening.get(device_id, ()), wake)
        return partial(self._stop_listening, device_id, wake)

    def _stop_listening(self, device_id: str, wake: Callable[[], None]) -> None:
        others = list(self._listening.get(device_id, ()))
        if wake in others:
            others.remove(wake)
        if others:
            self._listening[device_id] = tuple(others)
        else:
            self._listening.pop(device_id, None)

    def waiting(self) -> int:
        return self._count

    def close(self) -> None:
        """Wakes everybody, and who comes later does not wait: no call holds up the end."""
        self._closed = True
        for waiting in self._waiting.values():
            for future in waiting:
                if not future.done():
                    future.set_result(None)
