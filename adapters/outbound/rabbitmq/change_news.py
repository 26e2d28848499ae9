"""News of changed accounts, from each process to all others."""

from collections.abc import Callable

from adapters.outbound.rabbitmq.signal_bus import SignalBus

_KIND = "changed"


class RabbitChangeNews:
    def __init__(self, bus: SignalBus) -> None:
        self._bus = bus

    def spread(self, account_id: str) -> None:
        self._bus.send(_KIND, {"account_id": account_id})

    def on_change(self, callback: Callable[[str], None]) -> None:
        """Called with each account that another process has changed."""
        self._bus.on(_KIND, lambda data: callback(str(data.get("account_id", ""))))
