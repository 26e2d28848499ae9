"""The journal entry of some effects: what goes into it, and what gets items of its own.

DynamoDB charges by started KB, and for the larger of what an item was and what it becomes. So a
block that would make the entry, and the next one in its slot, outgrow a KB is put by itself, once.
"""

from collections.abc import Iterable, Sequence

import attrs

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.batch_marks import Mark
from adapters.outbound.dynamodb.device_record import DeviceRecord
from adapters.outbound.dynamodb.history_rows import change
from adapters.outbound.dynamodb.items import MAX_ITEM_BYTES, size_of
from adapters.outbound.dynamodb.journal_entry import HeldBlock, JournalEntry, item_of
from application.faults import StoreBroken
from application.ports.block_codec import BlockCodec
from application.ports.device_ledger import Effects, StoredBlock

UNIT_BYTES = 1_024
WORTH_AN_ITEM = 512
"""A smaller block costs less within the entry, whatever that becomes."""

_OWN_KEY_BYTES = 48


def composed(
    codec: BlockCodec, record: DeviceRecord, effects: Effects, marks: Sequence[Mark], nonce: bytes
) -> JournalEntry:
    """The entry that makes these effects on the record, which is at the version before them."""
    blocks = [
        part
        for block in _new_blocks(record, effects)
        for part in _fitting(codec, _held(block, marks))
    ]
    version = effects.history.version
    entry = JournalEntry(version, nonce, marks, blocks, change(record.history, effects.history))
    size = size_of(item_of(record.partition, entry))
    if size <= UNIT_BYTES or not blocks:
        return entry
    return attrs.evolve(entry, blocks=_lightened(blocks, size, version, nonce))


def _new_blocks(record: DeviceRecord, effects: Effects) -> Iterable[StoredBlock]:
    """Without those that exist. A batch has its effects once, so does its block; only blocks
    that come without their batch are looked for.
    """
    known = {name for entry in record.unmerged for name in entry.names}
    for block in effects.blocks:
        name = (block.kind, block.identity, block.day_ms)
        if name not in known:
            yield block


def _held(block: StoredBlock, marks: Sequence[Mark]) -> HeldBlock:
    explained = any(mark.kind is block.kind and mark.identity == block.identity for mark in marks)
    return HeldBlock(
        kind=block.kind,
        day_ms=block.day_ms,
        count=block.count,
        first_ms=block.first_ms,
        last_ms=block.last_ms,
        block=block.block,
        identity="" if explained else block.identity,
    )


def _fitting(codec: BlockCodec, block: HeldBlock) -> Iterable[HeldBlock]:
    """A block that no item can hold is cut into halves by its observations."""
    if len(block.block) <= MAX_ITEM_BYTES:
        yield block
        return
    if block.count < 2:
        raise StoreBroken("an observation is larger than an item of the table may be")
    times_ms = codec.columns(block.block)["time_ms"]
    middle = len(times_ms) // 2
    for positions in (range(middle), range(middle, len(times_ms))):
        half = attrs.evolve(
            block,
            block=codec.keep(block.block, positions),
            count=len(positions),
            first_ms=times_ms[positions[0]],
            last_ms=times_ms[positions[-1]],
        )
        yield from _fitting(codec, half)


def _lightened(
    blocks: Sequence[HeldBlock], size: int, version: int, nonce: bytes
) -> list[HeldBlock]:
    """The largest blocks get items of their own until the entry is small enough."""
    result = list(blocks)
    by_size = sorted(range(len(blocks)), key=lambda place: len(blocks[place].block), reverse=True)
    for place in by_size:
        block = blocks[place]
        length = len(block.block)
        if size <= UNIT_BYTES or (length < WORTH_AN_ITEM and size <= MAX_ITEM_BYTES):
            break
        day = keys.day_number(block.day_ms)
        result[place] = attrs.evolve(block, own=keys.own(day, version, nonce, place))
        size -= length - _OWN_KEY_BYTES
    return result
