"""The block codec on the native library."""

from collections.abc import Sequence
from operator import itemgetter
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
        parts = _within(blocks, from_ms, to_ms)
        if not parts:
            return {"time_ms": []}
        try:
            return self.columns(parts[0] if len(parts) == 1 else native.merge(parts))
        except native.TooMany:
            return _joined([self.columns(part) for part in parts])

    def rows_json(self, blocks: Sequence[bytes], from_ms: int, to_ms: int) -> list[bytes]:
        parts = _within(blocks, from_ms, to_ms)
        if not parts:
            return []
        try:
            whole = parts[0] if len(parts) == 1 else native.merge(parts)
        except native.TooMany:
            return self._rows_apart(parts, from_ms, to_ms)
        rows: list[bytes] = native.decode_rows_json(whole, from_ms, to_ms)
        return rows

    def _rows_apart(self, parts: Sequence[bytes], from_ms: int, to_ms: int) -> list[bytes]:
        """Of more than one block can hold."""
        found: list[tuple[int, bytes]] = []
        for part in parts:
            rows = native.decode_rows_json(part, from_ms, to_ms)
            found += zip(self.columns(part)["time_ms"], rows, strict=True)
        return [row for _, row in sorted(found, key=itemgetter(0))]

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


def _within(blocks: Sequence[bytes], from_ms: int, to_ms: int) -> list[bytes]:
    """What of the blocks is in the range; nothing of those that have nothing in it."""
    parts = []
    for block in blocks:
        _, _, first_ms, last_ms = native.info(block)
        if last_ms < from_ms or first_ms >= to_ms:
            continue
        inside = first_ms >= from_ms and last_ms < to_ms
        part = block if inside else native.slice(block, from_ms, to_ms)
        if part:
            parts.append(part)
    return parts


def _joined(parts: Sequence[Columns]) -> Columns:
    """The columns of more than one block can hold, in time order."""
    names = dict.fromkeys(name for part in parts for name in part)
    rows = [len(part["time_ms"]) for part in parts]
    whole: dict[str, list[Any]] = {
        name: [
            value
            for part, count in zip(parts, rows, strict=True)
            for value in part.get(name) or [None] * count
        ]
        for name in names
    }
    times_ms = whole["time_ms"]
    order = sorted(range(len(times_ms)), key=times_ms.__getitem__)
    return {name: [values[place] for place in order] for name, values in whole.items()}
