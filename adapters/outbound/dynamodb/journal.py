"""Reading a device's journal: its base, and the ring of entries beyond it."""

from collections.abc import Sequence

import attrs

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.closed_days import ClosedDays, closed_days_of
from adapters.outbound.dynamodb.device_record import DeviceRecord, record_of_base
from adapters.outbound.dynamodb.items import Item, Use, integer, text
from adapters.outbound.dynamodb.journal_entry import JournalEntry, entry_of
from application.faults import Unavailable

_SETTLED_MS = 60_000

_MAX_READS = 10
"""Others may write while one reads, but not always between the same two items."""


@attrs.frozen
class Journal:
    """As it was read. `due` is the item by which silence is noticed, if there is one."""

    base: DeviceRecord
    closed: ClosedDays
    entries: Sequence[JournalEntry]
    due: Item | None

    @property
    def record(self) -> DeviceRecord:
        record = self.base
        for entry in self.entries:
            record = record.after(entry)
        return record

    def settled(self, now_ms: int) -> bool:
        """What was merged so long ago is in every copy of the table: it may be read at half the
        price.
        """
        return now_ms - self.base.merged_at_ms >= _SETTLED_MS


async def read_journal(
    client: DynamoClient, use: Use, account_id: str, device_id: str, *, with_blocks: bool
) -> Journal:
    """All that was written before the call, and perhaps some of what is written meanwhile."""
    request = {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :journal)",
        "ExpressionAttributeValues": {
            ":pk": text(keys.device(account_id, device_id)),
            ":journal": text(keys.JOURNAL),
        },
        "ConsistentRead": True,
    }
    if not with_blocks:
        request["ProjectionExpression"] = "sk, v, e, m, c, #at, due_ms"
        request["ExpressionAttributeNames"] = {"#at": "at"}
    for _ in range(_MAX_READS):
        items = {item["sk"]["S"]: item for item in await client.query(use, request)}
        base = record_of_base(account_id, device_id, items.get(keys.BASE))
        entries = _following(items, base.merged)
        if entries is not None:
            return Journal(base, closed_days_of(items.get(keys.BASE)), entries, items.get(keys.DUE))
    raise Unavailable("a device's journal changes faster than it can be read", 1)


def _following(items: dict[str, Item], merged: int) -> list[JournalEntry] | None:
    """The entries after the base, in order; None when one of them has been overwritten, which
    happens after it was merged: the base that was read is older than the ring.

    Items are read one after the other. So an entry may be missing where a later one is there:
    then what is before it is a state that was true while they were read.
    """
    found = []
    for version in range(merged + 1, merged + keys.RING + 1):
        item = items.get(keys.slot(version))
        there = integer(item, "v") if item else 0
        if there > version:
            return None
        if item is None or there < version:
            break
        found.append(entry_of(item))
    return found
