"""The bells of all processes: an agent waits at one of them, and any may ring."""

from collections.abc import Callable
from typing import Any

from adapters.outbound.embedded.signals import InProcessDeviceBell
from adapters.outbound.rabbitmq.signal_bus import SignalBus

_KIND = "ring"


class RabbitDeviceBell:
    """Each process remembers a ring that nobody waited for: the agent may come to any of them."""

    def __init__(self, bus: SignalBus, local: InProcessDeviceBell) -> None:
        self._bus = bus
        self._local = local
        bus.on(_KIND, self._hear)

    def ring(self, device_id: str) -> None:
        self._local.ring(device_id)
        self._bus.send(_KIND, {"device_id": device_id})

    async def wait(self, device_id: str, timeout_s: float) -> bool:
        return await self._local.wait(device_id, timeout_s)

    def listen(self, device_id: str, wake: Callable[[], None]) -> Callable[[], None]:
        return self._local.listen(device_id, wake)

    def waiting(self) -> int:
        """In this process."""
        return self._local.waiting()

    def close(self) -> None:
        """Wakes everybody in this process, and who comes later does not wait."""
        self._local.close()

    def _hear(self, data: dict[str, Any]) -> None:
        self._local.ring(str(data.get("device_id", "")))
