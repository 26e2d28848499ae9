"""A page of a list that is kept newest first by id."""

from collections.abc import Callable
from typing import Any, TypeVar

from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.items import Item, Use, text
from adapters.outbound.dynamodb.schema import INDEX
from application.paging import MAX_LIMIT, Page

T = TypeVar("T")

_MAX_KEY_BYTES = 1_024
"""DynamoDB refuses longer ones, so there is no such item."""


def possible_key(ident: str) -> bool:
    return 0 < len(ident.encode()) <= _MAX_KEY_BYTES


async def newest_first(
    client: DynamoClient,
    use: Use,
    list_: str,
    cursor: str | None,
    limit: int,
    read: Callable[[Item], T | None],
    *,
    indexed: bool = False,
) -> Page[T]:
    """`list_` is a partition, or one of the index. What `read` makes None of is left out.

    The index follows the table within moments; a partition is read as it is.
    """
    if cursor is not None and not possible_key(cursor):
        return Page([])
    limit = min(max(limit, 1), MAX_LIMIT)
    found: list[tuple[str, T]] = []
    async for items in client.pages(use, _query(list_, cursor, limit + 1, indexed)):
        for item in items:
            one = read(item)
            if one is not None:
                found.append((item["sk"]["S"], one))
        if len(found) > limit:
            break
    page = [one for _, one in found[:limit]]
    return Page(page, found[limit - 1][0] if len(found) > limit else None)


def _query(list_: str, cursor: str | None, limit: int, indexed: bool) -> dict[str, Any]:
    partition, sort = ("listed_in", "listed_as") if indexed else ("pk", "sk")
    request: dict[str, Any] = {
        "KeyConditionExpression": f"{partition} = :list",
        "ExpressionAttributeValues": {":list": text(list_)},
        "ScanIndexForward": False,
        "Limit": limit,
    }
    if cursor is not None:
        request["KeyConditionExpression"] += f" AND {sort} < :cursor"
        request["ExpressionAttributeValues"][":cursor"] = text(cursor)
    if indexed:
        request["IndexName"] = INDEX
    else:
        request["ConsistentRead"] = True
    return request
