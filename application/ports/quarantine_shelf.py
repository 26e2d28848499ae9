"""What was not understood, as people look at it. Intake puts it there with the batch."""

from typing import Protocol

from application.paging import Page
from domain.quarantine import Quarantined


class QuarantineShelf(Protocol):
    async def page(self, account_id: str, cursor: str | None, limit: int) -> Page[Quarantined]:
        """Newest first."""
        ...
