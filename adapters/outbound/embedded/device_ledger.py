"""What processing does: histories, blocks and alerts in one transaction."""

import sqlite3
from collections.abc import Sequence

import msgspec

from adapters.outbound.embedded.intake_queue import put_in_quarantine
from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.ports.device_ledger import Effects, StoredBlock
from domain.alert import Alert
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.rules.judge import Cleared

SMALL_BLOCK = 256
"""A block of fewer observations is small: worth being merged with others of its day."""

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
        applied = await self._file.write(lambda c: [_apply(c, one) for one in effects])
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


def _apply(connection: sqlite3.Connection, effects: Effects) -> bool:
    connection.execute("SAVEPOINT effects")
    try:
        _mark_applied(connection, effects.batches)
        _put_history(connection, effects.history)
    except _Stale:
        connection.execute("ROLLBACK TO effects")
        connection.execute("RELEASE effects")
        return False
    for block in effects.blocks:
        _put_block(connection, block)
    for alert in effects.alerts:
        _put_alert(connection, alert)
    for cleared in effects.cleared:
        _clear(connection, effects.history.device_id, cleared)
    for item in effects.quarantined:
        put_in_quarantine(connection, item)
    connection.execute("RELEASE effects")
    return True


def _mark_applied(connection: sqlite3.Connection, batches: Sequence[Batch]) -> None:
    for batch in batches:
        marked = connection.execute(
            "UPDATE batch_log SET applied = 1"
            " WHERE device_id = ? AND kind = ? AND identity = ? AND applied = 0",
            (batch.device_id, batch.kind, batch.identity),
        )
        if marked.rowcount == 0:
            raise _Stale


def _put_history(connection: sqlite3.Connection, history: DeviceHistory) -> None:
    row = (history.account_id, history.version, history.silence_due_ms, _encode(history))
    if history.version == 1:
        put = connection.execute(
            "INSERT OR IGNORE INTO histories"
            " (account_id, version, silence_due_ms, body, device_id) VALUES (?, ?, ?, ?, ?)",
            (*row, history.device_id),
        )
    else:
        put = connection.execute(
            "UPDATE histories SET account_id = ?, version = ?, silence_due_ms = ?, body = ?"
            " WHERE device_id = ? AND version = ?",
            (*row, history.device_id, history.version - 1),
        )
    if put.rowcount == 0:
        raise _Stale


def _put_block(connection: sqlite3.Connection, block: StoredBlock) -> None:
    key = (block.device_id, block.kind, block.day_ms)
    connection.execute(
        "INSERT OR IGNORE INTO blocks (account_id, device_id, kind, day_ms, identity,"
        " first_ms, last_ms, count, block) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            block.account_id,
            *key,
            block.identity,
            block.first_ms,
            block.last_ms,
            block.count,
            block.block,
        ),
    )
    if block.count < SMALL_BLOCK:
        connection.execute(
            "INSERT INTO unmerged_days (device_id, kind, day_ms, small) VALUES (?, ?, ?, 1)"
            " ON CONFLICT DO UPDATE SET small = small + 1",
            key,
        )


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


def _clear(connection: sqlite3.Connection, device_id: str, cleared: Cleared) -> None:
    connection.execute(
        "UPDATE alerts SET cleared_at_ms = ?"
        " WHERE device_id = ? AND rule_id = ? AND cleared_at_ms IS NULL",
        (cleared.at_ms, device_id, cleared.rule_id),
    )
