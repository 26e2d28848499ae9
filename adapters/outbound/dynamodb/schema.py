"""The table: made when it is missing, refused when it is another."""

import asyncio
from typing import Any

from botocore.exceptions import ClientError

from adapters.outbound.dynamodb.client import DynamoClient
from application.faults import StoreBroken, Unavailable

INDEX = "listed"
"""Alerts by state, quarantine by device and due devices by time, in one index."""

EXPIRES_AT = "expires_at"
_ATTRIBUTES = {"pk": "S", "sk": "S", "listed_in": "S", "listed_as": "S"}
_KEY = [("pk", "HASH"), ("sk", "RANGE")]
_INDEX_KEY = [("listed_in", "HASH"), ("listed_as", "RANGE")]
_INCLUDED = ["alert", "cleared_at"]
_MAX_WAIT_S = 120
_LOOK_EVERY_S = 1.0


async def create_table(client: DynamoClient) -> list[str]:
    """Make what is missing and wait for it; what was made. What is there is left as it is."""
    made = []
    if await _described(client) is None:
        await _create(client)
        made.append(f"table {client.settings.table}")
    await _until_active(client)
    if not await _expires(client):
        await client.call(
            "schema",
            "update_time_to_live",
            {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": EXPIRES_AT}},
        )
        made.append("expiry of old items")
    await check_table(client)
    return made


async def check_table(client: DynamoClient) -> None:
    """Raises StoreBroken when the table is missing or is not what it must be."""
    name = client.settings.table
    table = await _described(client)
    if table is None:
        raise StoreBroken(f"there is no table {name}: run fieldpost migrate")
    if _keys(table) != _KEY:
        raise StoreBroken(f"the table {name} has other keys than pk and sk")
    indexes = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}
    if INDEX not in indexes or _keys(indexes[INDEX]) != _INDEX_KEY:
        raise StoreBroken(f"the table {name} has no index {INDEX} by listed_in and listed_as")
    if not await _expires(client):
        raise StoreBroken(f"the table {name} does not expire items by {EXPIRES_AT}")


async def _create(client: DynamoClient) -> None:
    request = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": type_} for name, type_ in _ATTRIBUTES.items()
        ],
        "KeySchema": _schema(_KEY),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": INDEX,
                "KeySchema": _schema(_INDEX_KEY),
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": _INCLUDED},
            }
        ],
    }
    try:
        await client.call("schema", "create_table", request)
    except StoreBroken as error:
        # Two may migrate at once: the second one finds the table in use.
        if not _says(error, "ResourceInUseException"):
            raise


async def _until_active(client: DynamoClient) -> None:
    for _ in range(int(_MAX_WAIT_S / _LOOK_EVERY_S)):
        table = await _described(client)
        if table is not None and table.get("TableStatus") == "ACTIVE":
            return
        await asyncio.sleep(_LOOK_EVERY_S)
    raise Unavailable(f"the table {client.settings.table} is not there after {_MAX_WAIT_S} s")


async def _described(client: DynamoClient) -> dict[str, Any] | None:
    try:
        table: dict[str, Any] = (await client.call("schema", "describe_table", {}))["Table"]
    except StoreBroken as error:
        if _says(error, "ResourceNotFoundException"):
            return None
        raise
    return table


async def _expires(client: DynamoClient) -> bool:
    answer = await client.call("schema", "describe_time_to_live", {})
    described = answer.get("TimeToLiveDescription", {})
    return (
        described.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        and described.get("AttributeName") == EXPIRES_AT
    )


def _says(error: StoreBroken, code: str) -> bool:
    cause = error.__cause__
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] == code


def _keys(described: dict[str, Any]) -> list[tuple[str, str]]:
    return [(part["AttributeName"], part["KeyType"]) for part in described["KeySchema"]]


def _schema(parts: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": type_} for name, type_ in parts]
