"""Wakes an agent's waiting check-in, or its connection, when there is something for it."""

from collections.abc import Callable
from typing import Protocol


class DeviceBell(Protocol):
    def ring(self, device_id: str) -> None: ...

    async def wait(self, device_id: str, timeout_s: float) -> bool:
        """True when the bell rang within the time, also if it rang just before the call."""
        ...

    def listen(self, device_id: str, wake: Callable[[], None]) -> Callable[[], None]:
        """Calls `wake` with every ring from now on, until what is returned is called.

        For connections that last: nothing waits meanwhile, and nothing is counted as waiting.
        `wake` is called in the loop, does not wait, and may end the listening itself.
        """
        ...

    def waiting(self) -> int:
        """How many check-ins wait now."""
        ...
