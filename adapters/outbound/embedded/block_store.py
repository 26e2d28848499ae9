"""Blocks by device, kind and day."""

import sqlite3
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

from adapters.outbound.embedded.device_ledger import SMALL_BLOCK
from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.ports.block_codec import BlockCodec
from domain.kinds import Kind
from domain.times import DAY_MS

_MERGE_FROM = 32
"""So many small blocks of one day are worth a merge."""

_MERGE_AT_MOST = 400
"""Rows in one merge; the small ones beyond are merged with those that come later."""

_SELECT = """SELECT block FROM blocks
             WHERE device_id = ? AND kind = ? AND day_ms >= ? AND day_ms < ?
               AND account_id = ? AND last_ms >= ? AND first_ms < ?
             ORDER BY first_ms, identity"""

_SELECT_NAMES = """SELECT day_ms, identity, count FROM blocks
                   WHERE device_id = ? AND kind = ? AND day_ms >= ? AND day_ms < ?
                     AND account_id = ?
                   ORDER BY day_ms, identity"""


class SqliteBlockStore:
    def __init__(self, file: SqliteFile, codec: BlockCodec) -> None:
        self._file = file
        self._codec = codec

    async def blocks(
        self, account_id: str, device_id: str, kind: Kind, from_ms: int, to_ms: int
    ) -> list[bytes]:
        return (await self.blocks_of_kinds(account_id, device_id, [kind], from_ms, to_ms))[kind]

    async def blocks_of_kinds(
        self, account_id: str, device_id: str, kinds: Sequence[Kind], from_ms: int, to_ms: int
    ) -> dict[Kind, list[bytes]]:
        first_day = from_ms - from_ms % DAY_MS

        def run(connection: sqlite3.Connection) -> dict[Kind, list[bytes]]:
            return {
                kind: [
                    row[0]
                    for row in connection.execute(
                        _SELECT,
                        (device_id, kind, first_day, to_ms, account_id, from_ms, to_ms),
                    )
                ]
                for kind in kinds
            }

        return await self._file.read(run)

    async def versions(
        self, account_id: str, device_id: str, from_ms: int, to_ms: int
    ) -> dict[int, str]:
        """A block never changes, and one that is merged is longer than each before it."""
        first_day = from_ms - from_ms % DAY_MS

        def run(connection: sqlite3.Connection) -> dict[int, str]:
            digests: dict[int, Any] = {}
            for kind in Kind:
                asked = (device_id, kind, first_day, to_ms, account_id)
                for day_ms, identity, count in connection.execute(_SELECT_NAMES, asked):
                    if day_ms not in digests:
                        digests[day_ms] = blake2b(digest_size=12)
                    digests[day_ms].update(f"{kind} {identity} {count}\n".encode())
            return {day_ms: digest.hexdigest() for day_ms, digest in digests.items()}

        return await self._file.read(run)

    async def merge_small(self, limit: int) -> int:
        days = await self._file.read(
            lambda c: c.execute(
                "SELECT device_id, kind, day_ms FROM unmerged_days WHERE small >= ? LIMIT ?",
                (_MERGE_FROM, limit),
            ).fetchall()
        )
        for day in days:
            await self._file.write(partial(self._merge_day, day=day))
        return len(days)

    def _merge_day(self, connection: sqlite3.Connection, day: tuple[str, str, int]) -> None:
        """One block takes the place of the small ones; readers see the one or the others."""
        rows = connection.execute(
            "SELECT rowid, account_id, identity, first_ms, last_ms, count, block FROM blocks"
            " WHERE device_id = ? AND kind = ? AND day_ms = ? AND count < ?"
            " ORDER BY first_ms, identity LIMIT ?",
            (*day, SMALL_BLOCK, _MERGE_AT_MOST),
        ).fetchall()
        merged = self._codec.merge([row[6] for row in rows])
        connection.executemany("DELETE FROM blocks WHERE rowid = ?", [(row[0],) for row in rows])
        connection.execute(
            "INSERT INTO blocks (account_id, device_id, kind, day_ms, identity, first_ms,"
            " last_ms, count, block) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                rows[0][1],
                *day,
                rows[0][2],
                min(row[3] for row in rows),
                max(row[4] for row in rows),
                sum(row[5] for row in rows),
                merged,
            ),
        )
        connection.execute(
            "DELETE FROM unmerged_days WHERE device_id = ? AND kind = ? AND day_ms = ?", day
        )
