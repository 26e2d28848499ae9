"""The durable queue between intake and processing."""

import asyncio
import sqlite3
from collections.abc import Sequence

import attrs
import msgspec

from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.ports.intake_queue import Intake
from domain.batch import Batch, Lane
from domain.kinds import Kind
from domain.quarantine import MAX_PER_DEVICE, Quarantined

_Key = tuple[str, str, str]

_BACKLOG_BASE = 1 << 60
"""Ids of the backlog lane start here, so that the order of ids is the order of processing."""

_COLUMNS = [field.name for field in attrs.fields(Batch)]
_NAMES = ", ".join(_COLUMNS)
_LOG = """INSERT OR IGNORE INTO batch_log (device_id, kind, identity, received_ms, count)
          VALUES (?, ?, ?, ?, ?)"""
_ENQUEUE = f"INSERT INTO intake_queue (id, {_NAMES}) VALUES (?{', ?' * len(_COLUMNS)})"
_TAKE = f"SELECT id, {_NAMES} FROM intake_queue ORDER BY id LIMIT ?"


class SqliteIntakeQueue:
    """`open` before use. One consumer takes and finishes in turn."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._next_ids = {Lane.LIVE: 1, Lane.BACKLOG: _BACKLOG_BASE}
        self._depth = 0
        self._taken: dict[_Key, int] = {}
        self._filled = asyncio.Event()

    async def open(self) -> None:
        def survey(connection: sqlite3.Connection) -> tuple[int, int, int]:
            live, backlog, count = connection.execute(
                "SELECT max(id) FILTER (WHERE id < ?), max(id) FILTER (WHERE id >= ?), count(*)"
                " FROM intake_queue",
                (_BACKLOG_BASE, _BACKLOG_BASE),
            ).fetchone()
            return live or 0, backlog or _BACKLOG_BASE, count

        live, backlog, self._depth = await self._file.read(survey)
        self._next_ids = {Lane.LIVE: live + 1, Lane.BACKLOG: backlog + 1}
        if self._depth:
            self._filled.set()

    async def accept(self, intake: Intake) -> list[bool]:
        def run(connection: sqlite3.Connection) -> list[bool]:
            fresh = [self._enqueue(connection, batch) for batch in intake.batches]
            for item in intake.quarantined:
                put_in_quarantine(connection, item)
            return fresh

        fresh = await self._file.write(run)
        added = sum(fresh)
        if added:
            self._depth += added
            self._filled.set()
        return fresh

    def _enqueue(self, connection: sqlite3.Connection, batch: Batch) -> bool:
        key = (batch.device_id, batch.kind, batch.identity)
        logged = connection.execute(_LOG, (*key, batch.received_ms, batch.count))
        if logged.rowcount == 0:
            return False
        # Ids are only ever given by the writing thread; one of a transaction that is undone
        # is not used again.
        id_ = self._next_ids[batch.lane]
        self._next_ids[batch.lane] = id_ + 1
        connection.execute(
            _ENQUEUE,
            (
                id_,
                batch.account_id,
                *key,
                batch.block,
                batch.count,
                batch.first_ms,
                batch.last_ms,
                batch.received_ms,
            ),
        )
        return True

    def depth(self) -> int:
        return self._depth

    async def take(self, limit: int) -> list[Batch]:
        while True:
            await self._filled.wait()
            self._filled.clear()
            rows = await self._file.read(lambda c: c.execute(_TAKE, (limit,)).fetchall())
            if rows:
                break
        batches = []
        for id_, account_id, device_id, kind, *rest in rows:
            batch = Batch(account_id, device_id, Kind(kind), *rest)
            self._taken[(device_id, kind, batch.identity)] = id_
            batches.append(batch)
        return batches

    async def finish(self, batches: Sequence[Batch]) -> None:
        ids = [(self._taken[(batch.device_id, batch.kind, batch.identity)],) for batch in batches]
        await self._file.write(
            lambda c: c.executemany("DELETE FROM intake_queue WHERE id = ?", ids)
        )
        for batch in batches:
            del self._taken[(batch.device_id, batch.kind, batch.identity)]
        self._depth -= len(ids)
        if self._depth > 0:
            self._filled.set()


def put_in_quarantine(connection: sqlite3.Connection, item: Quarantined) -> None:
    """The oldest of a device make room for the newest."""
    connection.execute(
        "INSERT OR IGNORE INTO quarantine (account_id, id, device_id, body) VALUES (?, ?, ?, ?)",
        (item.account_id, item.id, item.device_id, msgspec.msgpack.encode(item)),
    )
    connection.execute(
        "DELETE FROM quarantine WHERE device_id = ? AND id < (SELECT id FROM quarantine"
        " WHERE device_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (item.device_id, item.device_id, MAX_PER_DEVICE),
    )
