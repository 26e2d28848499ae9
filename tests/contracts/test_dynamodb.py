"""The adapters on DynamoDB, each against the suite of its port."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest

from adapters.outbound.dynamodb.alert_book import DynamoAlertBook
from adapters.outbound.dynamodb.block_store import DynamoBlockStore
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.day_summaries import DynamoDaySummaries
from adapters.outbound.dynamodb.device_ledger import DynamoDeviceLedger
from adapters.outbound.dynamodb.device_records import DeviceRecords
from adapters.outbound.dynamodb.merging import StrideMerger
from adapters.outbound.dynamodb.quarantine_shelf import DynamoQuarantineShelf
from adapters.outbound.dynamodb.schema import create_table
from adapters.outbound.dynamodb.settings import DynamoSettings
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.prometheus_tally import PrometheusTally
from deploy.local import Dynoxide
from tests.contracts.alert_book import AlertBookContract
from tests.contracts.assembly import Stores
from tests.contracts.block_store import BlockStoreContract
from tests.contracts.builders import NOW_MS
from tests.contracts.day_summaries import DaySummariesContract
from tests.contracts.device_ledger import DeviceLedgerContract
from tests.contracts.quarantine_shelf import QuarantineShelfContract
from tests.contracts.test_embedded import EmbeddedAssembly
from tests.support.fault_proxy import FaultProxy


class StandingClock:
    def now_ms(self) -> int:
        return NOW_MS


@attrs.frozen
class DynamoAssembly:
    """The queue and what people configure are the embedded ones; the rest is in a table behind a
    network that can be cut.
    """

    settings: DynamoSettings
    proxy: FaultProxy
    embedded: EmbeddedAssembly

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Stores]:
        client = DynamoClient(self.settings, PrometheusTally())
        async with self.embedded.opened() as others:
            await client.open()
            try:
                await create_table(client)
                yield self._stores(client, others)
            finally:
                await client.close()

    def _stores(self, client: DynamoClient, others: Stores) -> Stores:
        codec, clock = NativeBlockCodec(), StandingClock()
        records = DeviceRecords(client, remembers=True)
        merger = StrideMerger(client, records, codec, clock)
        return attrs.evolve(
            others,
            alert_book=DynamoAlertBook(client),
            blocks=DynamoBlockStore(client, merger, clock),
            ledger=DynamoDeviceLedger(client, records, merger, codec),
            quarantine=DynamoQuarantineShelf(client, clock),
            summaries=DynamoDaySummaries(client),
        )

    async def arrived(self, stores: Stores) -> None:
        """The queue is the embedded one."""

    @contextlib.contextmanager
    def unavailable(self) -> Iterator[None]:
        self.proxy.refuse()
        try:
            yield
        finally:
            self.proxy.restore()


@contextlib.contextmanager
def dynamo_assembly(dynoxide: Dynoxide, table: str, folder: Path) -> Iterator[DynamoAssembly]:
    with FaultProxy(dynoxide.port) as proxy:
        settings = DynamoSettings(
            table=table,
            region="local",
            endpoint_url=f"http://127.0.0.1:{proxy.port}",
            access_key_id="local",
            secret_access_key="local",
            deadline_s=3.0,
        )
        yield DynamoAssembly(settings, proxy, EmbeddedAssembly(folder / "others.db"))


class Dynamo:
    @pytest.fixture
    def assembly(
        self, dynoxide: Dynoxide, table_name: str, tmp_path: Path
    ) -> Iterator[DynamoAssembly]:
        with dynamo_assembly(dynoxide, table_name, tmp_path) as assembly:
            yield assembly


class TestDynamoAlertBook(Dynamo, AlertBookContract):
    ADAPTER = DynamoAlertBook


class TestDynamoBlockStore(Dynamo, BlockStoreContract):
    ADAPTER = DynamoBlockStore


class TestDynamoDaySummaries(Dynamo, DaySummariesContract):
    ADAPTER = DynamoDaySummaries


class TestDynamoDeviceLedger(Dynamo, DeviceLedgerContract):
    ADAPTER = DynamoDeviceLedger


class TestDynamoQuarantineShelf(Dynamo, QuarantineShelfContract):
    ADAPTER = DynamoQuarantineShelf
