"""Put the small blocks of a day together, so that reading the day costs few reads."""

import attrs

from application.ports.block_store import BlockStore

_AT_ONCE = 16


@attrs.frozen
class MergeBlocks:
    blocks: BlockStore

    async def __call__(self) -> bool:
        """Merge some days; True when there may be more of them."""
        return await self.blocks.merge_small(_AT_ONCE) == _AT_ONCE
