"""Devices, their latest values, their tracks and single observations."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs

from application.actor import Actor
from application.faults import Invalid, NotFound
from application.paging import Page
from application.ports.block_codec import BlockCodec
from application.ports.block_store import BlockStore
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.device_ledger import DeviceLedger
from application.queries.left_out_fixes import MAX_RANGE_MS as MAX_LEFT_OUT_RANGE_MS
from application.queries.left_out_fixes import LeftOutFixes
from application.queries.views import device_view
from domain.device import Device
from domain.kinds import Kind
from domain.refusals import FieldError
from domain.times import DAY_MS, from_datetime

MAX_RANGE_MS = 400 * DAY_MS
MAX_POINTS = 10_000
_PAGE_DAYS = 7


@attrs.frozen
class LookAtDevices:
    configuration: Configuration
    ledger: DeviceLedger
    blocks: BlockStore
    codec: BlockCodec
    clock: Clock

    async def all(self, actor: Actor, person_id: str | None = None) -> list[dict[str, Any]]:
        """Every device with its latest values, retired ones too."""
        equal = {} if person_id is None else {"person_id": person_id}
        async with self.configuration.reading() as tx:
            devices = await tx.devices.matching(actor.account_id, **equal)
        return await self._views(devices)

    async def one(self, actor: Actor, device_id: str) -> dict[str, Any]:
        return (await self._views([await self._device(actor, device_id)]))[0]

    async def track(
        self, actor: Actor, device_id: str, from_ms: int, to_ms: int, max_points: int
    ) -> bytes:
        """Columns of at most `max_points` fixes that keep the shape of the whole track, as JSON.

        All that the device told is in it; `left_out` are those of which stays and trips know
        nothing.
        """
        _check_range(from_ms, to_ms)
        await self._device(actor, device_id)
        blocks = await self.blocks.blocks(
            actor.account_id, device_id, Kind.LOCATION, from_ms, to_ms
        )
        return await asyncio.to_thread(self.codec.track_json, blocks, from_ms, to_ms, max_points)

    async def left_out(
        self, actor: Actor, device_id: str, from_ms: int, to_ms: int, max_points: int
    ) -> bytes:
        """Columns of the first `max_points` fixes that were left out, each with its reason."""
        _check_range(from_ms, to_ms)
        if to_ms - from_ms > MAX_LEFT_OUT_RANGE_MS:
            raise Invalid.of([FieldError("to", "is more than 31 days after from")])
        await self._device(actor, device_id)
        fixes = LeftOutFixes(self.blocks, self.codec)
        return await fixes.of(actor.account_id, device_id, from_ms, to_ms, max_points)

    async def observations(
        self,
        actor: Actor,
        device_id: str,
        kind: Kind,
        from_ms: int,
        to_ms: int,
        cursor: str | None,
        limit: int,
    ) -> Page[bytes]:
        """JSON objects in time order. The cursor is a moment and how many of it were given."""
        _check_range(from_ms, to_ms)
        await self._device(actor, device_id)
        start_ms, skip = _parse_cursor(cursor, from_ms)
        rows: list[bytes] = []
        window_ms = start_ms
        while window_ms < to_ms and len(rows) <= skip + limit:
            until_ms = min(to_ms, window_ms + _PAGE_DAYS * DAY_MS)
            blocks = await self.blocks.blocks(
                actor.account_id, device_id, kind, window_ms, until_ms
            )
            rows += self.codec.rows_json(blocks, window_ms, until_ms)
            window_ms = until_ms
        page = rows[skip : skip + limit]
        more = len(rows) > skip + limit
        return Page(page, _cursor_after(rows[: skip + limit]) if more else None)

    async def _device(self, actor: Actor, device_id: str) -> Device:
        async with self.configuration.reading() as tx:
            device = await tx.devices.get(actor.account_id, device_id)
        if device is None:
            raise NotFound("there is no such device")
        return device

    async def _views(self, devices: Sequence[Device]) -> list[dict[str, Any]]:
        histories = await self.ledger.histories([(d.account_id, d.id) for d in devices])
        now_ms = self.clock.now_ms()
        return [device_view(device, histories[device.id], now_ms) for device in devices]


def _check_range(from_ms: int, to_ms: int) -> None:
    if to_ms <= from_ms:
        raise Invalid.of([FieldError("to", "must be later than from")])
    if to_ms - from_ms > MAX_RANGE_MS:
        raise Invalid.of([FieldError("to", "is more than 400 days after from")])


def _cursor_after(rows: Sequence[bytes]) -> str:
    """The moment of the last row, and how many rows of that moment have been given."""
    time = json.loads(rows[-1])["time"]
    given = 0
    while given < len(rows) and json.loads(rows[-1 - given])["time"] == time:
        given += 1
    return f"{from_datetime(datetime.fromisoformat(time))}.{given}"


def _parse_cursor(cursor: str | None, from_ms: int) -> tuple[int, int]:
    if cursor is None:
        return from_ms, 0
    start, _, skip = cursor.partition(".")
    if not (cursor.isascii() and start.isdigit() and skip.isdigit() and len(cursor) < 40):
        raise Invalid.of([FieldError("cursor", "is not one that was given")])
    return max(from_ms, int(start)), int(skip)
