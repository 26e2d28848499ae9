"""Items of a day: what a stride has of it, and blocks that have an item of their own.

Blocks of a kind are in an attribute of its own, so that a reader is sent those it asks for. An
item of one block counts only when an entry or a stride names it: another attempt to write the same
version may have left one behind.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import msgspec

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.items import (
    MAX_ITEM_BYTES,
    Item,
    binary,
    key,
    number,
)
from adapters.outbound.dynamodb.journal_entry import HeldBlock, JournalEntry
from adapters.outbound.dynamodb.kind_codes import CODES
from application.ports.block_codec import BlockCodec
from domain.kinds import Kind
from domain.times import DAY_MS

_TOGETHER = 10_000
"""A block of more observations is as good as two."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


@attrs.frozen
class Expiry:
    """Whole UTC days are kept, and then expire; None keeps them for ever."""

    retention_days: int | None

    def expired(self, day: int, now_ms: int) -> bool:
        """Whether or not the table has removed it yet."""
        at_ms = self._at_ms(day)
        return at_ms is not None and now_ms >= at_ms

    def attribute(self, day: int) -> Item:
        at_ms = self._at_ms(day)
        return {} if at_ms is None else {"expires_at": number(at_ms // 1_000)}

    def _at_ms(self, day: int) -> int | None:
        if self.retention_days is None:
            return None
        return (day + 1 + self.retention_days) * DAY_MS


def attribute(kind: Kind) -> str:
    return f"k{CODES[kind]}"


def own_item(partition: str, block: HeldBlock, expiry: Expiry) -> Item:
    item = key(partition, block.own)
    item |= expiry.attribute(keys.day_of_item(block.own))
    item[attribute(block.kind)] = binary(_encode([_row(block)]))
    return item


def stride_items(
    codec: BlockCodec, partition: str, entries: Sequence[JournalEntry], expiry: Expiry
) -> list[Item]:
    """The items of a stride. Whoever makes them of the same entries makes the same."""
    by_day: dict[int, list[HeldBlock]] = {}
    for entry in entries:
        for block in entry.blocks:
            by_day.setdefault(keys.day_number(block.day_ms), []).append(block)
    items = []
    for day, held in sorted(by_day.items()):
        own = [block.own for block in held if block.own]
        merged = list(_merged(codec, [block for block in held if not block.own]))
        for part, blocks in enumerate(_parts(merged)):
            item = key(partition, keys.stride(day, entries[0].version, part))
            item |= expiry.attribute(day)
            if own and part == 0:
                item["own"] = binary(_encode(own))
            for kind in dict.fromkeys(block.kind for block in blocks):
                rows = [_row(block) for block in blocks if block.kind is kind]
                item[attribute(kind)] = binary(_encode(rows))
            items.append(item)
    return items


def named(items: Iterable[Item]) -> set[str]:
    """The keys of the blocks with an item of their own that these strides name."""
    return {own for item in items if "own" in item for own in _decode(item["own"]["B"])}


def blocks_of(item: Item, kind: Kind) -> list[HeldBlock]:
    stored = item.get(attribute(kind))
    if stored is None:
        return []
    day_ms = keys.day_of_item(item["sk"]["S"]) * DAY_MS
    return [
        HeldBlock(kind, day_ms, row[0], day_ms + row[1], day_ms + row[2], row[3])
        for row in _decode(stored["B"])
    ]


def _row(block: HeldBlock) -> tuple[Any, ...]:
    first_ms, last_ms = block.first_ms - block.day_ms, block.last_ms - block.day_ms
    return block.count, first_ms, last_ms, block.block


def _merged(codec: BlockCodec, blocks: Sequence[HeldBlock]) -> Iterable[HeldBlock]:
    """As few blocks as are good to read, in order of their first event time by kind."""
    for kind in sorted({block.kind for block in blocks}, key=CODES.__getitem__):
        of_kind = sorted(
            (block for block in blocks if block.kind is kind), key=lambda block: block.first_ms
        )
        some: list[HeldBlock] = []
        for block in of_kind:
            count = sum(one.count for one in some) + block.count
            size = sum(len(one.block) for one in some) + len(block.block)
            if some and (count > _TOGETHER or size > MAX_ITEM_BYTES):
                yield _together(codec, some)
                some = []
            some.append(block)
        yield _together(codec, some)


def _together(codec: BlockCodec, blocks: Sequence[HeldBlock]) -> HeldBlock:
    if len(blocks) == 1:
        return blocks[0]
    return HeldBlock(
        kind=blocks[0].kind,
        day_ms=blocks[0].day_ms,
        count=sum(block.count for block in blocks),
        first_ms=min(block.first_ms for block in blocks),
        last_ms=max(block.last_ms for block in blocks),
        block=codec.merge([block.block for block in blocks]),
    )


def _parts(blocks: Sequence[HeldBlock]) -> Iterable[list[HeldBlock]]:
    """As many blocks at a time as an item holds; at least one part, which may be empty."""
    some: list[HeldBlock] = []
    size = 0
    for block in blocks:
        if some and size + len(block.block) > MAX_ITEM_BYTES:
            yield some
            some, size = [], 0
        some.append(block)
        size += len(block.block)
    yield some
