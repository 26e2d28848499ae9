"""The thread that writes: what waits while a transaction is committed forms the next one.

Under load many uploads share one fsync, and at rest a job is committed alone. A job sees the
effects of those before it. When one of a group fails, the group is undone and its jobs are
done one by one, so that nobody suffers for another's failure.

The thread is handed a whole group at a time. It needs the interpreter before each statement,
in competition with the loop: so what comes in numbers is written by few statements of many
rows (`Write.run` is given many items), and its callers are woken together.
"""

import asyncio
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import attrs

from application.faults import StoreBroken, Unavailable

MAX_GROUP = 512

Run = Callable[[sqlite3.Connection, list[Any]], Sequence[Any]]

_SYNCHRONOUS = {True: "PRAGMA synchronous=FULL", False: "PRAGMA synchronous=NORMAL"}


@attrs.define(eq=False)
class Write:
    """A job. `run` is given the items of all neighbours with the same `run` and answers each.

    `noted` is told the answer in the loop as soon as it is durable, whether or not somebody
    still waits for the `future`.
    """

    run: Run
    item: Any
    future: "asyncio.Future[Any]"
    durable: bool = True
    noted: Callable[[Any], None] | None = None
    answer: Any = None
    error: BaseException | None = None


@attrs.define(eq=False)
class Floor:
    """Gives somebody outside the thread the right to write, until `released`."""

    granted: "asyncio.Future[None]"
    released: threading.Event


@attrs.define(eq=False)
class _Group:
    """The writes of one transaction; after them somebody has the floor, or the thread ends."""

    writes: list[Write]
    floor: Floor | None = None
    last: bool = False


class GroupCommit:
    """Writes by one connection, in the order in which they are asked for in the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, connection: sqlite3.Connection) -> None:
        self._loop = loop
        self._connection = connection
        self._waiting: deque[Write | Floor | None] = deque()
        self._busy = False
        self._groups: queue.SimpleQueue[_Group] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._write_for_ever, name="sqlite-writer", daemon=True
        )
        self._thread.start()

    def ask(self, wanted: Write | Floor | None) -> None:
        """None is the end: what was asked before is done, then the connection is closed."""
        self._waiting.append(wanted)
        if not self._busy:
            # Not at once: the calls that the loop has in hand may bring more for this group.
            self._busy = True
            self._loop.call_soon(self._hand_over)

    def join(self) -> None:
        self._thread.join()

    def _hand_over(self) -> None:
        """What waits, up to somebody who wants the floor."""
        group = _Group([])
        while self._waiting and len(group.writes) < MAX_GROUP:
            wanted = self._waiting.popleft()
            if isinstance(wanted, Write):
                group.writes.append(wanted)
            else:
                group.floor, group.last = wanted, wanted is None
                break
        self._groups.put(group)

    def _write_for_ever(self) -> None:
        last = False
        while not last:
            group = self._groups.get()
            if group.writes:
                _commit(self._connection, group.writes)
            last = group.last
            if not last:
                self._loop.call_soon_threadsafe(self._written, group)
            elif group.writes:
                self._loop.call_soon_threadsafe(_settle, group.writes)
            if group.floor is not None:
                group.floor.released.wait()
        self._connection.close()

    def _written(self, group: _Group) -> None:
        if self._waiting:
            self._hand_over()
        else:
            self._busy = False
        _settle(group.writes)
        if group.floor is not None:
            _grant(group.floor)


def _commit(connection: sqlite3.Connection, group: list[Write]) -> None:
    error = _transact(connection, group)
    if isinstance(error, Unavailable):
        # The disk or the lock, not one of the writes: each try by itself would wait as long.
        for write in group:
            write.error = Unavailable(str(error), error.retry_after_s)
    elif error is not None:
        for write in group:
            write.error = _transact(connection, [write])


def _transact(connection: sqlite3.Connection, group: list[Write]) -> BaseException | None:
    """None when all is kept; else why nothing is."""
    try:
        connection.execute(_SYNCHRONOUS[any(write.durable for write in group)])
        connection.execute("BEGIN IMMEDIATE")
        for run, neighbours in groupby(group, attrgetter("run")):
            _do(connection, run, list(neighbours))
        connection.execute("COMMIT")
    except BaseException as error:
        _roll_back(connection)
        return as_fault(error) if isinstance(error, sqlite3.Error) else error
    return None


def _do(connection: sqlite3.Connection, run: Run, writes: list[Write]) -> None:
    answers = run(connection, [write.item for write in writes])
    for write, answer in zip(writes, answers, strict=True):
        write.answer = answer


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        # SQLite has undone the transaction by itself, as it does when the disk is full.
        pass


def _settle(writes: list[Write]) -> None:
    for write in writes:
        if write.error is None and write.noted is not None:
            write.noted(write.answer)
        if write.future.done():
            continue  # whoever asked has gone; it is durable all the same
        if write.error is not None:
            write.future.set_exception(write.error)
        else:
            write.future.set_result(write.answer)


def _grant(floor: Floor) -> None:
    if floor.granted.done():
        floor.released.set()
    else:
        floor.granted.set_result(None)


def as_fault(error: Exception) -> Exception:
    """What SQLite says, as one of the two kinds of failure that the application knows."""
    if isinstance(error, sqlite3.OperationalError):
        return Unavailable(f"the data file cannot be used now: {error}")
    return StoreBroken(f"the data file is damaged or misused: {error}")
