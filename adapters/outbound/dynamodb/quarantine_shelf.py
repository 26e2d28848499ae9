"""What was not understood, as people look at it."""

import zlib
from collections.abc import Sequence
from functools import partial

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.at_once import each
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.items import Item, key, text
from adapters.outbound.dynamodb.listing import newest_first, possible_key
from adapters.outbound.dynamodb.quarantine_items import quarantined_of, quarantined_update
from adapters.outbound.dynamodb.schema import INDEX
from application.paging import Page
from application.ports.clock import Clock
from domain.quarantine import MAX_PER_DEVICE, Quarantined

_ONE_IN = 64


class DynamoQuarantineShelf:
    def __init__(self, client: DynamoClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def put(self, items: Sequence[Quarantined]) -> None:
        if not items:
            return
        updates = [quarantined_update(item) for item in items]
        await each([partial(self._client.update, "quarantine", update) for update in updates])
        await make_room(self._client, items)

    async def page(self, account_id: str, cursor: str | None, limit: int) -> Page[Quarantined]:
        return await newest_first(
            self._client, "quarantine", keys.quarantine(account_id), cursor, limit, self._kept
        )

    async def get(self, account_id: str, item_id: str) -> Quarantined | None:
        if not possible_key(item_id):
            return None
        item = await self._client.get("quarantine", key(keys.quarantine(account_id), item_id))
        return None if item is None else self._kept(item)

    async def remove(self, account_id: str, item_id: str) -> None:
        if possible_key(item_id):
            await self._client.delete("quarantine", key(keys.quarantine(account_id), item_id))

    def _kept(self, item: Item) -> Quarantined | None:
        return quarantined_of(item, self._clock.now_ms())


async def make_room(
    client: DynamoClient, put: Sequence[Quarantined], most: int = MAX_PER_DEVICE
) -> None:
    """Remove the oldest of a device beyond `most`, once in a while.

    To count the entries of a device with each one would cost a write more. So one in 64 looks,
    chosen by its id, and there may be some hundred more than `most` until then.
    """
    devices = {
        (item.account_id, item.device_id)
        for item in put
        if zlib.crc32(item.id.encode()) % _ONE_IN == 0
    }
    for account_id, device_id in devices:
        request = {
            "IndexName": INDEX,
            "KeyConditionExpression": "listed_in = :device",
            "ExpressionAttributeValues": {
                ":device": text(keys.quarantine_of_device(account_id, device_id))
            },
            "ProjectionExpression": "sk",
            "ScanIndexForward": False,
        }
        found = await client.query("quarantine", request)
        deletes = [
            {"DeleteRequest": {"Key": key(keys.quarantine(account_id), item["sk"]["S"])}}
            for item in found[most:]
        ]
        await client.write_many("quarantine", deletes)
