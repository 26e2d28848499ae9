"""A block gives back what was put in, and may be cut, joined and thinned."""

import json

import fieldpost_native as native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kinds import Kind
from tests.native import reference_decoder
from tests.native.generated import EARLIEST_MS, LATEST_MS, Batch, batches

FAR_PAST, FAR_FUTURE = -(2**62), 2**62


def encode(batch: Batch) -> bytes:
    encoded = native.encode_json(batch.kind, batch.json, EARLIEST_MS, LATEST_MS, foreign=True)
    assert encoded.refused == []
    return encoded.block


def rows_of(block: bytes) -> list[bytes]:
    return native.decode_rows_json(block, FAR_PAST, FAR_FUTURE)


@given(batch=batches())
@settings(max_examples=300, deadline=None)
def test_a_batch_comes_back_exactly(batch: Batch) -> None:
    encoded = native.encode_json(batch.kind, batch.json, EARLIEST_MS, LATEST_MS, foreign=True)
    times = batch.columns["time_ms"]

    assert (encoded.refused_count, encoded.refused) == (0, [])
    assert (encoded.count, encoded.first_ms, encoded.last_ms) == (len(times), times[0], times[-1])
    assert native.info(encoded.block) == (batch.kind, len(times), times[0], times[-1])
    native.validate(encoded.block)
    assert native.decode_columns(encoded.block) == batch.columns


@given(batch=batches())
@settings(deadline=None)
def test_the_reference_decoder_agrees(batch: Batch) -> None:
    assert reference_decoder.decode(encode(batch)) == (batch.kind, batch.columns)


@given(batch=batches())
@settings(deadline=None)
def test_rows_are_observations_that_encode_to_the_same_block(batch: Batch) -> None:
    block = encode(batch)
    rows = rows_of(block)

    assert all(b"\n" not in row for row in rows)
    again = native.encode_json(
        batch.kind, b"[" + b",".join(rows) + b"]", EARLIEST_MS, LATEST_MS, foreign=True
    )
    assert again.block == block


@given(batch=batches(), shift=st.integers(-5, 40))
@settings(deadline=None)
def test_a_block_is_its_two_slices_merged(batch: Batch, shift: int) -> None:
    block = encode(batch)
    cut = batch.columns["time_ms"][0] + shift * 1000
    before = native.slice(block, FAR_PAST, cut)
    after = native.slice(block, cut, FAR_FUTURE)

    assert native.merge([part for part in (before, after) if part]) == block
    if before:
        assert native.info(before)[3] < cut
    if after:
        assert native.info(after)[2] >= cut


@given(first=batches([Kind.LOCATION, Kind.WEB_VISIT]), second=batches([Kind.WEB_VISIT]))
@settings(deadline=None)
def test_merging_is_sorting_by_time(first: Batch, second: Batch) -> None:
    blocks = [encode(first), encode(second)]
    if first.kind is not second.kind:
        with pytest.raises(native.BadBlock):
            native.merge(blocks)
        return
    rows = [row for block in blocks for row in rows_of(block)]
    times = first.columns["time_ms"] + second.columns["time_ms"]
    by_time = sorted(range(len(rows)), key=lambda row: times[row])
    assert rows_of(native.merge(blocks)) == [rows[row] for row in by_time]


@given(batch=batches(), data=st.data())
@settings(deadline=None)
def test_keeping_positions(batch: Batch, data: st.DataObject) -> None:
    block = encode(batch)
    count = len(batch.texts)
    indices = data.draw(st.lists(st.integers(0, count - 1)))
    rows = rows_of(block)
    kept = native.keep(block, indices)

    assert native.keep(block, list(range(count))) == block
    assert (rows_of(kept) if kept else []) == [rows[index] for index in sorted(set(indices))]
    with pytest.raises(IndexError):
        native.keep(block, [count])


def test_nothing_is_no_block() -> None:
    encoded = native.encode_json("call", b" [ ] ", 0, 0)
    assert (encoded.block, encoded.count, encoded.refused_count) == (b"", 0, 0)
    with pytest.raises(ValueError, match="nothing to merge"):
        native.merge([])


def test_rows_are_in_the_contracts_form() -> None:
    sent = (
        b'[{"time": "2026-01-02T04:04:05.1239+01:00", "lat": 45.27351885, "lon": -0.00000005,'
        b' "speed_mps": 12.0, "source": "gps \\u00b0\\n\\u0001"},'
        b'{"time": "2026-01-02t03:04:05z", "lat": 9e1, "lon": 180.0, "accuracy_m": 0.05}]'
    )
    block = native.encode_json("location", sent, EARLIEST_MS, LATEST_MS).block
    assert rows_of(block) == [
        b'{"time":"2026-01-02T03:04:05Z","lat":90,"lon":180,"accuracy_m":0.1}',
        b'{"time":"2026-01-02T03:04:05.123Z","lat":45.2735189,"lon":-0.0000001,"speed_mps":12,'
        b'"source":"gps \xc2\xb0\\n\\u0001"}',
    ]
    assert native.decode_columns(block)["lat"] == [90.0, 45.2735189]


def test_json_is_kept_without_its_white_space() -> None:
    body = '{ "a b" : [ 1.50 , -0, 1E5, "x\\u0000 \\ud83d\\ude00" ],\n "a b": null }'
    sent = f'[{{"time": "2026-01-02T03:04:05Z", "source": "s", "body": {body}}}]'
    block = native.encode_json("document", sent.encode(), EARLIEST_MS, LATEST_MS).block
    assert native.decode_columns(block)["body"] == [
        '{"a b":[1.50,-0,1E5,"x\\u0000 \\ud83d\\ude00"],"a b":null}'
    ]
    assert json.loads(rows_of(block)[0])["body"] == {"a b": None}


def test_a_block_of_ten_fixes_is_small() -> None:
    fixes = [
        {"time": f"2026-01-02T03:04:{i:02d}Z", "lat": 45.2735189 + i / 9e4, "lon": 13.7 - i / 7e4}
        for i in range(10)
    ]
    encoded = native.encode_json("location", json.dumps(fixes).encode(), EARLIEST_MS, LATEST_MS)
    assert len(encoded.block) <= 45
