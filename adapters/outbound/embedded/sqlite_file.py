"""One SQLite file: a thread that writes with group commit, and connections that read."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from adapters.outbound.embedded.group_commit import Floor, GroupCommit, Write, as_fault
from adapters.outbound.embedded.schema import SCHEMA

T = TypeVar("T")
Item = TypeVar("Item")

_BUSY_TIMEOUT_S = 2.0
_READERS = 2
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)


class SqliteFile:
    """`open` before use, `close` after; both belong to the loop in which it is used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._commits: GroupCommit | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._local = threading.local()
        self.unwritten_s = 0.0
        """For how long nobody had written to the file when it was opened."""

    async def open(self) -> None:
        """Creates the file and its tables where they are missing. Raises Unavailable."""
        self._loop = asyncio.get_running_loop()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.unwritten_s = _unwritten_s(self.path)
        connection = await asyncio.to_thread(self._create)
        self._commits = GroupCommit(self._loop, connection)
        self._readers = ThreadPoolExecutor(_READERS, "sqlite-reader")

    async def close(self) -> None:
        """Does what was asked before, then ends."""
        if self._commits is not None:
            self._commits.ask(None)
            await asyncio.to_thread(self._commits.join)
            self._commits = None
        if self._readers is not None:
            self._readers.shutdown()
            self._readers = None

    async def write(self, run: Callable[[sqlite3.Connection], T], *, durable: bool = True) -> T:
        """Runs in a transaction, in the order of the calls; durable on return.

        Not `durable`: it outlives the process on return, but a power cut may undo it, and then
        with all that was written after it. For what is done again from what remains.
        Raises Unavailable when the file cannot be written now; then nothing was.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._ask(Write(lambda connection, _: [run(connection)], None, future, durable))
        return await future

    async def write_together(
        self,
        run: Callable[[sqlite3.Connection, list[Item]], Sequence[T]],
        item: Item,
        noted: Callable[[T], None],
    ) -> T:
        """Like `write`, for what comes in numbers: items that wait at the same time are given
        to `run` together, and it answers for each.

        `noted` is told the answer as soon as it is durable, in the order of the calls, even
        when the caller has gone meanwhile.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._ask(Write(run, item, future, True, noted))
        return await future

    async def read(self, run: Callable[[sqlite3.Connection], T]) -> T:
        """Runs on a connection of its own and sees all that is durable."""
        assert self._readers is not None, "the file is not open"
        return await self._loop.run_in_executor(self._readers, self._read, run)

    @asynccontextmanager
    async def floor(self) -> AsyncIterator[None]:
        """The exclusive right to write by another connection, in turn with the jobs."""
        floor = Floor(self._loop.create_future(), threading.Event())
        self._ask(floor)
        try:
            await floor.granted
            yield
        finally:
            floor.released.set()

    def _create(self) -> sqlite3.Connection:
        try:
            connection = self._connect()
            connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise as_fault(error) from error
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    def _read(self, run: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if not hasattr(self._local, "connection"):
                self._local.connection = self._connect()
            return run(self._local.connection)
        except sqlite3.Error as error:
            raise as_fault(error) from error

    def _ask(self, wanted: Write | Floor) -> None:
        assert self._commits is not None, "the file is not open"
        self._commits.ask(wanted)


def _unwritten_s(path: Path) -> float:
    files = [file for file in (path, path.with_name(path.name + "-wal")) if file.exists()]
    return min((time.time() - file.stat().st_mtime for file in files), default=0.0)
