"""Reading what was stored."""

from collections.abc import Sequence
from typing import Protocol

from domain.kinds import Kind


class BlockStore(Protocol):
    async def blocks(
        self, account_id: str, device_id: str, kind: Kind, from_ms: int, to_ms: int
    ) -> list[bytes]:
        """All blocks that have observations in [from_ms, to_ms), by their first event time."""
        ...

    async def blocks_of_kinds(
        self, account_id: str, device_id: str, kinds: Sequence[Kind], from_ms: int, to_ms: int
    ) -> dict[Kind, list[bytes]]:
        """The same for several kinds at once."""
        ...

    async def versions(
        self, account_id: str, device_id: str, from_ms: int, to_ms: int
    ) -> dict[int, str]:
        """A version of what each UTC day that [from_ms, to_ms) touches holds, by its start.

        While a day has the same version it holds the same. It may get another one although
        nothing has changed, but does not for ever once later days have observations. A day that
        is left out holds nothing.
        """
        ...

    async def merge_small(self, limit: int) -> int:
        """Put small blocks of a day together, at most `limit` days; how many were."""
        ...
