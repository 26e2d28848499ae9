"""Uploads as a worker has them, on a table and without a queue or configuration."""

import json
from typing import Any

import attrs

from adapters.outbound.dynamodb.stores import DynamoStores
from adapters.outbound.native_codec import NativeBlockCodec
from application.judging import judge_batches
from benchmarks.judged_device import briefing
from domain.batch import Batch
from domain.kinds import Kind


class CountingTally:
    """Capacity units by event, all uses together."""

    def __init__(self) -> None:
        self.counts: dict[str, float] = {}

    def count(self, event: str, reason: str = "", amount: float = 1) -> None:
        self.counts[event] = self.counts.get(event, 0.0) + amount

    def units(self, event: str) -> float:
        """Since the last time that they were asked for."""
        return self.counts.pop(event, 0.0)


@attrs.define
class JudgedUploads:
    """Uploads to one table, and all that is counted of it."""

    stores: DynamoStores
    tally: CountingTally
    codec: NativeBlockCodec
    sequence: int = 0

    async def upload(self, device: str, *batches: tuple[Kind, list[dict[str, Any]]]) -> None:
        """Judged and applied as a worker does it."""
        history = (await self.stores.ledger.histories([("a", device)]))[device]
        made = [self._batch(device, kind, rows) for kind, rows in batches]
        now_ms = max(batch.received_ms for batch in made)
        effects = judge_batches(self.codec, briefing(device), history, made, now_ms)
        assert await self.stores.ledger.apply([effects]) == [True]
        await self.stores.blocks.merge_small(16)

    def _batch(self, device: str, kind: Kind, rows: list[dict[str, Any]]) -> Batch:
        self.sequence += 1
        made = self.codec.encode_json(kind, json.dumps(rows).encode(), 0, 2**53, foreign=False)
        received_ms = made.last_ms + 1_000
        return Batch(
            "a",
            device,
            kind,
            str(self.sequence),
            made.block,
            made.count,
            made.first_ms,
            made.last_ms,
            received_ms,
        )
