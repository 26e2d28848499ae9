"""The delivery log in a table, on any engine that locks the rows that a change has read."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import ColumnElement, Insert, and_, delete, exists, func, select, update
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.outbound.sql.connections import Connections
from adapters.outbound.sql.rows import RowMapper
from adapters.outbound.sql.tables import deliveries
from application.paging import Page
from application.ports.delivery_log import Claim
from domain.delivery import Delivery, DeliveryState

_ROWS = RowMapper(deliveries, Delivery)
_AT_ONCE = 100
_WAITING = deliveries.c.state == DeliveryState.WAITING.value
_BUSY = deliveries.alias("busy")


class SqlDeliveryLog:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def add(self, new: Sequence[Delivery]) -> int:
        added = 0
        async with self._connections.change_connection() as connection:
            for start in range(0, len(new), _AT_ONCE):
                rows = [_ROWS.row(one) for one in new[start : start + _AT_ONCE]]
                known = await _known(connection, rows)
                rows = [row for row in rows if (row["account_id"], row["id"]) not in known]
                if rows:
                    await connection.execute(_insert(connection, rows))
                    added += len(rows)
        return added

    async def waiting(self, now_ms: int, limit: int) -> list[tuple[str, str]]:
        table = deliveries.c
        busy = exists().where(
            _BUSY.c.account_id == table.account_id,
            _BUSY.c.channel_id == table.channel_id,
            _BUSY.c.state == DeliveryState.WAITING.value,
            _BUSY.c.claimed_until_ms > now_ms,
        )
        query = (
            select(table.account_id, table.channel_id)
            .where(_WAITING, table.due_at_ms <= now_ms, ~busy)
            .group_by(table.account_id, table.channel_id)
            .order_by(func.min(table.due_at_ms), table.account_id, table.channel_id)
            .limit(limit)
        )
        async with self._connections.read_connection() as connection:
            return [(row[0], row[1]) for row in await connection.execute(query)]

    async def claim(self, claim: Claim) -> list[Delivery]:
        table = deliveries.c
        free = and_(
            _waits(claim.account_id, claim.channel_id), table.claimed_until_ms <= claim.now_ms
        )
        first = select(deliveries).where(free, table.due_at_ms <= claim.now_ms)
        first = first.order_by(table.attempts, table.due_at_ms, table.id).limit(1)
        async with self._connections.change_connection() as connection:
            found = (await connection.execute(first.with_for_update())).mappings().first()
            if found is None:
                return []
            message_id = found["message_id"] or claim.message_id
            together = select(deliveries).where(free, _mates(found, claim)).order_by(table.id)
            rows = await connection.execute(together.limit(claim.limit).with_for_update())
            claimed = [_claimed(_delivery(row), claim, message_id) for row in rows.mappings()]
            whose = and_(
                table.account_id == claim.account_id, table.id.in_([one.id for one in claimed])
            )
            change = {"claimed_until_ms": claim.until_ms, "message_id": message_id}
            change["attempts"] = claimed[0].attempts
            await connection.execute(update(deliveries).where(whose).values(change))
        return claimed

    async def settle(self, claimed: Sequence[Delivery]) -> bool:
        async with self._connections.change_connection() as connection:
            for one in claimed:
                row = {**_ROWS.row(one), "claimed_until_ms": 0}
                done = await connection.execute(
                    update(deliveries)
                    .where(
                        _is(one.account_id, one.id),
                        _WAITING,
                        deliveries.c.claimed_until_ms == one.claimed_until_ms,
                    )
                    .values(row)
                )
                if done.rowcount != 1:
                    await connection.rollback()
                    return False
        return True

    async def postpone(self, account_id: str, channel_id: str, until_ms: int) -> None:
        table = deliveries.c
        await self._change(
            _waits(account_id, channel_id),
            table.claimed_until_ms == 0,
            table.due_at_ms < until_ms,
            due_at_ms=until_ms,
        )

    async def hasten(self, account_id: str, channel_id: str, until_ms: int, now_ms: int) -> None:
        table = deliveries.c
        await self._change(
            _waits(account_id, channel_id),
            table.due_at_ms == until_ms,
            table.due_at_ms > now_ms,
            due_at_ms=now_ms,
        )

    async def drop(self, account_id: str, channel_id: str, detail: str, now_ms: int) -> None:
        table = deliveries.c
        await self._change(
            _waits(account_id, channel_id),
            table.claimed_until_ms <= now_ms,
            state=DeliveryState.NOT_SENT.value,
            detail=detail,
            ended_at_ms=now_ms,
            claimed_until_ms=0,
        )

    async def get(self, account_id: str, delivery_id: str) -> Delivery | None:
        query = select(deliveries).where(_is(account_id, delivery_id))
        async with self._connections.read_connection() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else _delivery(row)

    async def resend(self, account_id: str, delivery_id: str, now_ms: int) -> Delivery | None:
        ended = and_(_is(account_id, delivery_id), ~_WAITING)
        query = select(deliveries).where(ended).with_for_update()
        async with self._connections.change_connection() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
            if row is None:
                return None
            anew = attrs.evolve(
                _delivery(row),
                state=DeliveryState.WAITING,
                attempts=0,
                due_at_ms=now_ms,
                ended_at_ms=None,
                detail="",
                message_id=None,
            )
            await connection.execute(update(deliveries).where(ended).values(_ROWS.row(anew)))
        return anew

    async def page(
        self, account_id: str, channel_id: str, cursor: str | None, limit: int
    ) -> Page[Delivery]:
        table = deliveries.c
        query = select(deliveries).where(
            table.account_id == account_id, table.channel_id == channel_id
        )
        if cursor is not None:
            query = query.where(table.id < cursor)
        query = query.order_by(table.id.desc()).limit(limit + 1)
        async with self._connections.read_connection() as connection:
            rows = (await connection.execute(query)).mappings().all()
        next_cursor = rows[limit - 1]["id"] if len(rows) > limit else None
        return Page([_delivery(row) for row in rows[:limit]], next_cursor)

    async def forget(self, before_ms: int, limit: int) -> int:
        table = deliveries.c
        ended = [state.value for state in DeliveryState if state is not DeliveryState.WAITING]
        query = (
            select(table.account_id, table.id)
            .where(table.state.in_(ended), table.due_at_ms < before_ms)
            .limit(limit)
        )
        async with self._connections.change_connection() as connection:
            rows = (await connection.execute(query)).all()
            for account_id, ident in rows:
                await connection.execute(
                    delete(deliveries).where(_is(account_id, ident), ~_WAITING)
                )
        return len(rows)

    async def _change(self, *where: ColumnElement[bool], **values: object) -> None:
        async with self._connections.change_connection() as connection:
            await connection.execute(update(deliveries).where(*where).values(**values))


def _delivery(row: Mapping[Any, Any]) -> Delivery:
    return _ROWS.entity(row)


def _claimed(delivery: Delivery, claim: Claim, message_id: str) -> Delivery:
    return attrs.evolve(
        delivery,
        claimed_until_ms=claim.until_ms,
        message_id=message_id,
        attempts=delivery.attempts + 1,
    )


def _is(account_id: str, delivery_id: str) -> ColumnElement[bool]:
    return and_(deliveries.c.account_id == account_id, deliveries.c.id == delivery_id)


def _waits(account_id: str, channel_id: str) -> ColumnElement[bool]:
    table = deliveries.c
    return and_(table.account_id == account_id, table.channel_id == channel_id, _WAITING)


def _mates(first: Mapping[Any, Any], claim: Claim) -> ColumnElement[bool]:
    """What goes out with the delivery that is claimed first."""
    table = deliveries.c
    if first["message_id"] is not None:
        same: ColumnElement[bool] = table.message_id == first["message_id"]
        return same
    return and_(table.message_id.is_(None), table.due_at_ms <= claim.together_until_ms)


async def _known(
    connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]
) -> set[tuple[str, str]]:
    table = deliveries.c
    query = select(table.account_id, table.id).where(
        table.account_id.in_({row["account_id"] for row in rows}),
        table.id.in_([row["id"] for row in rows]),
    )
    return {(row[0], row[1]) for row in await connection.execute(query)}


def _insert(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Of those who add the same at the same time one adds it, and the other sees no error."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(deliveries).values(rows).on_conflict_do_nothing()
    inserted = mysql.insert(deliveries).values(rows)
    return inserted.on_duplicate_key_update(id=deliveries.c.id)
