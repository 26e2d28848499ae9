"""Wakes an agent's waiting check-in when there is something for it."""

from typing import Protocol


class DeviceBell(Protocol):
    def ring(self, device_id: str) -> None: ...

    async def wait(self, device_id: str, timeout_s: float) -> bool:
        """True when the bell rang within the time, also if it rang just before the call."""
        ...

    def waiting(self) -> int:
        """How many check-ins wait now."""
        ...
