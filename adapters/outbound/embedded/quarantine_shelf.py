"""What was not understood, as people look at it."""

import sqlite3
from collections.abc import Sequence

import msgspec

from adapters.outbound.embedded.intake_queue import put_in_quarantine
from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.paging import Page
from domain.quarantine import Quarantined

_decode = msgspec.msgpack.Decoder(Quarantined).decode


class SqliteQuarantineShelf:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    async def put(self, items: Sequence[Quarantined]) -> None:
        def run(connection: sqlite3.Connection) -> None:
            for item in items:
                put_in_quarantine(connection, item)

        await self._file.write(run)

    async def page(self, account_id: str, cursor: str | None, limit: int) -> Page[Quarantined]:
        query = (
            "SELECT body FROM quarantine WHERE account_id = ?1 AND (?2 IS NULL OR id < ?2)"
            " ORDER BY id DESC LIMIT ?3"
        )
        rows = await self._file.read(
            lambda c: c.execute(query, (account_id, cursor, limit + 1)).fetchall()
        )
        found = [_decode(body) for (body,) in rows]
        return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)

    async def get(self, account_id: str, item_id: str) -> Quarantined | None:
        query = "SELECT body FROM quarantine WHERE account_id = ? AND id = ?"
        row = await self._file.read(lambda c: c.execute(query, (account_id, item_id)).fetchone())
        return None if row is None else _decode(row[0])

    async def remove(self, account_id: str, item_id: str) -> None:
        query = "DELETE FROM quarantine WHERE account_id = ? AND id = ?"
        await self._file.write(lambda c: c.execute(query, (account_id, item_id)))
