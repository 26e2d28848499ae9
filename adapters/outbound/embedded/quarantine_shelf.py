"""What was not understood, as people look at it."""

import msgspec

from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.paging import Page
from domain.quarantine import Quarantined

_decode = msgspec.msgpack.Decoder(Quarantined).decode


class SqliteQuarantineShelf:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

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
