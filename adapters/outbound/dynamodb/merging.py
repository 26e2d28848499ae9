"""Putting a stride of a journal's entries into the items of their days, and into the base."""

import attrs

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.closed_days import markers, noted
from adapters.outbound.dynamodb.day_items import Expiry, stride_items
from adapters.outbound.dynamodb.device_record import base_item
from adapters.outbound.dynamodb.device_records import DeviceRecords
from adapters.outbound.dynamodb.faults import ConditionFailed
from adapters.outbound.dynamodb.items import Item, number
from adapters.outbound.dynamodb.journal import read_journal
from adapters.outbound.dynamodb.seen_batches import SeenBatches
from application.ports.block_codec import BlockCodec
from application.ports.clock import Clock


@attrs.frozen
class StrideMerger:
    """Entries never change, and a stride is always the 32 after the base: two that merge at once
    write the same, and one that dies leaves what the next one writes again. Readers take nothing
    of a stride before the base has moved past it.
    """

    client: DynamoClient
    records: DeviceRecords
    codec: BlockCodec
    clock: Clock

    async def merge(self, account_id: str, device_id: str) -> bool:
        """Whether a stride was there; on return it is merged, by whomever."""
        journal = await read_journal(self.client, "merge", account_id, device_id, with_blocks=True)
        partition, merged = journal.base.partition, journal.base.merged
        if len(journal.entries) < keys.STRIDE:
            self.records.forget(partition)
            return False
        stride = journal.entries[: keys.STRIDE]
        record = journal.base
        for entry in stride:
            record = record.after(entry)
        expiry = Expiry(self.client.settings.retention_days)
        items = stride_items(self.codec, partition, stride, expiry)
        days = {keys.day_number(block.day_ms) for entry in stride for block in entry.blocks}
        closed = journal.closed.after(days)
        items += markers(partition, days, closed, merged + keys.STRIDE, expiry)
        await self._put_all(items)
        marks = [mark for entry in stride for mark in entry.marks]
        await SeenBatches(self.client).add_stride(partition, merged, marks)
        now_ms = self.clock.now_ms()
        try:
            await self.client.put(
                "merge",
                base_item(record, now_ms) | noted(closed),
                "m = :m" if merged else "attribute_not_exists(m)",
                {":m": number(merged)} if merged else None,
            )
        except ConditionFailed:
            self.records.forget(partition)
            return True
        self.records.stride_merged(partition, merged, now_ms)
        return True

    async def merge_ripe(self, limit: int) -> int:
        """Strides of the devices that are known to have one, at most `limit`."""
        merged = 0
        while merged < limit:
            device = self.records.next_ripe()
            if device is None:
                break
            merged += await self.merge(*device)
        return merged

    async def _put_all(self, items: list[Item]) -> None:
        if len(items) == 1:
            await self.client.put("merge", items[0])
        else:
            await self.client.write_many("merge", [{"PutRequest": {"Item": i}} for i in items])
