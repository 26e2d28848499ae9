"""Blocks by device and day: what is merged, and what is still in the journal."""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.day_items import Expiry, attribute, blocks_of, named
from adapters.outbound.dynamodb.day_versions import day_versions
from adapters.outbound.dynamodb.items import Item, text
from adapters.outbound.dynamodb.journal import Journal, read_journal
from adapters.outbound.dynamodb.journal_entry import HeldBlock
from adapters.outbound.dynamodb.merging import StrideMerger
from application.ports.clock import Clock
from domain.kinds import Kind


@attrs.frozen
class _Range:
    """What is asked for."""

    kinds: Sequence[Kind]
    from_ms: int
    to_ms: int


class DynamoBlockStore:
    """One query reads the journal and one the days of the range, however many kinds they are of.

    The journal comes first. A stride that is merged in between is left out of the days: what it
    holds was in the journal.
    """

    def __init__(self, client: DynamoClient, merger: StrideMerger, clock: Clock) -> None:
        self._client = client
        self._merger = merger
        self._clock = clock

    async def blocks(
        self, account_id: str, device_id: str, kind: Kind, from_ms: int, to_ms: int
    ) -> list[bytes]:
        return (await self.blocks_of_kinds(account_id, device_id, [kind], from_ms, to_ms))[kind]

    async def blocks_of_kinds(
        self, account_id: str, device_id: str, kinds: Sequence[Kind], from_ms: int, to_ms: int
    ) -> dict[Kind, list[bytes]]:
        asked = _Range(kinds, from_ms, to_ms)
        journal = await read_journal(
            self._client, "read_day", account_id, device_id, with_blocks=True
        )
        held = [block for entry in journal.entries for block in entry.blocks]
        own = {block.own for block in held if block.own}
        items = await self._days(journal, asked, own)
        stored = [block for item in items for kind in kinds for block in blocks_of(item, kind)] + [
            block for block in held if not block.own
        ]
        found = sorted(self._wanted(stored, asked), key=lambda block: block.first_ms)
        return {kind: [block.block for block in found if block.kind is kind] for kind in kinds}

    async def versions(
        self, account_id: str, device_id: str, from_ms: int, to_ms: int
    ) -> dict[int, str]:
        return await day_versions(self._client, self._clock, account_id, device_id, from_ms, to_ms)

    async def merge_small(self, limit: int) -> int:
        return await self._merger.merge_ripe(limit)

    async def _days(self, journal: Journal, asked: _Range, own: set[str]) -> list[Item]:
        """The items of the days that count. `own` are those that the journal names."""
        if not own and not journal.base.merged:
            return []
        first, last = keys.days(asked.from_ms, asked.to_ms)
        if first > last:
            return []
        request: dict[str, Any] = {
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": text(journal.base.partition),
                ":first": text(first),
                ":last": text(last),
            },
            "ProjectionExpression": ", ".join(["sk", "own", *map(attribute, asked.kinds)]),
            "ConsistentRead": bool(own) or not journal.settled(self._clock.now_ms()),
        }
        items = await self._client.query("read_day", request)
        merged = journal.base.merged
        strides = [
            item
            for item in items
            if not keys.is_own(item["sk"]["S"])
            and keys.version_of_day_item(item["sk"]["S"]) <= merged
        ]
        own = own | named(strides)
        return strides + [item for item in items if item["sk"]["S"] in own]

    def _wanted(self, blocks: Iterable[HeldBlock], asked: _Range) -> Iterable[HeldBlock]:
        expiry = Expiry(self._client.settings.retention_days)
        now_ms = self._clock.now_ms()
        for block in blocks:
            if block.first_ms >= asked.to_ms or block.last_ms < asked.from_ms:
                continue
            if not expiry.expired(keys.day_number(block.day_ms), now_ms):
                yield block
