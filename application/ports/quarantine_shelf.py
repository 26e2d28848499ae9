"""What was not understood, as people look at it. Intake puts it there with the batch."""

from collections.abc import Sequence
from typing import Protocol

from application.paging import Page
from domain.quarantine import Quarantined


class QuarantineShelf(Protocol):
    async def put(self, items: Sequence[Quarantined]) -> None:
        """Durable on return. What is there already is left as it is; of too many of a device the
        oldest make room. Raises Unavailable.
        """
        ...

    async def page(self, account_id: str, cursor: str | None, limit: int) -> Page[Quarantined]:
        """Newest first."""
        ...

    async def get(self, account_id: str, item_id: str) -> Quarantined | None: ...

    async def remove(self, account_id: str, item_id: str) -> None:
        """Removing what is not there changes nothing. Raises Unavailable."""
        ...
