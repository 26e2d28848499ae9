"""The durable queue between intake and processing."""

import asyncio
import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs
import msgspec

from adapters.outbound.embedded import many_rows
from adapters.outbound.embedded.lanes import BACKLOG_BASE, Numbered, WaitingLane
from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.ports.intake_queue import MAX_ASKED, Intake
from domain.batch import Batch, Lane
from domain.kinds import Kind
from domain.quarantine import MAX_PER_DEVICE, Quarantined

_Key = tuple[str, str, str]
Id = int | None

_COLUMNS = [field.name for field in attrs.fields(Batch) if field.name != "left_out"]
_NAMES = ", ".join(_COLUMNS)
_text = str.__str__  # SQLite takes a str as it is, and looks for a converter of any other type
_LOG = "INSERT OR IGNORE INTO batch_log (device_id, kind, identity, received_ms, count) {rows}"
_ENQUEUE = f"INSERT INTO intake_queue (id, {_NAMES}) {{rows}}"
_FINISH = "DELETE FROM intake_queue WHERE id IN ({rows})"
_KNOWN = """WITH asked (device_id, kind, identity) AS ({rows})
    SELECT device_id, kind, identity FROM asked JOIN batch_log USING (device_id, kind, identity)"""
_READ = f"SELECT id, {_NAMES} FROM intake_queue WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
_END = (1 << 63) - 1


class SqliteIntakeQueue:
    """`open` before use. One consumer takes and finishes in turn."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._lanes = {
            Lane.LIVE: WaitingLane(1, BACKLOG_BASE),
            Lane.BACKLOG: WaitingLane(BACKLOG_BASE, _END),
        }
        self._next_ids = {Lane.LIVE: 1, Lane.BACKLOG: BACKLOG_BASE}
        self._depth = 0
        self._taken: dict[_Key, int] = {}
        self._filled = asyncio.Event()

    async def open(self) -> None:
        def survey(connection: sqlite3.Connection) -> tuple[int, int, int]:
            live, backlog, count = connection.execute(
                "SELECT max(id) FILTER (WHERE id < ?), max(id) FILTER (WHERE id >= ?), count(*)"
                " FROM intake_queue",
                (BACKLOG_BASE, BACKLOG_BASE),
            ).fetchone()
            return live or 0, backlog or BACKLOG_BASE - 1, count

        live, backlog, self._depth = await self._file.read(survey)
        for lane, last_id in ((Lane.LIVE, live), (Lane.BACKLOG, backlog)):
            self._lanes[lane].last_id = last_id
            self._next_ids[lane] = last_id + 1
        if self._depth:
            self._filled.set()

    async def close(self) -> None:
        """The file is closed by itself."""

    async def accept(self, intake: Intake) -> list[bool]:
        ids = await self._file.write_together(
            self._write, intake, lambda ids: self._note(intake.batches, ids)
        )
        return [id_ is not None for id_ in ids]

    async def known(
        self, account_id: str, device_id: str, keys: Sequence[tuple[Kind, str]]
    ) -> list[bool]:
        assert len(keys) <= MAX_ASKED, "more keys than one question may have"
        asked = [(device_id, _text(kind), identity) for kind, identity in keys]
        found = await self._file.read(partial(_found, keys=asked))
        return [key in found for key in asked]

    def _write(self, connection: sqlite3.Connection, intakes: list[Intake]) -> list[list[Id]]:
        """The ids of each upload's batches, None for a duplicate."""
        batches = [batch for intake in intakes for batch in intake.batches]
        all_ids = self._enqueue(connection, batches)
        answers = []
        start = 0
        for intake in intakes:
            ids = all_ids[start : start + len(intake.batches)]
            start += len(ids)
            answers.append(ids)
            for item in (*intake.quarantined, *_left_out(intake.batches, ids)):
                put_in_quarantine(connection, item)
        return answers

    def _enqueue(self, connection: sqlite3.Connection, batches: list[Batch]) -> list[Id]:
        entries = [_entry(batch) for batch in batches]
        if _log(connection, entries):
            fresh = [True] * len(batches)
        else:
            fresh = [_log(connection, [entry]) for entry in entries]
        # Ids are only ever given by the writing thread; one of a transaction that is undone
        # is not used again.
        ids: list[Id] = []
        rows = []
        for batch, (_, kind, *_), new in zip(batches, entries, fresh, strict=True):
            if not new:
                ids.append(None)
                continue
            id_ = self._next_id(batch)
            ids.append(id_)
            rows.append(
                (
                    id_,
                    batch.account_id,
                    batch.device_id,
                    kind,
                    batch.identity,
                    batch.block,
                    batch.count,
                    batch.first_ms,
                    batch.last_ms,
                    batch.received_ms,
                )
            )
        many_rows.run(connection, _ENQUEUE, rows)
        return ids

    def _next_id(self, batch: Batch) -> int:
        lane = batch.lane
        id_ = self._next_ids[lane]
        self._next_ids[lane] = id_ + 1
        return id_

    def _note(self, batches: Sequence[Batch], ids: Sequence[Id]) -> None:
        live, backlog = self._lanes[Lane.LIVE], self._lanes[Lane.BACKLOG]
        noted = 0
        for batch, id_ in zip(batches, ids, strict=True):
            if id_ is not None:
                batch.left_out = None  # it is on the shelf by now
                (live if id_ < BACKLOG_BASE else backlog).written(id_, batch)
                noted += 1
        if noted:
            self._depth += noted
            self._filled.set()

    def depth(self) -> int:
        return self._depth

    async def take(self, limit: int) -> list[Batch]:
        while True:
            await self._filled.wait()
            for lane in self._lanes.values():
                if lane.must_be_read():
                    lane.read(await self._file.read(partial(_read, lane=lane, limit=limit)))
            # From here on nothing is awaited: a taker that goes takes nothing with it.
            numbered: list[Numbered] = []
            for lane in self._lanes.values():
                numbered += lane.take(limit - len(numbered))
            if numbered:
                break
            self._filled.clear()
        for id_, batch in numbered:
            self._taken[key_of(batch)] = id_
        return [batch for _, batch in numbered]

    async def finish(self, batches: Sequence[Batch]) -> None:
        keys = [key_of(batch) for batch in batches]
        ids = [(self._taken[key],) for key in keys]
        await self._file.write(lambda c: many_rows.run(c, _FINISH, ids), durable=False)
        for key in keys:
            del self._taken[key]
        self._depth -= len(ids)


