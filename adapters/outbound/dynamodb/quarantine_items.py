"""Quarantine entries as items, which expire."""

from typing import Any

import msgspec

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.items import Item, binary, integer, key, number, text
from domain.quarantine import Quarantined
from domain.times import DAY_MS

KEPT_DAYS = 90

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Quarantined).decode


def quarantined_update(item: Quarantined) -> dict[str, Any]:
    """Write an entry down; one that exists stays as it is."""
    expires_at = (item.received_ms + KEPT_DAYS * DAY_MS) // 1_000
    names = ("entry", "expires_at", "listed_in", "listed_as")
    return {
        "Key": key(keys.quarantine(item.account_id), item.id),
        "UpdateExpression": "SET "
        + ", ".join(f"{name} = if_not_exists({name}, :{name})" for name in names),
        "ExpressionAttributeValues": {
            ":entry": binary(_encode(item)),
            ":expires_at": number(expires_at),
            ":listed_in": text(keys.quarantine_of_device(item.account_id, item.device_id)),
            ":listed_as": text(item.id),
        },
    }


def quarantined_of(item: Item, now_ms: int) -> Quarantined | None:
    """None when it has expired, whether or not the table has removed it yet."""
    if now_ms >= integer(item, "expires_at") * 1_000:
        return None
    return _decode(item["entry"]["B"])
