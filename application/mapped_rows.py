"""What documents became, as blocks: the codec has the last word on what is within bounds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from application.ports.block_codec import BlockCodec, Encoded
from domain.batch import MAX_OBSERVATIONS, MAX_TEXT_BYTES
from domain.kinds import Kind
from domain.mapping_making import Fault
from domain.observations import EARLIEST_TIME_MS


@attrs.define
class MappedRow:
    """An observation of the document at `position`, made by the rule at `rule`."""

    position: int
    rule: int
    row: Mapping[str, Any]
    element: int | None = None

    def path(self, field: str) -> str:
        """Where the definition speaks of this field."""
        part = "time" if field in ("time", "time_ms") else f"fields.{field}"
        return f"rules[{self.rule}].{part}"


def encoded_rows(
    codec: BlockCodec, kind: Kind, rows: Sequence[MappedRow], latest_ms: int
) -> tuple[list[Encoded], dict[int, Fault]]:
    """As blocks that are in order of time, and what is refused first of each document."""
    blocks: list[Encoded] = []
    refused: dict[int, Fault] = {}
    in_order = sorted(rows, key=lambda row: row.row["time_ms"])
    for some, observations in _bounded(in_order):
        encoded = codec.encode_json(kind, observations, EARLIEST_TIME_MS, latest_ms, foreign=True)
        for refusal in encoded.refused:
            row = some[refusal.index or 0]
            reason = refusal.reason.replace("_", " ")
            fault = Fault(row.path(refusal.field), f"is refused: {reason}", row.element)
            refused.setdefault(row.position, fault)
        blocks.append(encoded)
    return blocks, refused


def _bounded(rows: Sequence[MappedRow]) -> Iterable[tuple[Sequence[MappedRow], bytes]]:
    """As many at a time as make one block, with their JSON."""
    for start in range(0, len(rows), MAX_OBSERVATIONS):
        yield from _short(rows[start : start + MAX_OBSERVATIONS])


def _short(rows: Sequence[MappedRow]) -> Iterable[tuple[Sequence[MappedRow], bytes]]:
    text = json.dumps([row.row for row in rows], ensure_ascii=False).encode()
    if len(text) <= MAX_TEXT_BYTES or len(rows) == 1:
        yield rows, text
    else:
        middle = len(rows) // 2
        yield from _short(rows[:middle])
        yield from _short(rows[middle:])
