"""A table of its own for each test, and one client on it."""

from collections.abc import AsyncIterator

import pytest

from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.settings import DynamoSettings
from deploy.local import Dynoxide
from tests.dynamodb.table import UnitTally, Worker, opened, settings_of


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(dynoxide: Dynoxide, table_name: str) -> DynamoSettings:
    return settings_of(table_name, dynoxide.port)


@pytest.fixture
def tally() -> UnitTally:
    return UnitTally()


@pytest.fixture
async def client(settings: DynamoSettings, tally: UnitTally) -> AsyncIterator[DynamoClient]:
    async with opened(DynamoClient(settings, tally)) as client:
        yield client


@pytest.fixture
def worker(client: DynamoClient) -> Worker:
    return Worker.on(client)
