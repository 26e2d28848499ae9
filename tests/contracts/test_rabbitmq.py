"""The intake queue on RabbitMQ against the suite of its port, with the ledger on DynamoDB."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import attrs
import pytest

from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.device_ledger import DynamoDeviceLedger
from adapters.outbound.dynamodb.tries import DynamoTries
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.rabbitmq.accepted_batches import AcceptedBatches
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.intake_queue import RabbitIntakeQueue
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.topology import declare, observation_queues
from deploy.local import Dynoxide
from tests.contracts.assembly import Stores
from tests.contracts.intake_queue import IntakeQueueContract
from tests.contracts.test_dynamodb import DynamoAssembly, dynamo_assembly
from tests.support.distributed import rabbit_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import VirtualHost

_PARTITIONS = 2  # each of them costs the broker some milliseconds to declare


@attrs.frozen
class RabbitAssembly:
    """The queue on a virtual host of the test's own, behind a network that can be cut."""

    settings: RabbitSettings
    straight: RabbitSettings
    proxy: FaultProxy
    dynamo: DynamoAssembly

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Stores]:
        connection = RabbitConnection(self.settings)
        tally = PrometheusTally()
        client = DynamoClient(self.dynamo.settings, tally)
        async with self.dynamo.opened() as others:
            await client.open()
            await connection.open()
            try:
                await declare(connection)
                ledger = cast(DynamoDeviceLedger, others.ledger)
                queue = RabbitIntakeQueue(
                    connection,
                    AcceptedBatches(ledger.applied, tally),
                    others.quarantine,
                    DynamoTries(client),
                    tally,
                    consumes=True,
                )
                await queue.open()
                try:
                    yield attrs.evolve(others, queue=queue)
                finally:
                    await queue.close()
            finally:
                await connection.close()
                await client.close()

    async def arrived(self, stores: Stores) -> None:
        """Nothing is ready at the broker any more: it is with the consumer."""
        connection = RabbitConnection(self.straight)
        await connection.open()
        try:
            async with connection.brief_channel() as channel, asyncio.timeout(10):
                for name in observation_queues(self.straight):
                    while (await channel.queue_declare(name, passive=True)).message_count:
                        await asyncio.sleep(0.005)
        finally:
            await connection.close()

    @contextlib.contextmanager
    def unavailable(self) -> Iterator[None]:
        self.proxy.refuse()
        try:
            yield
        finally:
            self.proxy.restore()


class TestRabbitIntakeQueue(IntakeQueueContract):
    ADAPTER = RabbitIntakeQueue

    @pytest.fixture
    def assembly(
        self, virtual_host: VirtualHost, dynoxide: Dynoxide, table_name: str, tmp_path: Path
    ) -> Iterator[RabbitAssembly]:
        with (
            FaultProxy(virtual_host.server.port) as proxy,
            dynamo_assembly(dynoxide, table_name, tmp_path) as dynamo,
        ):
            straight = rabbit_settings(virtual_host, partitions=_PARTITIONS)
            behind = attrs.evolve(straight, port=proxy.port)
            yield RabbitAssembly(behind, straight, proxy, dynamo)
