"""One SQLite file: a thread that writes with group commit, and connections that read.

Jobs that wait while a transaction is being committed form the next one, so that under load
many uploads share one fsync and at rest a job is committed alone. A job sees the effects of
those before it. When one of a group fails, the group is undone and its jobs are done one by
one, so that nobody suffers for another's failure.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import attrs

from adapters.outbound.embedded.schema import SCHEMA
from application.faults import StoreBroken, Unavailable

T = TypeVar("T")

MAX_GROUP = 512
_BUSY_TIMEOUT_S = 2.0
_READERS = 2
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)


@attrs.define(eq=False)
class _Job:
    run: Callable[[sqlite3.Connection], Any]
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None


@attrs.define(eq=False)
class _Floor:
    """Gives somebody outside the thread the right to write, until `released`."""

    granted: "asyncio.Future[None]"
    released: threading.Event


class SqliteFile:
    """`open` before use, `close` after; both belong to the loop in which it is used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._jobs: queue.SimpleQueue[_Job | _Floor | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
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
        self._thread = threading.Thread(
            target=self._write_for_ever, args=(connection,), name="sqlite-writer", daemon=True
        )
        self._thread.start()
        self._readers = ThreadPoolExecutor(_READERS, "sqlite-reader")

    async def close(self) -> None:
        """Does what was asked before, then ends."""
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None
        if self._readers is not None:
            self._readers.shutdown()
            self._readers = None

    async def write(self, run: Callable[[sqlite3.Connection], T]) -> T:
        """Runs in a transaction, in the order of the calls; durable on return.

        Raises Unavailable when the file cannot be written now; then nothing was.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(run, future))
        return await future

    async def read(self, run: Callable[[sqlite3.Connection], T]) -> T:
        """Runs on a connection of its own and sees all that is durable."""
        assert self._readers is not None, "the file is not open"
        return await self._loop.run_in_executor(self._readers, self._read, run)

    @asynccontextmanager
    async def floor(self) -> AsyncIterator[None]:
        """The exclusive right to write by another connection, in turn with the jobs."""
        floor = _Floor(self._loop.create_future(), threading.Event())
        self._jobs.put(floor)
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

    def _write_for_ever(self, connection: sqlite3.Connection) -> None:
        stopping = False
        while not stopping:
            group, floor, stopping = self._gather()
            if group:
                self._commit(connection, group)
                self._loop.call_soon_threadsafe(_settle, group)
            if floor is not None:
                self._loop.call_soon_threadsafe(_grant, floor)
                floor.released.wait()
        connection.close()

    def _gather(self) -> tuple[list[_Job], _Floor | None, bool]:
        """All that waits, up to somebody who wants the floor; waits for the first."""
        group: list[_Job] = []
        item = self._jobs.get()
        while True:
            if item is None:
                return group, None, True
            if isinstance(item, _Floor):
                return group, item, False
            group.append(item)
            if len(group) == MAX_GROUP:
                return group, None, False
            try:
                item = self._jobs.get_nowait()
            except queue.Empty:
                return group, None, False

    def _commit(self, connection: sqlite3.Connection, group: list[_Job]) -> None:
        if self._transact(connection, group) is None:
            return
        for job in group:
            job.error = self._transact(connection, [job])

    def _transact(self, connection: sqlite3.Connection, group: list[_Job]) -> BaseException | None:
        """None when all is durable; else why nothing is."""
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in group:
                job.result = job.run(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            _roll_back(connection)
            return as_fault(error) if isinstance(error, sqlite3.Error) else error
        return None


def _unwritten_s(path: Path) -> float:
    files = [file for file in (path, path.with_name(path.name + "-wal")) if file.exists()]
    return min((time.time() - file.stat().st_mtime for file in files), default=0.0)


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        # SQLite has undone the transaction by itself, as it does when the disk is full.
        pass


def _settle(group: list[_Job]) -> None:
    for job in group:
        if job.future.done():
            continue  # whoever asked has gone; it is durable all the same
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


def _grant(floor: _Floor) -> None:
    if floor.granted.done():
        floor.released.set()
    else:
        floor.granted.set_result(None)


def as_fault(error: Exception) -> Exception:
    """What SQLite says, as one of the two kinds of failure that the application knows."""
    if isinstance(error, sqlite3.OperationalError):
        return Unavailable(f"the data file cannot be used now: {error}")
    return StoreBroken(f"the data file is damaged or misused: {error}")
