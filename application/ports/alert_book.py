"""The alerts that were raised."""

from typing import Protocol

import attrs

from domain.alert import Alert, AlertState


@attrs.frozen
class Page[T]:
    """`next_cursor` is None on the last page."""

    items: list[T]
    next_cursor: str | None


class AlertBook(Protocol):
    async def alerts(
        self, account_id: str, state: AlertState | None, cursor: str | None, limit: int
    ) -> "Page[Alert]":
        """Newest first by the time at which they occurred."""
        ...

    async def acknowledge(
        self, account_id: str, alert_id: str, by: str, now_ms: int
    ) -> Alert | None:
        """Acknowledged once: later calls change nothing. None when there is none."""
        ...
