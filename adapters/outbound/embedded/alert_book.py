"""The alerts that were raised, as people list and acknowledge them."""

import sqlite3

import attrs
import msgspec

from adapters.outbound.embedded.sqlite_file import SqliteFile
from application.paging import Page
from domain.alert import Alert, AlertState

_decode = msgspec.msgpack.Decoder(Alert).decode


class SqliteAlertBook:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    async def alerts(
        self, account_id: str, state: AlertState | None, cursor: str | None, limit: int
    ) -> Page[Alert]:
        def run(connection: sqlite3.Connection) -> list[tuple[bytes, int | None]]:
            return connection.execute(
                "SELECT body, cleared_at_ms FROM alerts"
                " WHERE account_id = ?1 AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR id < ?3)"
                " ORDER BY id DESC LIMIT ?4",
                (account_id, state, cursor, limit + 1),
            ).fetchall()

        found = [_alert(*row) for row in await self._file.read(run)]
        return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)

    async def get(self, account_id: str, alert_id: str) -> Alert | None:
        return await self._file.read(lambda connection: _found(connection, account_id, alert_id))

    async def acknowledge(
        self, account_id: str, alert_id: str, by: str, now_ms: int
    ) -> Alert | None:
        def run(connection: sqlite3.Connection) -> Alert | None:
            alert = _found(connection, account_id, alert_id)
            if alert is None or alert.state is AlertState.ACKNOWLEDGED:
                return alert
            alert = attrs.evolve(
                alert,
                state=AlertState.ACKNOWLEDGED,
                acknowledged_at_ms=now_ms,
                acknowledged_by=by,
            )
            connection.execute(
                "UPDATE alerts SET state = ?, body = ? WHERE account_id = ? AND id = ?",
                (alert.state, msgspec.msgpack.encode(alert), account_id, alert_id),
            )
            return alert

        return await self._file.write(run)


def _found(connection: sqlite3.Connection, account_id: str, alert_id: str) -> Alert | None:
    row = connection.execute(
        "SELECT body, cleared_at_ms FROM alerts WHERE account_id = ? AND id = ?",
        (account_id, alert_id),
    ).fetchone()
    return None if row is None else _alert(*row)


def _alert(body: bytes, cleared_at_ms: int | None) -> Alert:
    return attrs.evolve(_decode(body), cleared_at_ms=cleared_at_ms)
