"""What is kept in MySQL, each against the suite of its port."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import pytest
from anyio.from_thread import start_blocking_portal
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.migrate import migrate
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.sql.delivery_log import SqlDeliveryLog
from adapters.outbound.sql.intake_log import SqlIntakeLog
from tests.contracts.configuration import ConfigurationContract
from tests.contracts.delivery_log import DeliveryLogContract
from tests.contracts.intake_log import IntakeLogContract
from tests.support.distributed import mysql_settings
from tests.support.servers import Database


@attrs.frozen
class MysqlStores:
    """The ports of the assembly that are on MySQL."""

    configuration: MysqlConfiguration
    deliveries: SqlDeliveryLog
    intake_log: SqlIntakeLog


@attrs.frozen
class MysqlAssembly:
    """A database of the test's own, which can be locked against changes."""

    settings: MysqlSettings

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Any]:
        await migrate(self.settings)
        configuration = MysqlConfiguration(self.settings)
        await configuration.open()
        try:
            logs = SqlDeliveryLog(configuration), SqlIntakeLog(configuration)
            yield MysqlStores(configuration, *logs)
        finally:
            await configuration.close()

    @contextlib.contextmanager
    def unavailable(self) -> Iterator[None]:
        with (
            start_blocking_portal() as portal,
            portal.wrap_async_context_manager(self._locked()),
        ):
            yield

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        engine = create_async_engine(self.settings.url)
        async with engine.connect() as connection:
            await connection.execute(text("FLUSH TABLES WITH READ LOCK"))
            yield
        await engine.dispose()


class Mysql:
    @pytest.fixture
    def assembly(self, database: Database) -> MysqlAssembly:
        return MysqlAssembly(mysql_settings(database, deadline_s=3.0))


class TestMysqlConfiguration(Mysql, ConfigurationContract):
    ADAPTER = MysqlConfiguration


class TestMysqlDeliveryLog(Mysql, DeliveryLogContract):
    ADAPTER = SqlDeliveryLog


class TestMysqlIntakeLog(Mysql, IntakeLogContract):
    ADAPTER = SqlIntakeLog
