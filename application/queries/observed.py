"""What the devices of a person saw in a range of time, and answers that follow from it."""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import attrs

from application.ports.block_codec import BlockCodec, Columns
from application.ports.block_store import BlockStore
from application.ports.clock import Clock
from application.ports.day_cache import DayCache
from domain.kinds import Kind


@attrs.frozen
class Observed:
    """Blocks by device and kind of [from_ms, to_ms); they may reach beyond it."""

    blocks: Mapping[str, Mapping[Kind, Sequence[bytes]]]
    from_ms: int
    to_ms: int

    def columns(self, codec: BlockCodec) -> dict[str, dict[Kind, Columns]]:
        """The observations in the range; nothing of a kind of which there are none."""
        return {
            device_id: {
                kind: codec.merged_columns(some, self.from_ms, self.to_ms)
                for kind, some in kinds.items()
                if some
            }
            for device_id, kinds in self.blocks.items()
        }

    def version(self) -> str:
        """Of the content: another one as soon as an observation is added, changed or erased."""
        digest = blake2b(digest_size=16)
        for device_id, kinds in self.blocks.items():
            digest.update(f"\n{device_id}".encode())
            for kind, some in kinds.items():
                digest.update(f"\n{kind} {[len(block) for block in some]}".encode())
                for block in some:
                    digest.update(block)
        return digest.hexdigest()


@attrs.frozen
class ObservedDays:
    """Reads what was observed, and keeps answers about what is over.

    An answer is kept under the content of the blocks that it follows from. Blocks are small and
    quickly read; decoding and consolidating them is what takes time. So late data, erasure and
    retention are seen at once, and nobody has to tell the cache of them.
    """

    blocks: BlockStore
    codec: BlockCodec
    cache: DayCache
    clock: Clock

    async def read(
        self,
        account_id: str,
        device_ids: Sequence[str],
        kinds: Sequence[Kind],
        from_ms: int,
        to_ms: int,
    ) -> Observed:
        found = {
            device_id: await self.blocks.blocks_of_kinds(
                account_id, device_id, kinds, from_ms, to_ms
            )
            for device_id in device_ids
        }
        return Observed(found, from_ms, to_ms)

    def answer(
        self,
        observed: Observed,
        closed_at_ms: int,
        follows_from: tuple[object, ...],
        work_out: Callable[[Mapping[str, Mapping[Kind, Columns]], int], Any],
    ) -> Any:
        """What `work_out` makes of the columns and the time of day, as JSON and back.

        `follows_from` is all that the answer depends on besides: whose it is, which day it is
        about, names. The time must not matter once it is `closed_at_ms`.
        """
        now_ms = self.clock.now_ms()
        if now_ms < closed_at_ms:
            return work_out(observed.columns(self.codec), now_ms)
        key = f"{follows_from!r} {observed.version()}"
        known = self.cache.recall(key)
        if known is None:
            found = work_out(observed.columns(self.codec), now_ms)
            known = json.dumps(found, separators=(",", ":")).encode()
            self.cache.remember(key, known)
        return json.loads(known)
