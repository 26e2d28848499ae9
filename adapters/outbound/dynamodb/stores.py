"""All that is kept in the table, over one client."""

from adapters.outbound.dynamodb.alert_book import DynamoAlertBook
from adapters.outbound.dynamodb.block_store import DynamoBlockStore
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.day_summaries import DynamoDaySummaries
from adapters.outbound.dynamodb.device_ledger import DynamoDeviceLedger
from adapters.outbound.dynamodb.device_records import DeviceRecords
from adapters.outbound.dynamodb.merging import StrideMerger
from adapters.outbound.dynamodb.quarantine_shelf import DynamoQuarantineShelf
from adapters.outbound.dynamodb.schema import check_table, create_table
from adapters.outbound.dynamodb.settings import DynamoSettings
from adapters.outbound.dynamodb.tries import DynamoTries
from application.ports.block_codec import BlockCodec
from application.ports.clock import Clock
from application.ports.tally import Tally


class DynamoStores:
    """`open` before use. Only the process that changes devices `remembers` them."""

    def __init__(
        self,
        settings: DynamoSettings,
        codec: BlockCodec,
        clock: Clock,
        tally: Tally,
        *,
        remembers: bool,
    ) -> None:
        self.client = DynamoClient(settings, tally)
        records = DeviceRecords(self.client, remembers=remembers)
        merger = StrideMerger(self.client, records, codec, clock)
        self.ledger = DynamoDeviceLedger(self.client, records, merger, codec)
        self.blocks = DynamoBlockStore(self.client, merger, clock)
        self.alert_book = DynamoAlertBook(self.client)
        self.summaries = DynamoDaySummaries(self.client)
        self.quarantine = DynamoQuarantineShelf(self.client, clock)
        self.tries = DynamoTries(self.client)

    async def open(self) -> None:
        """Raises Unavailable, and StoreBroken when `fieldpost migrate` has to be run first."""
        await self.client.open()
        try:
            await self.ready()
        except BaseException:
            await self.client.close()
            raise

    async def close(self) -> None:
        await self.client.close()

    async def ready(self) -> None:
        """Raises Unavailable, and StoreBroken when the table is not as it has to be."""
        await check_table(self.client)

    async def create(self) -> list[str]:
        """For `fieldpost migrate`: what is missing is made. Not for an open one."""
        await self.client.open()
        try:
            return await create_table(self.client)
        finally:
            await self.client.close()
