"""What happens in any process, told to those who look on in another."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakSet

from adapters.outbound.embedded.signals import InProcessLiveFeed
from adapters.outbound.rabbitmq.signal_bus import HELLO, SignalBus
from application.ports.live_feed import LiveEvent

ANNOUNCE_EVERY_S = 10.0
INTEREST_S = 30.0
MAX_INTERESTS = 100_000
_ACCOUNTS_AT_ONCE = 500
_EVENT = "event"
_INTEREST = "interest"

Subscription = AsyncIterator[LiveEvent | None]


class RabbitLiveFeed:
    """Most of what happens interests nobody: others are told the events of an account only while
    one of them has said within `interest_s` that somebody looks at it.
    """

    def __init__(
        self,
        bus: SignalBus,
        local: InProcessLiveFeed,
        announce_every_s: float = ANNOUNCE_EVERY_S,
        interest_s: float = INTEREST_S,
    ) -> None:
        self._bus = bus
        self._local = local
        self._announce_every_s = announce_every_s
        self._interest_s = interest_s
        self._watched: dict[str, WeakSet[Subscription]] = {}
        self._interest_ends_s: dict[str, float] = {}
        self._announcing: asyncio.TimerHandle | None = None
        bus.on(_EVENT, self._hear)
        bus.on(_INTEREST, self._note)
        bus.on(HELLO, lambda _: self._announce())
        bus.on_gap(self._announce)

    def publish(self, event: LiveEvent) -> None:
        self._local.publish(event)
        ends_s = self._interest_ends_s.get(event.account_id)
        if ends_s is None:
            return
        if ends_s < time.monotonic():
            del self._interest_ends_s[event.account_id]
            return
        told = {"account_id": event.account_id, "name": event.name, "data": event.data}
        self._bus.send(_EVENT, told)

    def subscribe(self, account_id: str, idle_s: float) -> Subscription:
        """What other processes tell begins a moment later."""
        subscription = self._local.subscribe(account_id, idle_s)
        self._watched.setdefault(account_id, WeakSet()).add(subscription)
        self._bus.send(_INTEREST, {"accounts": [account_id]})
        if self._announcing is None:
            self._announce_later()
        return subscription

    def close(self) -> None:
        """Ends every subscription in this process."""
        if self._announcing is not None:
            self._announcing.cancel()
        self._local.close()

    def _announce_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._announcing = loop.call_later(self._announce_every_s, self._announce_again)

    def _announce_again(self) -> None:
        self._announce()
        if self._watched:
            self._announce_later()
        else:
            self._announcing = None

    def _announce(self) -> None:
        self._watched = {account: some for account, some in self._watched.items() if some}
        accounts = list(self._watched)
        for first in range(0, len(accounts), _ACCOUNTS_AT_ONCE):
            some = accounts[first : first + _ACCOUNTS_AT_ONCE]
            self._bus.send(_INTEREST, {"accounts": some})

    def _note(self, data: dict[str, Any]) -> None:
        ends_s = time.monotonic() + self._interest_s
        for account_id in data.get("accounts", ())[:_ACCOUNTS_AT_ONCE]:
            self._interest_ends_s.pop(account_id, None)
            if len(self._interest_ends_s) >= MAX_INTERESTS:
                del self._interest_ends_s[next(iter(self._interest_ends_s))]
            self._interest_ends_s[str(account_id)] = ends_s

    def _hear(self, data: dict[str, Any]) -> None:
        account_id, name = str(data.get("account_id", "")), str(data.get("name", ""))
        self._local.publish(LiveEvent(account_id, name, data.get("data", {})))