def key_of(batch: Batch) -> _Key:
    """Of its row in the log, as SQLite takes it best."""
    return batch.device_id, _text(batch.kind), batch.identity


def _entry(batch: Batch) -> tuple[str, str, str, int, int]:
    """Its row in the log."""
    return batch.device_id, _text(batch.kind), batch.identity, batch.received_ms, batch.count


def _log(connection: sqlite3.Connection, entries: Sequence[tuple[Any, ...]]) -> bool:
    """True when all of them are new; when any is not, none is written."""
    connection.execute("SAVEPOINT log")
    all_new = many_rows.run(connection, _LOG, entries) == len(entries)
    if not all_new:
        connection.execute("ROLLBACK TO log")
    connection.execute("RELEASE log")
    return all_new


def _left_out(batches: Sequence[Batch], ids: Sequence[Id]) -> list[Quarantined]:
    """What was not understood of the batches that are new. It is kept at the door, with the batch;
    processing has nothing more to do with it.
    """
    found = []
    for batch, id_ in zip(batches, ids, strict=True):
        if batch.left_out is not None and id_ is not None:
            found.append(batch.left_out)
    return found


def _found(connection: sqlite3.Connection, keys: Sequence[_Key]) -> set[_Key]:
    """Those of the keys that are in the log."""
    found: set[_Key] = set()
    for rows, values in many_rows.chunks(_KNOWN, keys):
        found.update(connection.execute(rows, values))
    return found


def _read(connection: sqlite3.Connection, lane: WaitingLane, limit: int) -> list[Numbered]:
    rows = connection.execute(_READ, (lane.known_id, lane.end_id, limit)).fetchall()
    return [
        (id_, Batch(account_id, device_id, Kind(kind), *rest))
        for id_, account_id, device_id, kind, *rest in rows
    ]


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
