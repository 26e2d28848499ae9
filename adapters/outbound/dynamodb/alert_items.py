"""Alerts as items: written once, then cleared and acknowledged."""

from typing import Any

import attrs
import msgspec

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.items import Item, binary, integer, key, number, text
from domain.alert import Alert, AlertState

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Alert).decode


def raised_update(alert: Alert, cleared_at_ms: int | None) -> dict[str, Any]:
    """Write an alert down; one that exists stays as it is, but for being cleared."""
    request: dict[str, Any] = {
        "Key": key(keys.alerts(alert.account_id), alert.id),
        "UpdateExpression": "SET alert = if_not_exists(alert, :alert),"
        " listed_in = if_not_exists(listed_in, :state),"
        " listed_as = if_not_exists(listed_as, :id)",
        "ExpressionAttributeValues": {
            ":alert": binary(_encode(alert)),
            ":state": text(keys.alerts_by_state(alert.account_id, alert.state)),
            ":id": text(alert.id),
        },
    }
    if cleared_at_ms is not None:
        request["UpdateExpression"] += ", cleared_at = :cleared"
        request["ExpressionAttributeValues"][":cleared"] = number(cleared_at_ms)
    return request


def cleared_update(account_id: str, alert_id: str, at_ms: int) -> dict[str, Any]:
    """Of an alert that does not exist nothing is left that anybody is shown."""
    return {
        "Key": key(keys.alerts(account_id), alert_id),
        "UpdateExpression": "SET cleared_at = :cleared",
        "ExpressionAttributeValues": {":cleared": number(at_ms)},
    }


def acknowledged_update(alert: Alert) -> dict[str, Any]:
    """`alert` is the acknowledged one. The condition fails when it is not open any more."""
    partition = keys.alerts(alert.account_id)
    return {
        "Key": key(partition, alert.id),
        "UpdateExpression": "SET alert = :alert, listed_in = :state",
        "ConditionExpression": "listed_in = :open",
        "ExpressionAttributeValues": {
            ":alert": binary(_encode(alert)),
            ":state": text(keys.alerts_by_state(alert.account_id, alert.state)),
            ":open": text(keys.alerts_by_state(alert.account_id, AlertState.OPEN)),
        },
    }


def alert_of(item: Item) -> Alert | None:
    if "alert" not in item:
        return None
    alert = _decode(item["alert"]["B"])
    if "cleared_at" not in item:
        return alert
    return attrs.evolve(alert, cleared_at_ms=integer(item, "cleared_at"))
