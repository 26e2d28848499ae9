"""What is known of a device at one version: a base, and the entries that followed it."""

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.batch_marks import Line, Mark, Marks, raised
from adapters.outbound.dynamodb.history_rows import Row, change, changed
from adapters.outbound.dynamodb.items import Item, binary, integer, key, number
from adapters.outbound.dynamodb.journal_entry import JournalEntry, Name
from adapters.outbound.dynamodb.kind_codes import CODES, KINDS
from application.faults import StoreBroken
from domain.device_history import DeviceHistory

_FORMAT = 1
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


@attrs.frozen
class Unmerged:
    """Of an entry that is not merged yet: which batches it had, and blocks of no batch."""

    marks: Sequence[Mark]
    names: Sequence[Name]


@attrs.frozen
class DeviceRecord:
    """`history` is the one after the last of `unmerged`, which are the entries from version
    `merged` + 1 on, in order.
    """

    history: DeviceHistory
    merged: int = 0
    merged_at_ms: int = 0
    marks: Marks = attrs.field(factory=dict)
    unmerged: tuple[Unmerged, ...] = ()

    @property
    def partition(self) -> str:
        return keys.device(self.history.account_id, self.history.device_id)

    @property
    def ripe(self) -> bool:
        """There is a stride to merge."""
        return len(self.unmerged) >= keys.STRIDE

    @property
    def full(self) -> bool:
        """The next entry would take the place of one that is not merged."""
        return len(self.unmerged) >= keys.RING

    def after(self, entry: JournalEntry) -> "DeviceRecord":
        return self.put(entry, changed(self.history, entry.change))

    def put(self, entry: JournalEntry, history: DeviceHistory) -> "DeviceRecord":
        """The same, where the history after the entry is known."""
        return attrs.evolve(
            self,
            history=history,
            marks=raised(self.marks, entry.marks) if entry.marks else self.marks,
            unmerged=(*self.unmerged, Unmerged(entry.marks, entry.names)),
        )

    def without_stride(self, merged_at_ms: int) -> "DeviceRecord":
        """The first stride is in the base now."""
        return attrs.evolve(
            self,
            merged=self.merged + keys.STRIDE,
            merged_at_ms=merged_at_ms,
            unmerged=self.unmerged[keys.STRIDE :],
        )


def base_item(record: DeviceRecord, merged_at_ms: int) -> Item:
    """The base of a record whose entries are all merged."""
    history = record.history
    empty = DeviceHistory(history.device_id, history.account_id)
    lines = [(CODES[kind], line, place) for (kind, line), place in record.marks.items()]
    item = key(record.partition, keys.BASE)
    item["m"] = number(history.version)
    item["at"] = number(merged_at_ms)
    item["e"] = binary(_encode((_FORMAT, change(empty, history), lines)))
    return item


def record_of_base(account_id: str, device_id: str, item: Item | None) -> DeviceRecord:
    """Without an item that of a device that never had effects."""
    empty = DeviceHistory(device_id, account_id)
    if item is None:
        return DeviceRecord(empty)
    meta: Any = _decode(item["e"]["B"])
    if meta[0] != _FORMAT:
        raise StoreBroken(f"a device's base of format {meta[0]} was written by a later version")
    row: Row = meta[1]
    merged = integer(item, "m")
    history = attrs.evolve(changed(empty, row), version=merged)
    marks: dict[Line, int] = {(KINDS[code], line): place for code, line, place, *_ in meta[2]}
    return DeviceRecord(history, merged, integer(item, "at"), marks)
