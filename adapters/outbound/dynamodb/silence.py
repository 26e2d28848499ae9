"""Which devices are to be looked at because they have been silent for long.

A device has an item by which it is listed at the time it is due, or earlier. An upload mostly
makes the device due later; then the item stays as it is, and the one who looks moves it. It is
written when a device becomes due at all, or earlier than before: in one transaction with the entry
of that version, whose number it bears.

The one who looks reads the item first and the history after it, and changes the item only if it
bears the same version still. So a history that is due earlier is either seen by them, or has
changed the version.
"""

from functools import partial

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.at_once import each
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.device_records import DeviceRecords
from adapters.outbound.dynamodb.faults import ConditionFailed
from adapters.outbound.dynamodb.items import Item, integer, key, number, text
from adapters.outbound.dynamodb.journal import Journal, read_journal
from adapters.outbound.dynamodb.schema import INDEX
from domain.device_history import DeviceHistory

_MAX_ROUNDS = 8
"""Each moves as many devices as are asked for; the rest is for the next time."""


def due_item(before: DeviceHistory, after: DeviceHistory) -> Item | None:
    """What has to be written with the version `after`; None when what is there is early enough."""
    due_ms, known_ms = after.silence_due_ms, before.silence_due_ms
    if due_ms is None or (known_ms is not None and known_ms <= due_ms):
        return None
    partition = keys.device(after.account_id, after.device_id)
    item = key(partition, keys.DUE)
    item["v"] = number(after.version)
    item["due_ms"] = number(due_ms)
    item["listed_in"] = text(keys.shard(partition))
    item["listed_as"] = text(_place(due_ms))
    return item


class DueDevices:
    def __init__(self, client: DynamoClient, records: DeviceRecords) -> None:
        self._client = client
        self._records = records

    async def silent(self, now_ms: int, limit: int) -> list[DeviceHistory]:
        """Devices that are due, longest first; at most `limit`."""
        found: list[DeviceHistory] = []
        looked: set[str] = set()
        for _ in range(_MAX_ROUNDS):
            listed = [one for one in await self._listed(now_ms, limit) if one not in looked]
            looks = listed[: limit - len(found)]
            if not looks:
                break
            looked.update(looks)
            histories = await each([partial(self._look, one, now_ms) for one in looks])
            due = [history for history in histories if history is not None]
            found += due
            if len(due) == len(looks):
                break
        return sorted(found, key=lambda history: history.silence_due_ms or 0)

    async def _listed(self, now_ms: int, limit: int) -> list[str]:
        """Partitions of devices whose items say that they are due, longest first."""
        shards = await each([partial(self._shard, one, now_ms, limit) for one in keys.SHARD_NAMES])
        items = sorted((item for shard in shards for item in shard), key=_listed_as)
        return [item["pk"]["S"] for item in items[:limit]]

    async def _shard(self, name: str, now_ms: int, limit: int) -> list[Item]:
        request = {
            "IndexName": INDEX,
            "KeyConditionExpression": "listed_in = :shard AND listed_as <= :now",
            "ExpressionAttributeValues": {":shard": text(name), ":now": text(_place(now_ms))},
            "ProjectionExpression": "pk, listed_as",
            "Limit": limit,
        }
        async for items in self._client.pages("silence", request):
            return items
        return []

    async def _look(self, partition: str, now_ms: int) -> DeviceHistory | None:
        """The device's history if it is due; else its item is put where it belongs."""
        journal = await read_journal(
            self._client, "silence", *keys.owner(partition), with_blocks=False
        )
        record = journal.record
        self._records.put(record)
        due_ms = record.history.silence_due_ms
        if due_ms is not None and due_ms <= now_ms:
            return record.history
        if journal.due is not None:
            await self._move(partition, journal, due_ms)
        return None

    async def _move(self, partition: str, journal: Journal, due_ms: int | None) -> None:
        assert journal.due is not None
        values = {":v": number(integer(journal.due, "v"))}
        condition = {"ConditionExpression": "v = :v", "ExpressionAttributeValues": values}
        where = key(partition, keys.DUE)
        try:
            if due_ms is None:
                await self._client.delete("silence", where, **condition)
                return
            values |= {":due": number(due_ms), ":place": text(_place(due_ms))}
            request = {"UpdateExpression": "SET due_ms = :due, listed_as = :place", **condition}
            await self._client.update("silence", {"Key": where, **request})
        except ConditionFailed:
            return


def _place(time_ms: int) -> str:
    """Sorts by time."""
    return f"{max(time_ms, 0):016d}"


def _listed_as(item: Item) -> str:
    listed: str = item["listed_as"]["S"]
    return listed
