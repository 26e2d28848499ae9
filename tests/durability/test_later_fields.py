"""What a later version writes, with fields that this one does not know, this one understands."""

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec
import pytest

from adapters.outbound.dynamodb.batch_marks import Mark
from adapters.outbound.dynamodb.device_record import DeviceRecord, base_item, record_of_base
from adapters.outbound.dynamodb.history_rows import change
from adapters.outbound.dynamodb.items import Item, binary, text
from adapters.outbound.dynamodb.journal_entry import HeldBlock, JournalEntry, entry_of, item_of
from adapters.outbound.dynamodb.quarantine_items import quarantined_of, quarantined_update
from adapters.outbound.rabbitmq.upload_message import from_message, to_message
from application.ports.intake_queue import Intake
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.rules.judge import Memory
from domain.rules.leaves import Belief
from domain.rules.track import Line, Track
from tests.contracts.builders import ACCOUNT, DEVICE, NOW_MS, TODAY_MS, batch, quarantined

_LATER = ["something new", {"more": 1}]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def later_message(body: bytes) -> bytes:
    account_id, device_id, batches, remains = _decode(body[1:])
    for one in batches:
        *_, left_out = one
        if left_out is not None:
            left_out += _LATER
        one += _LATER
    later = [account_id, device_id, batches, [[*one, *_LATER] for one in remains], *_LATER]
    return body[:1] + _encode(later)


def earlier_message(body: bytes) -> bytes:
    """As it was before batches had anything left out, and remains a kind."""
    account_id, device_id, batches, remains = _decode(body[1:])
    rows = [[row[:-1] for row in some] for some in (batches, remains)]
    return body[:1] + _encode([account_id, device_id, *rows])


def test_messages_of_a_later_version_are_understood() -> None:
    some = [batch(1, left_out=quarantined(1)), batch("~00ff", kind=Kind.CALL)]
    intake = Intake(some, [quarantined(2), attrs.evolve(quarantined(3), kind="call")])
    assert from_message(later_message(to_message(intake))) == intake


def test_messages_of_an_earlier_version_are_understood() -> None:
    intake = Intake([batch(1), batch(2)], [quarantined(2)])
    assert from_message(earlier_message(to_message(intake))) == intake


_MEMORY = Memory(3, True, NOW_MS, True, True, NOW_MS, (Belief(True, NOW_MS, False, 0.5, 7, 8, 1),))
_TRACK = Track(Line(NOW_MS - 5, NOW_MS), Line(NOW_MS - 9, NOW_MS))
_HISTORY = DeviceHistory(
    DEVICE,
    ACCOUNT,
    version=1,
    seen_ms=NOW_MS,
    received_ms=NOW_MS + 1,
    latest={Kind.LOCATION: {"time_ms": NOW_MS, "lat": 45.8}},
    tracks={Kind.LOCATION: _TRACK},
    live={"rule-1": _MEMORY},
    backfill={"rule-3": _MEMORY},
    silence={"rule-2": _MEMORY},
    untold=("alert",),
    silence_due_ms=NOW_MS + 9,
)


def _later_memories(rows: Any) -> Any:
    assert rows, "there are some to add to"
    return {
        name: [*one[:-1], [[*belief, *_LATER] for belief in one[-1]], *_LATER]
        for name, one in rows.items()
    }


def _later_change(row: Any) -> list[Any]:
    *times_ms, latest, tracks, silence, live, backfill, untold = row
    later_tracks = {
        code: [*([*line, *_LATER] for line in lines), *_LATER] for code, lines in tracks.items()
    }
    memories = map(_later_memories, (silence, live, backfill))
    return [*times_ms, latest, later_tracks, *memories, untold, *_LATER]


def _later_rows(rows: Sequence[Any], whole: int) -> list[Any]:
    """Rows that are `whole`, with all that may be left out where it is empty, and then more."""
    assert all(len(row) == whole for row in rows)
    return [[*row, *_LATER] for row in rows]


def _with(item: Item, meta: Any) -> Item:
    return {**item, "e": binary(_encode(meta)), "new": text("attribute")}


@pytest.mark.parametrize("identity", ["2.7", "~00ff"])
def test_journal_entries_of_a_later_version_are_understood(identity: str) -> None:
    times_ms = (0, 0) if identity == "2.7" else (TODAY_MS, TODAY_MS + 5)
    entry = JournalEntry(
        version=1,
        nonce=b"nonce!",
        marks=[Mark(Kind.LOCATION, identity, *times_ms)],
        blocks=[
            HeldBlock(Kind.CALL, TODAY_MS, 2, TODAY_MS, TODAY_MS + 5, b"block", "", "~aa"),
            HeldBlock(Kind.CALL, TODAY_MS, 2, TODAY_MS, TODAY_MS + 5, b"", "day#own", "~bb"),
        ],
        change=change(DeviceHistory(DEVICE, ACCOUNT), _HISTORY),
    )
    item = item_of("d#a#b", entry)
    version, nonce, marks, blocks, row = _decode(item["e"]["B"])
    whole = 3 if identity == "2.7" else 4
    rows = _later_rows(marks, whole), _later_rows(blocks, 8), _later_change(row)
    found = entry_of(_with(item, [version, nonce, *rows, *_LATER]))
    assert attrs.evolve(found, change=entry.change) == entry
    before = DeviceRecord(DeviceHistory(DEVICE, ACCOUNT))
    assert before.after(found).history == _HISTORY


def test_a_device_as_a_later_version_merged_it_is_understood() -> None:
    marks = {(Kind.LOCATION, 1): 12, (Kind.CALL, 0): NOW_MS}
    record = DeviceRecord(_HISTORY, merged=1, merged_at_ms=NOW_MS, marks=marks)
    item = base_item(record, NOW_MS)
    version, row, lines = _decode(item["e"]["B"])
    later = [version, _later_change(row), _later_rows(lines, 3), *_LATER]
    assert record_of_base(ACCOUNT, DEVICE, _with(item, later)) == record


def test_quarantine_of_a_later_version_is_understood() -> None:
    kept = quarantined(1)
    values = quarantined_update(kept)["ExpressionAttributeValues"]
    fields = {**_decode(values[":entry"]["B"]), "new": _LATER}
    item: Item = {"entry": binary(_encode(fields)), "expires_at": values[":expires_at"]}
    assert quarantined_of(item, NOW_MS) == kept
