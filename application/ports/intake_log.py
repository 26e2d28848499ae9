"""What intake did, day by day: how much of what each device brought was kept, and why not all."""

from collections.abc import Sequence
from typing import Protocol

from domain.intake_line import IntakeLine


class IntakeLog(Protocol):
    """Every call raises Unavailable; what it changed is durable on return."""

    async def add(self, lines: Sequence[IntakeLine]) -> None:
        """Each to what is there of its device, day and kind. All of them, or none."""
        ...

    async def lines(self, account_id: str, device_id: str, since: str) -> list[IntakeLine]:
        """From that day on, newest day first, and by kind."""
        ...

    async def forget(self, before: str, limit: int) -> int:
        """Of the days before that one, so many lines at most; how many it was."""
        ...
