"""Accounts and configuration, read in snapshots and changed one account at a time."""

import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.outbound.mysql.account_floor import NOBODY, RECENT, AccountFloor
from adapters.outbound.mysql.faults import faults
from adapters.outbound.mysql.migrate import check
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.sql.catalogs import SqlTransaction
from application.ports.configuration import ConfigurationTransaction

_RECYCLE_S = 1_800
"""A connection lives no longer, so that after a fail-over all of them move in time."""

_SILENT_S = 20
"""How much longer than a transaction may take a connection may say nothing. Who has gone without
a word, with his machine or the network, then loses what he has locked.
"""

_RECENT_MS = 120_000
"""Much longer than a transaction may take, so that none is missed that ended late."""

_MOST_RECENT = 10_000
_TABLE_LOCK_S = 2


class MysqlConfiguration:
    """`open` before use: it finds out whether the tables are as this version needs them."""

    def __init__(self, settings: MysqlSettings) -> None:
        self._settings = settings
        # Of one snapshot what is read, of the moment what is changed: a level for each pool costs
        # nothing; one for each transaction would cost a round trip.
        self._reads = _engine(settings, "REPEATABLE READ")
        self._changes = _engine(settings, "READ COMMITTED")

    async def open(self) -> None:
        """Raises Unavailable, and StoreBroken when `fieldpost migrate` has to be run."""
        async with faults(self._settings.deadline_s):
            await check(self._reads)

    async def close(self) -> None:
        await self._reads.dispose()
        await self._changes.dispose()

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
            floor = AccountFloor(connection)
            yield SqlTransaction(connection, floor, NOBODY)
            await floor.leave()

    @asynccontextmanager
    async def read_connection(self) -> AsyncIterator[AsyncConnection]:
        """For what is kept beside the configuration. Raises Unavailable and StoreBroken."""
        async with faults(self._settings.deadline_s), self._reads.connect() as connection:
            yield connection

    @asynccontextmanager
    async def change_connection(self) -> AsyncIterator[AsyncConnection]:
        """The same, to change it: durable when the block ends without an exception."""
        async with faults(self._settings.deadline_s), self._changes.begin() as connection:
            yield connection

    async def recent_changes(self) -> Mapping[str, int]:
        """The accounts whose configuration was changed in the last two minutes, with a number
        that rises with every change.
        """
        values = {"within_ms": _RECENT_MS, "most": _MOST_RECENT}
        async with faults(self._settings.deadline_s), self._reads.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(RECENT, values)}


def _engine(settings: MysqlSettings, isolation_level: str) -> AsyncEngine:
    deadline_s = math.ceil(settings.deadline_s)
    return create_async_engine(
        settings.url,
        isolation_level=isolation_level,
        pool_size=settings.pool_size,
        max_overflow=0,
        # Ends before the deadline, so that the failure says what it was.
        pool_timeout=settings.deadline_s * 0.8,
        pool_pre_ping=True,
        pool_recycle=_RECYCLE_S,
        hide_parameters=True,  # they are addresses and digests, and errors are logged
        connect_args={
            **settings.connect_args(
                _TABLE_LOCK_S,
                f"wait_timeout = {deadline_s + _SILENT_S}",
                f"innodb_lock_wait_timeout = {deadline_s}",
            ),
            # The deadline cancels once; what undoes a transaction after that is bounded by this.
            "read_timeout": settings.deadline_s,
        },
    )
