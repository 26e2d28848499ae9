"""The block codec on the native library."""

from collections.abc import Sequence
from typing import Any

import fieldpost_native as native

from application.ports.block_codec import (
    Columns,
    Description,
    Encoded,
    MalformedObservations,
    TooManyObservations,
)
from domain.batch import MAX_OBSERVATIONS, MAX_TEXT_BYTES
from domain.kinds import Kind
from domain.refusals import Refusal
from domain.times import DAY_MS

_TRACK = ("lat", "lon", "speed_mps")


def _positions(encoded: native.Encoded) -> list[int] | None:
    """Where each observation of the block stood in the input."""
    if not encoded.order and not encoded.refused:
        return None
    refused = {index for index, _, _ in encoded.refused}
    kept = [i for i in range(encoded.count + encoded.refused_count) if i not in refused]
    return [kept[i] for i in encoded.order] if encoded.order else kept


class NativeBlockCodec:
    def encode_json(
        self, kind: Kind, observations: bytes, earliest_ms: int, latest_ms: int, *, foreign: bool
    ) -> Encoded:
        try:
            encoded = native.encode_json(
                kind,
                observations,
                earliest_ms,
                latest_ms,
                max_observations=MAX_OBSERVATIONS,
                foreign=foreign,
                max_refusals=MAX_OBSERVATIONS,
            )
        except native.TooMany as error:
            raise TooManyObservations(str(error)) from error
        except native.Malformed as error:
            raise MalformedObservations(str(error)) from error
        refused = [Refusal(reason, field, index) for index, field, reason in encoded.refused]
        return Encoded(
            block=encoded.block,
            count=encoded.count,
            first_ms=encoded.first_ms,
            last_ms=encoded.last_ms,
            refused=refused,
            refused_count=encoded.refused_count,
            positions=_positions(encoded),
        )

    def describe(self, blocks: Sequence[bytes]) -> list[Description]:
        return native.admit(
            blocks, max_observations=MAX_OBSERVATIONS, max_text_bytes=MAX_TEXT_BYTES
        )

    def columns(self, block: bytes) -> Columns:
        columns: dict[str, list[Any]] = native.decode_columns(block)
        return columns

    def merged_columns(self, blocks: Sequence[bytes], from_ms: int, to_ms: int) -> Columns:
        if not blocks:
            return {"time_ms": []}
        whole = blocks[0] if len(blocks) == 1 else native.merge(list(blocks))
        _, _, first_ms, last_ms = native.info(whole)
        if first_ms < from_ms or last_ms >= to_ms:
            whole = native.slice(whole, from_ms, to_ms)
        return self.columns(whole) if whole else {"time_ms": []}

    def rows_json(self, blocks: Sequence[bytes], from_ms: int, to_ms: int) -> list[bytes]:
        if not blocks:
            return []
        whole = blocks[0] if len(blocks) == 1 else native.merge(list(blocks))
        rows: list[bytes] = native.decode_rows_json(whole, from_ms, to_ms)
        return rows

    def track_json(
        self, blocks: Sequence[bytes], from_ms: int, to_ms: int, max_points: int
    ) -> bytes:
        if not blocks:
            return b'{"time":[],"lat":[],"lon":[],"speed_mps":[]}'
        track: bytes = native.decode_columns_json(
            blocks, from_ms, to_ms, fields=_TRACK, max_points=max_points
        )
        return track

    def keep(self, block: bytes, indices: Sequence[int]) -> bytes:
        kept: bytes = native.keep(block, list(indices))
        return kept

    def by_day(self, block: bytes) -> list[tuple[int, bytes]]:
        _, _, first_ms, last_ms = native.info(block)
        first_day = first_ms - first_ms % DAY_MS
        if last_ms < first_day + DAY_MS:
            return [(first_day, block)]
        days = range(first_day, last_ms + 1, DAY_MS)
        parts = [(day, native.slice(block, day, day + DAY_MS)) for day in days]
        return [(day, part) for day, part in parts if part]

    def merge(self, blocks: Sequence[bytes]) -> bytes:
        merged: bytes = native.merge(list(blocks))
        return merged
