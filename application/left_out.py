"""What a batch leaves behind in quarantine when some or all of it is refused for its content."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import compress
from typing import Any

from application.delivery import Delivery
from application.device_directory import DeviceAccess
from application.identifiers import new_id
from application.ports.block_codec import BlockCodec
from domain.kinds import Kind
from domain.observations import EARLIEST_TIME_MS, MAX_TIME_AHEAD_MS
from domain.quarantine import MAX_PAYLOAD_BYTES, Quarantined
from domain.refusals import Refusal
from domain.times import from_datetime

MAX_SHOWN = 100
"""Observations of a block that are written out: a small block may hold long texts."""


def left_out(
    access: DeviceAccess, kind: Kind, delivery: Delivery, refused: Sequence[Refusal], now_ms: int
) -> Quarantined | None:
    """The observations that were refused for their content, as one quarantine entry; without
    those of times for which there is no consent.
    """
    if not refused:
        return None
    observations = json.loads(delivery.observations, parse_int=_integer)
    found = [(one, observations[one.index]) for one in refused if one.index is not None]
    times_ms = [_time_of(observation, now_ms) for _, observation in found]
    allowed = list(compress(found, access.gate.allowed(kind, times_ms)))
    if not allowed:
        return None
    first = allowed[0][0]
    payload = _array([observation for _, observation in allowed])
    return quarantined(access, now_ms, first.reason, first.field, payload)


def left_out_of_block(
    access: DeviceAccess,
    kind: Kind,
    codec: BlockCodec,
    block: bytes,
    refused: Sequence[Refusal],
    now_ms: int,
) -> Quarantined | None:
    """The same for observations of a block whose times cannot be: the first of them, as JSON.

    Nobody can tell when they happened; consent is asked for the time they came.
    """
    if not refused or not all(access.gate.allowed(kind, [now_ms])):
        return None
    shown = [one.index for one in refused[:MAX_SHOWN] if one.index is not None]
    rows = codec.rows_json([codec.keep(block, shown)], -(2**62), 2**62)
    payload = b"[" + b", ".join(rows) + b"]"
    return quarantined(access, now_ms, refused[0].reason, refused[0].field, payload)


def quarantined(
    access: DeviceAccess, now_ms: int, reason: str, field: str, payload: bytes
) -> Quarantined:
    return Quarantined(
        id=new_id(now_ms),
        account_id=access.account_id,
        device_id=access.device_id,
        received_ms=now_ms,
        source=access.agent.value,
        reason=reason,
        field=field,
        payload=payload[:MAX_PAYLOAD_BYTES],
    )


def _array(observations: list[Any]) -> bytes:
    return json.dumps(observations, ensure_ascii=False).encode("utf-8", "replace")


def _time_of(observation: Any, now_ms: int) -> int:
    """When a refused observation says that it happened; `now_ms` where it says nothing of use."""
    said = (
        observation.get("time_ms", observation.get("time"))
        if isinstance(observation, dict)
        else None
    )
    if isinstance(said, str):
        try:
            said = from_datetime(datetime.fromisoformat(said))
        except (ValueError, TypeError, OverflowError):
            return now_ms
    if isinstance(said, int) and EARLIEST_TIME_MS <= said <= now_ms + MAX_TIME_AHEAD_MS:
        return said
    return now_ms


def _integer(digits: str) -> int | str:
    """Python refuses to convert numbers of thousands of digits; such a one is shown as text."""
    return int(digits) if len(digits) < 400 else digits
