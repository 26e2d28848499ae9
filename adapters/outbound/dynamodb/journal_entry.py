"""One version of a device: what its batches changed, and their blocks."""

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.batch_marks import Mark, mark_of_row, row_of
from adapters.outbound.dynamodb.history_rows import Row
from adapters.outbound.dynamodb.items import Item, binary, integer, key, number
from adapters.outbound.dynamodb.kind_codes import CODES, KINDS
from application.faults import StoreBroken
from domain.kinds import Kind
from domain.times import DAY_MS

_FORMAT = 1
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode

Name = tuple[Kind, str, int]
"""Kind, identity and day of a block that no batch of its entry explains."""


@attrs.frozen
class HeldBlock:
    """Observations of one kind and UTC day. `own` is the key of the item that holds the block,
    where it is not in the entry itself. `identity` is given where it is not a batch's.
    """

    kind: Kind
    day_ms: int
    count: int
    first_ms: int
    last_ms: int
    block: bytes = b""
    own: str = ""
    identity: str = ""

    @property
    def name(self) -> Name:
        return self.kind, self.identity, self.day_ms


@attrs.frozen
class JournalEntry:
    """`nonce` is of the attempt that wrote it. `blocks` are without their bytes where an entry
    was read for the history alone.
    """

    version: int
    nonce: bytes
    marks: Sequence[Mark]
    blocks: Sequence[HeldBlock]
    change: Row

    @property
    def names(self) -> list[Name]:
        return [block.name for block in self.blocks if block.identity]


def item_of(partition: str, entry: JournalEntry) -> Item:
    meta = (
        _FORMAT,
        entry.nonce,
        [row_of(mark) for mark in entry.marks],
        [_block_row(block) for block in entry.blocks],
        entry.change,
    )
    item = key(partition, keys.slot(entry.version))
    item["v"] = number(entry.version)
    item["e"] = binary(_encode(meta))
    held = b"".join(block.block for block in entry.blocks if not block.own)
    if held:
        item["b"] = binary(held)
    return item


def entry_of(item: Item) -> JournalEntry:
    meta = _decode(item["e"]["B"])
    if meta[0] != _FORMAT:
        raise StoreBroken(f"a journal entry of format {meta[0]} was written by a later version")
    _, nonce, marks, blocks, change = meta[:5]
    held = memoryview(item["b"]["B"]) if "b" in item else memoryview(b"")
    found, start = [], 0
    for row in blocks:
        end = start + row[5]
        found.append(_block(row, bytes(held[start:end])))
        start = end
    return JournalEntry(
        version=integer(item, "v"),
        nonce=nonce,
        marks=[mark_of_row(row) for row in marks],
        blocks=found,
        change=change,
    )


def _block_row(block: HeldBlock) -> tuple[Any, ...]:
    """Times count from the start of the day, and what is empty at the end is left out."""
    row = (
        CODES[block.kind],
        block.day_ms // DAY_MS,
        block.count,
        block.first_ms - block.day_ms,
        block.last_ms - block.day_ms,
        0 if block.own else len(block.block),
    )
    return (*row, block.own, block.identity) if block.own or block.identity else row


def _block(row: Row, held: bytes) -> HeldBlock:
    day_ms = row[1] * DAY_MS
    return HeldBlock(
        kind=KINDS[row[0]],
        day_ms=day_ms,
        count=row[2],
        first_ms=day_ms + row[3],
        last_ms=day_ms + row[4],
        block=held,
        own=row[6] if len(row) > 6 else "",
        identity=row[7] if len(row) > 7 else "",
    )
