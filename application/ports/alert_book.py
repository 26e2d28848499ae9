"""The alerts that were raised."""

from typing import Protocol

from application.paging import Page
from domain.alert import Alert, AlertState


class AlertBook(Protocol):
    async def alerts(
        self, account_id: str, state: AlertState | None, cursor: str | None, limit: int
    ) -> Page[Alert]:
        """Newest first by the time at which they occurred."""
        ...

    async def get(self, account_id: str, alert_id: str) -> Alert | None: ...

    async def acknowledge(
        self, account_id: str, alert_id: str, by: str, now_ms: int
    ) -> Alert | None:
        """Acknowledged once: later calls change nothing. None when there is none."""
        ...
