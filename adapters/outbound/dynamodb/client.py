"""The one client of a process: its calls are repeated within a deadline, and counted."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import aioboto3
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession

from adapters.outbound.dynamodb.faults import ConditionFailed, DriverError, translated
from adapters.outbound.dynamodb.items import Item, Use
from adapters.outbound.dynamodb.plain_parsing import ItemParserFactory
from adapters.outbound.dynamodb.settings import DynamoSettings
from application.faults import StoreBroken, Unavailable
from application.ports.tally import Tally

_FIRST_PAUSE_S = 0.025
_LONGEST_PAUSE_S = 1.0
_MAX_PAGES = 1_000
_WRITES_AT_ONCE = 25
_READS = frozenset({"get_item", "query"})


class DynamoClient:
    """Open between `open` and `close`. Everything raises Unavailable when the table does not
    answer within the deadline, and StoreBroken when it answers what it must not.

    Capacity is counted as `read_units` and `write_units` by use.
    """

    def __init__(self, settings: DynamoSettings, tally: Tally) -> None:
        self.settings = settings
        self._tally = tally
        self._stack = AsyncExitStack()
        self._client: Any = None

    async def open(self) -> None:
        settings = self.settings
        driver = AioSession()
        driver.register_component("response_parser_factory", ItemParserFactory())
        session = aioboto3.Session(
            botocore_session=driver,
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret_access_key,
            region_name=settings.region,
        )
        config = AioConfig(
            connect_timeout=settings.connect_timeout_s,
            read_timeout=settings.deadline_s,
            max_pool_connections=settings.max_connections,
            parameter_validation=False,
            # The driver's own name for itself is put together anew, twice a call.
            user_agent="fieldpost",
            # Repeated here, where a deadline is known.
            retries={"total_max_attempts": 1, "mode": "standard"},
        )
        opening = session.client("dynamodb", endpoint_url=settings.endpoint_url, config=config)
        self._client = await self._stack.enter_async_context(opening)

    async def close(self) -> None:
        self._client = None
        await self._stack.aclose()

    @property
    def events(self) -> Any:
        """The driver's hooks, for faults that no server makes on demand."""
        return self._client.meta.events

    async def put(
        self,
        use: Use,
        item: Item,
        condition: str | None = None,
        values: Item | None = None,
    ) -> None:
        """Raises ConditionFailed with the item that is there."""
        request: dict[str, Any] = {"Item": item}
        if condition is not None:
            request["ConditionExpression"] = condition
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            if values:
                request["ExpressionAttributeValues"] = values
        await self.call(use, "put_item", request)

    async def update(self, use: Use, request: dict[str, Any]) -> Item:
        """The item's attributes after it, if the request asks for them. Raises ConditionFailed."""
        answer = await self.call(use, "update_item", request)
        attributes: Item = answer.get("Attributes", {})
        return attributes

    async def delete(self, use: Use, key: Item, **conditions: Any) -> None:
        """Raises ConditionFailed."""
        await self.call(use, "delete_item", {"Key": key, **conditions})

    async def get(self, use: Use, key: Item, *, consistent: bool = True) -> Item | None:
        request = {"Key": key, "ConsistentRead": consistent}
        item: Item | None = (await self.call(use, "get_item", request)).get("Item")
        return item

    async def pages(self, use: Use, request: dict[str, Any]) -> AsyncIterator[list[Item]]:
        """The answers to a query, one after the other."""
        for _ in range(_MAX_PAGES):
            answer = await self.call(use, "query", request)
            yield answer.get("Items", [])
            last = answer.get("LastEvaluatedKey")
            if not last:
                return
            request = {**request, "ExclusiveStartKey": last}
        raise StoreBroken(f"a query has more than {_MAX_PAGES} pages")

    async def query(self, use: Use, request: dict[str, Any]) -> list[Item]:
        """All items of all pages."""
        return [item async for page in self.pages(use, request) for item in page]

    async def transact(self, use: Use, writes: Sequence[dict[str, Any]], token: str) -> None:
        """All or nothing; with the same token once. Raises ConditionFailed."""
        table = {"TableName": self.settings.table}
        items = [
            {action: {**table, **request} for action, request in write.items()} for write in writes
        ]
        request = {"TransactItems": items, "ClientRequestToken": token}
        await self.call(use, "transact_write_items", request, of_table=False)

    async def write_many(self, use: Use, requests: Sequence[dict[str, Any]]) -> None:
        """Puts and deletes without conditions, as many at once as the table takes."""
        for start in range(0, len(requests), _WRITES_AT_ONCE):
            left = list(requests[start : start + _WRITES_AT_ONCE])
            for attempt in range(1, 20):
                request = {"RequestItems": {self.settings.table: left}}
                answer = await self.call(use, "batch_write_item", request, of_table=False)
                left = answer.get("UnprocessedItems", {}).get(self.settings.table, [])
                if not left:
                    break
                await asyncio.sleep(_pause_s(attempt))
            if left:
                raise Unavailable("DynamoDB leaves writes unprocessed")

    async def call(
        self, use: Use, operation: str, request: dict[str, Any], *, of_table: bool = True
    ) -> dict[str, Any]:
        """One call of the driver. Raises ConditionFailed, Unavailable, StoreBroken."""
        if self._client is None:
            raise Unavailable("DynamoDB is not connected")
        if of_table:
            request = {"TableName": self.settings.table, **request}
        if use != "schema":
            request["ReturnConsumedCapacity"] = "TOTAL"
        method = getattr(self._client, operation)
        try:
            async with asyncio.timeout(self.settings.deadline_s):
                answer: dict[str, Any] = await _repeated(method, request)
        except TimeoutError as error:
            raise Unavailable(f"DynamoDB does not answer {operation} in time") from error
        self._count(use, operation, answer)
        return answer

    def _count(self, use: Use, operation: str, answer: dict[str, Any]) -> None:
        consumed = answer.get("ConsumedCapacity")
        if not consumed:
            return
        units: float = (
            consumed["CapacityUnits"]
            if isinstance(consumed, dict)
            else sum(one["CapacityUnits"] for one in consumed)
        )
        event = "read_units" if operation in _READS else "write_units"
        self._tally.count(event, use, units)


async def _repeated(method: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Until it succeeds or fails for good; whoever calls it bounds the time."""
    attempt = 0
    while True:
        try:
            answer: dict[str, Any] = await method(**request)
            return answer
        except DriverError as error:
            failure = translated(error)
            if isinstance(failure, ConditionFailed):
                raise failure from None
            if failure is not None:
                raise failure from error
        attempt += 1
        await asyncio.sleep(_pause_s(attempt))


def _pause_s(attempt: int) -> float:
    """Longer each time, and never the same for two that were refused together."""
    pause_s: float = min(_FIRST_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S)
    return random.uniform(0.5, 1) * pause_s
