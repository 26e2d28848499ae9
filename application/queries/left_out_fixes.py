"""The fixes of a device that say nothing about where it was, each with the reason."""

import asyncio
import json
from typing import Any

import attrs

from application.ports.block_codec import BlockCodec
from application.ports.block_store import BlockStore
from domain.consolidation.cleaning import LeftOut, cleaned_fixes
from domain.kinds import Kind
from domain.times import DAY_MS, to_rfc3339

MAX_RANGE_MS = 31 * DAY_MS
_MARGIN_MS = 3_600_000
"""Around each day: whether a fix is a jump is seen from its neighbours."""


@attrs.frozen
class LeftOutFixes:
    blocks: BlockStore
    codec: BlockCodec

    async def of(
        self, account_id: str, device_id: str, from_ms: int, to_ms: int, at_most: int
    ) -> bytes:
        """The first of them in [from_ms, to_ms), as columns in JSON; `complete` if these are all.

        Day by day: what is in memory at once is bounded.
        """
        found: list[LeftOut] = []
        day_ms = from_ms
        while day_ms < to_ms and len(found) <= at_most:
            until_ms = min(to_ms, day_ms - day_ms % DAY_MS + DAY_MS)
            found += await self._of_day(account_id, device_id, day_ms, until_ms)
            day_ms = until_ms
        return _columns_json(found[:at_most], complete=len(found) <= at_most)

    async def _of_day(
        self, account_id: str, device_id: str, from_ms: int, to_ms: int
    ) -> list[LeftOut]:
        start_ms, end_ms = from_ms - _MARGIN_MS, to_ms + _MARGIN_MS
        blocks = await self.blocks.blocks(account_id, device_id, Kind.LOCATION, start_ms, end_ms)

        def left_out() -> list[LeftOut]:
            _, found = cleaned_fixes(self.codec.merged_columns(blocks, start_ms, end_ms))
            return [one for one in found if from_ms <= one.time_ms < to_ms]

        return await asyncio.to_thread(left_out)


def _columns_json(found: list[LeftOut], *, complete: bool) -> bytes:
    columns: dict[str, Any] = {
        "time": [to_rfc3339(one.time_ms) for one in found],
        "lat": [one.lat for one in found],
        "lon": [one.lon for one in found],
        "accuracy_m": [one.accuracy_m for one in found],
        "reason": [one.fault.value for one in found],
        "complete": complete,
    }
    return json.dumps(columns, separators=(",", ":")).encode()
