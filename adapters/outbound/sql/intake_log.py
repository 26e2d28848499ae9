"""The intake log in a table: lines are added up by the engine."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Insert, delete, func, select, tuple_
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.outbound.sql.connections import Connections
from adapters.outbound.sql.rows import RowMapper
from adapters.outbound.sql.tables import intake_log
from domain.intake_line import IntakeLine

_ROWS = RowMapper(intake_log, IntakeLine)
_COUNTS = ("accepted_batches", "duplicate_batches", "refused_batches", "accepted", "refused")


class SqlIntakeLog:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def add(self, lines: Sequence[IntakeLine]) -> None:
        # In the order of the key, so that processes that write at once wait for each other
        # instead of stopping each other.
        rows = [_ROWS.row(line) for line in sorted(lines, key=lambda line: line.key)]
        if not rows:
            return
        async with self._connections.change_connection() as connection:
            await connection.execute(_upsert(connection), rows)

    async def lines(self, account_id: str, device_id: str, since: str) -> list[IntakeLine]:
        table = intake_log.c
        query = (
            select(intake_log)
            .where(table.account_id == account_id, table.device_id == device_id, table.day >= since)
            .order_by(table.day.desc(), table.kind)
        )
        async with self._connections.read_connection() as connection:
            rows = (await connection.execute(query)).mappings()
            return [_line(row) for row in rows]

    async def forget(self, before: str, limit: int) -> int:
        async with self._connections.change_connection() as connection:
            done = await connection.execute(_delete(connection, before, limit))
        return int(done.rowcount)


def _line(row: Mapping[Any, Any]) -> IntakeLine:
    return _ROWS.entity(row)


def _upsert(connection: AsyncConnection) -> Insert:
    """Of one line: the drivers make one statement of many, and it is put into words but once."""
    if connection.dialect.name == "sqlite":
        new = sqlite.insert(intake_log)
        return new.on_conflict_do_update(
            index_elements=intake_log.primary_key,
            set_=_added_up(new.excluded, func.min, func.max),
        )
    inserted = mysql.insert(intake_log)
    return inserted.on_duplicate_key_update(_added_up(inserted.inserted, func.least, func.greatest))


def _added_up(new: Any, least: Any, greatest: Any) -> dict[str, Any]:
    """What a line becomes to which another one of its key is added."""
    known = intake_log.c
    return {
        "first_at_ms": least(known.first_at_ms, new.first_at_ms),
        "last_at_ms": greatest(known.last_at_ms, new.last_at_ms),
        **{name: known[name] + new[name] for name in _COUNTS},
        "reason": func.coalesce(new.reason, known.reason),
    }


def _delete(connection: AsyncConnection, before: str, limit: int) -> Delete:
    """So many at most: MySQL has words for that, SQLite looks them up."""
    old = intake_log.c.day < before
    if connection.dialect.name == "sqlite":
        keys = select(*intake_log.primary_key).where(old).limit(limit)
        return delete(intake_log).where(tuple_(*intake_log.primary_key).in_(keys))
    return delete(intake_log).where(old).with_dialect_options(mysql_limit=limit)
