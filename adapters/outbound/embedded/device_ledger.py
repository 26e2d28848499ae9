"""What processing does: histories, blocks and alerts in one transaction."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import attrs
import msgspec

from adapters.outbound.embedded import many_rows
from adapters.outbound.embedded.intake_queue import key_of, put_in_quarantine
from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.ports.device_ledger import Effects, StoredBlock
from domain.alert import Alert, alert_id
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.rules.judge import Cleared

SMALL_BLOCK = 256
"""A block of fewer observations is small: worth being merged with others of its day."""

_MARK = """WITH batches (device, kind, identity) AS ({rows})
    UPDATE batch_log SET applied = 1 FROM batches
    WHERE batch_log.device_id = batches.device AND batch_log.kind = batches.kind
        AND batch_log.identity = batches.identity AND batch_log.applied = 0"""
_NEW_HISTORIES = """INSERT OR IGNORE INTO histories
    (device_id, account_id, version, silence_due_ms, body) {rows}"""
_CHANGED_HISTORIES = """WITH changed (device, account, version, due_ms, body) AS ({rows})
    UPDATE histories SET account_id = changed.account, version = changed.version,
        silence_due_ms = changed.due_ms, body = changed.body
    FROM changed
    WHERE histories.device_id = changed.device AND histories.version = changed.version - 1"""
_BLOCK_COLUMNS = [field.name for field in attrs.fields(StoredBlock)]
_block_values = attrgetter(*_BLOCK_COLUMNS)
_BLOCKS = f"INSERT OR IGNORE INTO blocks ({', '.join(_BLOCK_COLUMNS)}) {{rows}}"
_UNMERGED = """INSERT INTO unmerged_days (device_id, kind, day_ms, small) {rows}
    ON CONFLICT DO UPDATE SET small = small + excluded.small"""

_REMEMBERED = 20_000
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(DeviceHistory).decode
_decode_alert = msgspec.msgpack.Decoder(Alert).decode


class _Stale(Exception):
    """The effects are built on what is no longer so."""


class SqliteDeviceLedger:
    """Keeps the latest histories in memory: this process is the only one that changes them,
    and a version that is not the stored one is refused all the same.
    """

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._known: dict[str, DeviceHistory] = {}

    async def histories(self, devices: Sequence[tuple[str, str]]) -> dict[str, DeviceHistory]:
        missing = [device for _, device in devices if device not in self._known]
        stored = await self._file.read(lambda c: _load(c, missing)) if missing else {}
        found = {}
        for account, device in devices:
            history = self._known.get(device) or stored.get(device)
            if history is None or history.account_id != account:
                history = DeviceHistory(device, account)
            found[device] = history
        return found

    async def unapplied(self, batches: Sequence[Batch]) -> list[Batch]:
        def run(connection: sqlite3.Connection) -> list[Batch]:
            return [batch for batch in batches if not _applied(connection, batch)]

        self._known.clear()
        return await self._file.read(run)

    async def apply(self, effects: Sequence[Effects]) -> list[bool]:
        # Not durable at once: a power cut that undoes it finds the batches in the queue.
        applied = await self._file.write(lambda c: _apply(c, effects), durable=False)
        for one, done in zip(effects, applied, strict=True):
            self._remember(one.history, done)
        return applied

    async def silent(self, now_ms: int, limit: int) -> list[DeviceHistory]:
        query = (
            "SELECT body FROM histories WHERE silence_due_ms <= ? ORDER BY silence_due_ms LIMIT ?"
        )
        rows = await self._file.read(lambda c: c.execute(query, (now_ms, limit)).fetchall())
        return [_decode(body) for (body,) in rows]

    def _remember(self, history: DeviceHistory, done: bool) -> None:
        self._known.pop(history.device_id, None)
        if done:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[history.device_id] = history


def _load(connection: sqlite3.Connection, devices: Sequence[str]) -> dict[str, DeviceHistory]:
    query = "SELECT body FROM histories WHERE device_id = ?"
    rows = [connection.execute(query, (device,)).fetchone() for device in devices]
    histories = [_decode(row[0]) for row in rows if row is not None]
    return {history.device_id: history for history in histories}


def _applied(connection: sqlite3.Connection, batch: Batch) -> bool:
    query = "SELECT applied FROM batch_log WHERE device_id = ? AND kind = ? AND identity = ?"
    row = connection.execute(query, (batch.device_id, batch.kind, batch.identity)).fetchone()
    return bool(row and row[0])


def _apply(connection: sqlite3.Connection, effects: Sequence[Effects]) -> list[bool]:
    """Mostly nothing is stale; where something is, each device stands or falls by itself."""
    if _put(connection, effects):
        return [True] * len(effects)
    return [_put(connection, [one]) for one in effects]


def _put(connection: sqlite3.Connection, effects: Sequence[Effects]) -> bool:
    """All of it, or nothing."""
    connection.execute("SAVEPOINT effects")
    try:
        _mark_applied(connection, [batch for one in effects for batch in one.batches])
        _put_histories(connection, [one.history for one in effects])
    except _Stale:
        connection.execute("ROLLBACK TO effects")
        connection.execute("RELEASE effects")
        return False
    _put_blocks(connection, [block for one in effects for block in one.blocks])
    for one in effects:
        for alert in one.alerts:
            _put_alert(connection, alert)
        for cleared in one.cleared:
            _clear(connection, one.history, cleared)
        for item in one.quarantined:
            put_in_quarantine(connection, item)
    connection.execute("RELEASE effects")
    return True


def _mark_applied(connection: sqlite3.Connection, batches: Sequence[Batch]) -> None:
    keys = [key_of(batch) for batch in batches]
    if many_rows.run(connection, _MARK, keys) < len(keys):
        raise _Stale


def _put_histories(connection: sqlite3.Connection, histories: Sequence[DeviceHistory]) -> None:
    new = [_history_values(history) for history in histories if history.version == 1]
    changed = [_history_values(history) for history in histories if history.version > 1]
    put = many_rows.run(connection, _NEW_HISTORIES, new)
    put += many_rows.run(connection, _CHANGED_HISTORIES, changed)
    if put < len(histories):
        raise _Stale


def _history_values(history: DeviceHistory) -> tuple[Any, ...]:
    return (
        history.device_id,
        history.account_id,
        history.version,
        history.silence_due_ms,
        _encode(history),
    )


def _put_blocks(connection: sqlite3.Connection, blocks: Sequence[StoredBlock]) -> None:
    many_rows.run(connection, _BLOCKS, [_block_values(block) for block in blocks])
    small = Counter(
        (block.device_id, block.kind, block.day_ms) for block in blocks if block.count < SMALL_BLOCK
    )
    rows = [(*day, count) for day, count in small.items()]
    many_rows.run(connection, _UNMERGED, rows)


def _put_alert(connection: sqlite3.Connection, alert: Alert) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO alerts (account_id, id, device_id, rule_id, state, body)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            alert.account_id,
            alert.id,
            alert.device_id,
            alert.rule_id,
            alert.state,
            _encode(alert),
        ),
    )


def _clear(connection: sqlite3.Connection, history: DeviceHistory, cleared: Cleared) -> None:
    raised = alert_id(cleared.rule_id, history.device_id, cleared.raised_ms, cleared.remaining_s)
    connection.execute(
        "UPDATE alerts SET cleared_at_ms = ? WHERE account_id = ? AND id = ?",
        (cleared.at_ms, history.account_id, raised),
    )
