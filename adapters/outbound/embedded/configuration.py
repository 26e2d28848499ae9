"""Accounts and configuration in the same SQLite file, through SQLAlchemy and aiosqlite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, event, inspect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.outbound.embedded.sqlite_file import SqliteFile
from adapters.outbound.sql.catalogs import SqlTransaction
from adapters.outbound.sql.tables import metadata
from application.faults import StoreBroken, Unavailable
from application.ports.configuration import ConfigurationTransaction


class SqliteConfiguration:
    """Changes take the floor of the file's writer, so that the two never lock each other out."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._engine = create_async_engine(
            f"sqlite+aiosqlite:///{file.path}", pool_size=4, hide_parameters=True
        )
        self._changes = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        event.listen(self._engine.sync_engine, "connect", _prepare)
        event.listen(self._engine.sync_engine, "begin", _begin)

    async def open(self) -> None:
        """Creates the tables and columns that are missing. The file is open already."""
        async with self._file.floor(), self._faults(), self._engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            await connection.run_sync(_add_columns)

    async def close(self) -> None:
        await self._engine.dispose()

    async def ready(self) -> None:
        """Raises Unavailable."""
        async with self.reading() as tx:
            await tx.has_accounts()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ConfigurationTransaction]:
        async with self.read_connection() as connection:
            yield SqlTransaction(connection)

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[ConfigurationTransaction]:
        async with self.change_connection() as connection:
            yield SqlTransaction(connection)

    @asynccontextmanager
    async def read_connection(self) -> AsyncIterator[AsyncConnection]:
        """For what is kept beside the configuration. Raises Unavailable and StoreBroken."""
        async with self._faults(), self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def change_connection(self) -> AsyncIterator[AsyncConnection]:
        """The same, to change it: durable when the block ends without an exception."""
        async with self._file.floor(), self._faults(), self._changes.begin() as connection:
            yield connection

    @asynccontextmanager
    async def _faults(self) -> AsyncIterator[None]:
        try:
            yield
        except OperationalError as error:
            raise Unavailable(f"the data file cannot be used now: {error.orig}") from error
        except DBAPIError as error:
            raise StoreBroken(f"the data file is damaged or misused: {error.orig}") from error


def _prepare(connection: Any, _record: Any) -> None:
    # Else the driver begins a transaction at the first change only, and what was read before
    # that, and all of a transaction that only reads, would be of different moments.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _add_columns(connection: Connection) -> None:
    """A file of an earlier version lacks what was added since: nullable, or with a default."""
    known = inspect(connection)
    operations = Operations(MigrationContext.configure(connection))
    for table in metadata.sorted_tables:
        names = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in names:
                operations.add_column(table.name, column.copy())


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
