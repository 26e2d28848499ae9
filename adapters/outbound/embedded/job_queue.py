"""Jobs that wait, for the one worker that this process has."""

import asyncio
import sqlite3
import time

from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.ports.job_queue import JobTicket

_NEXT = (
    "SELECT id, due_ms, account_id, job_id FROM job_queue WHERE id NOT IN ({}) ORDER BY due_ms, id"
)


class SqliteJobQueue:
    """What was taken and not finished is handed out again by the next process only."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._taken: set[int] = set()
        self._filled = asyncio.Event()

    async def put(self, ticket: JobTicket, after_s: float = 0.0) -> None:
        row = (_now_ms() + round(after_s * 1000), ticket.account_id, ticket.job_id)
        query = "INSERT INTO job_queue (due_ms, account_id, job_id) VALUES (?, ?, ?)"
        await self._file.write(lambda c: c.execute(query, row))
        self._filled.set()

    async def take(self) -> JobTicket:
        while True:
            self._filled.clear()
            found = await self._file.read(self._next)
            if found is None:
                await self._filled.wait()
                continue
            id_, due_ms, account_id, job_id = found
            wait_s = (due_ms - _now_ms()) / 1000
            if wait_s <= 0:
                self._taken.add(id_)
                return JobTicket(account_id, job_id, str(id_))
            try:
                await asyncio.wait_for(self._filled.wait(), wait_s)
            except TimeoutError:
                continue

    async def finish(self, ticket: JobTicket) -> None:
        id_ = int(ticket.delivery)
        await self._file.write(lambda c: c.execute("DELETE FROM job_queue WHERE id = ?", (id_,)))
        self._taken.discard(id_)

    def _next(self, connection: sqlite3.Connection) -> tuple[int, int, str, str] | None:
        taken = ", ".join(map(str, self._taken))
        row: tuple[int, int, str, str] | None = connection.execute(_NEXT.format(taken)).fetchone()
        return row


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
