"""A configuration on a migrated database of the test's own."""

from collections.abc import AsyncIterator

import pytest

from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.migrate import migrate
from adapters.outbound.mysql.settings import MysqlSettings
from tests.support.distributed import mysql_settings
from tests.support.servers import Database


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def settings(database: Database) -> MysqlSettings:
    """Of a database with all tables, and room for many callers."""
    settings = mysql_settings(database, pool_size=20)
    await migrate(settings)
    return settings


@pytest.fixture
async def configuration(settings: MysqlSettings) -> AsyncIterator[MysqlConfiguration]:
    configuration = MysqlConfiguration(settings)
    await configuration.open()
    yield configuration
    await configuration.close()
