"""What is written is what is read, whatever it is."""

from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.dynamodb.batch_marks import Mark, mark_of_row, row_of
from adapters.outbound.dynamodb.device_record import DeviceRecord, base_item, record_of_base
from adapters.outbound.dynamodb.history_rows import change
from adapters.outbound.dynamodb.items import integer
from adapters.outbound.dynamodb.journal_entry import (
    HeldBlock,
    JournalEntry,
    entry_of,
    item_of,
)
from adapters.outbound.dynamodb.kind_codes import CODES, KINDS
from domain.batch import MAX_SEQUENCE
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.rules.judge import Memory
from domain.rules.leaves import Belief
from domain.rules.track import Line, Track

_TIMES = st.integers(0, 2**52)
_KINDS = st.sampled_from(list(Kind))
_MEMORIES = st.dictionaries(
    st.sampled_from("abc"),
    st.builds(
        Memory,
        st.integers(1, 3),
        st.none() | st.booleans(),
        _TIMES,
        raised_ms=_TIMES,
        beliefs=st.lists(
            st.builds(Belief, st.none() | st.booleans(), _TIMES, amount=st.floats(0, 1e12)),
            max_size=2,
        ).map(tuple),
    ),
)
_LINES = st.none() | st.builds(Line, _TIMES, _TIMES)
_VALUES = st.text(max_size=5) | st.floats(allow_nan=False) | st.booleans() | st.none()
_ROWS = st.dictionaries(st.sampled_from(["lat", "lon", "source"]), _VALUES | st.lists(_VALUES))


@st.composite
def _histories(draw: Any) -> DeviceHistory:
    maybe = st.none() | _TIMES
    return DeviceHistory(
        "device",
        "account",
        0,
        draw(maybe),
        draw(maybe),
        draw(st.dictionaries(_KINDS, _ROWS, max_size=3)),
        draw(st.dictionaries(_KINDS, st.builds(Track, _LINES, _LINES), max_size=2)),
        draw(_MEMORIES),
        draw(_MEMORIES),
        draw(_MEMORIES),
        draw(st.lists(st.sampled_from("abc"), max_size=2).map(tuple)),
        draw(maybe),
    )


_SEQUENCES = st.tuples(st.integers(1, 99), st.integers(0, MAX_SEQUENCE))
_NUMBERED = _SEQUENCES.map(lambda pair: f"{pair[0]}.{pair[1]}" if pair[0] > 1 else str(pair[1]))
_OTHERS = st.binary(min_size=1, max_size=12).map(lambda raw: "~" + raw.hex()) | st.text(min_size=1)


@st.composite
def _marks(draw: Any) -> Mark:
    identity = draw(_NUMBERED | _OTHERS)
    mark = Mark(draw(_KINDS), identity)
    if mark.sequence is not None:
        return mark
    first_ms = draw(_TIMES)
    return attrs.evolve(mark, first_ms=first_ms, last_ms=first_ms + draw(_TIMES))


@given(st.lists(_histories(), min_size=1, max_size=6), st.lists(_marks(), max_size=4))
def test_a_history_is_its_changes_put_together(
    histories: list[DeviceHistory], marks: list[Mark]
) -> None:
    record = DeviceRecord(DeviceHistory("device", "account"))
    for version, after in enumerate(histories, 1):
        after = attrs.evolve(after, version=version)
        block = HeldBlock(Kind.CALL, 0, 1, 5, 6, b"block")
        own = HeldBlock(Kind.CALL, 0, 1, 5, 6, b"", "day#", "identity")
        entry = JournalEntry(
            version, b"nonce", marks, [block, own, block], change(record.history, after)
        )
        item = item_of(record.partition, entry)
        assert integer(item, "v") == version
        read = entry_of(item)
        assert (read.marks, read.blocks) == (marks, [block, own, block])
        record = record.after(read)
        assert record.history == after
    again = record_of_base("account", "device", base_item(record, 7))
    assert again.history == record.history
    assert (again.marks, again.merged, again.merged_at_ms) == (record.marks, len(histories), 7)


@given(_marks())
def test_a_mark_is_read_as_it_was_written(mark: Mark) -> None:
    assert mark_of_row(row_of(mark)) == mark


def test_every_kind_has_a_number_of_its_own() -> None:
    assert set(CODES) == set(Kind)
    assert {code: kind for kind, code in CODES.items()} == KINDS
