"""A table of a test, and what may be opened on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import attrs

from adapters.outbound.dynamodb.block_store import DynamoBlockStore
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.device_ledger import DynamoDeviceLedger
from adapters.outbound.dynamodb.device_records import DeviceRecords
from adapters.outbound.dynamodb.items import Item, text
from adapters.outbound.dynamodb.merging import StrideMerger
from adapters.outbound.dynamodb.quarantine_shelf import DynamoQuarantineShelf
from adapters.outbound.dynamodb.schema import create_table
from adapters.outbound.dynamodb.settings import DynamoSettings
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.prometheus_tally import PrometheusTally
from application.ports.device_ledger import Effects
from domain.device_history import DeviceHistory
from tests.contracts.builders import ACCOUNT, DEVICE, NOW_MS

C = TypeVar("C", bound=DynamoClient)

CODEC = NativeBlockCodec()


class SetClock:
    """Says what it is told to."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.time_ms = now_ms

    def now_ms(self) -> int:
        return self.time_ms


class UnitTally(PrometheusTally):
    """Tells what a use has consumed."""

    def units(self, event: str, use: str) -> float:
        return self._events.get((event, use), 0.0)


@attrs.frozen
class Worker:
    """What one process has of the table. Another one on the same client knows nothing of it."""

    client: DynamoClient
    clock: SetClock
    ledger: DynamoDeviceLedger
    blocks: DynamoBlockStore
    merger: StrideMerger
    quarantine: DynamoQuarantineShelf

    @classmethod
    def on(cls, client: DynamoClient, clock: SetClock | None = None) -> "Worker":
        clock = clock or SetClock()
        records = DeviceRecords(client, remembers=True)
        merger = StrideMerger(client, records, CODEC, clock)
        return cls(
            client=client,
            clock=clock,
            ledger=DynamoDeviceLedger(client, records, merger, CODEC),
            blocks=DynamoBlockStore(client, merger, clock),
            merger=merger,
            quarantine=DynamoQuarantineShelf(client, clock),
        )

    async def history(self, device: str = DEVICE) -> DeviceHistory:
        return (await self.ledger.histories([(ACCOUNT, device)]))[device]

    async def effect(self, *, device: str = DEVICE, **effects: Any) -> None:
        """Let a device have these effects; what is no field of them changes the history."""
        before = await self.history(device)
        changes = effects.pop("changes", {})
        after = attrs.evolve(before, version=before.version + 1, **changes)
        assert await self.ledger.apply([Effects(after, **effects)]) == [True]


def settings_of(table: str, port: int, **more: Any) -> DynamoSettings:
    return DynamoSettings(
        table=table,
        region="local",
        endpoint_url=f"http://127.0.0.1:{port}",
        access_key_id="local",
        secret_access_key="local",
        **more,
    )


@asynccontextmanager
async def opened(client: C) -> AsyncIterator[C]:
    """With its table."""
    await client.open()
    try:
        await create_table(client)
        yield client
    finally:
        await client.close()


async def items_of(client: DynamoClient, partition: str, prefix: str = "") -> list[Item]:
    request: dict[str, Any] = {
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": text(partition)},
        "ConsistentRead": True,
    }
    if prefix:
        request["KeyConditionExpression"] += " AND begins_with(sk, :prefix)"
        request["ExpressionAttributeValues"][":prefix"] = text(prefix)
    return await client.query("schema", request)
