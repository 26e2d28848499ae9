"""Summaries of days that are over: an item each, in the partition of their person."""

import zlib
from collections.abc import Mapping
from datetime import date

import attrs

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.day_items import Expiry
from adapters.outbound.dynamodb.items import MAX_ITEM_BYTES, Item, binary, key, text
from application.ports.day_summaries import KeptSummary

_EPOCH = date(1970, 1, 1)


@attrs.frozen
class DynamoDaySummaries:
    """It expires when the day that it is of does."""

    client: DynamoClient

    async def between(
        self, account_id: str, person_id: str, first: date, last: date
    ) -> dict[date, KeptSummary]:
        if last < first:
            return {}  # a range that the table refuses
        request = {
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": text(keys.summaries(account_id, person_id)),
                ":first": text(first.isoformat()),
                ":last": text(last.isoformat()),
            },
        }
        items = await self.client.query("summaries", request)
        return {date.fromisoformat(item["sk"]["S"]): _kept(item) for item in items}

    async def keep(
        self, account_id: str, person_id: str, summaries: Mapping[date, KeptSummary]
    ) -> None:
        expiry = Expiry(self.client.settings.retention_days)
        partition = keys.summaries(account_id, person_id)
        puts = []
        for day, summary in summaries.items():
            packed = zlib.compress(summary.numbers)
            if len(packed) <= MAX_ITEM_BYTES:
                item = key(partition, day.isoformat()) | expiry.attribute((day - _EPOCH).days)
                item |= {"v": text(summary.version), "n": binary(packed)}
                puts.append({"PutRequest": {"Item": item}})
        await self.client.write_many("summaries", puts)


def _kept(item: Item) -> KeptSummary:
    return KeptSummary(item["v"]["S"], zlib.decompress(item["n"]["B"]))
