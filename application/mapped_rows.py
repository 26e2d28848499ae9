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
    for some, texts in _bounded(in_order):
        observations = b"[" + b",".join(texts) + b"]"
        encoded = codec.encode_json(kind, observations, EARLIEST_TIME_MS, latest_ms, foreign=True)
        for refusal in encoded.refused:
            row = some[refusal.index or 0]
            reason = refusal.reason.replace("_", " ")
            fault = Fault(row.path(refusal.field), f"is refused: {reason}", row.element)
            refused.setdefault(row.position, fault)
        blocks.append(encoded)
    return blocks, refused


def _bounded(rows: Iterable[MappedRow]) -> Iterable[tuple[list[MappedRow], list[bytes]]]:
    """As many at a time as make one block, with their JSON."""
    some: list[MappedRow] = []
    texts: list[bytes] = []
    length = 0
    for row in rows:
        text = json.dumps(row.row, ensure_ascii=False).encode()
        if some and (len(some) == MAX_OBSERVATIONS or length + len(text) > MAX_TEXT_BYTES):
            yield some, texts
            some, texts, length = [], [], 0
        some.append(row)
        texts.append(text)
        length += len(text)
    if some:
        yield some, texts
