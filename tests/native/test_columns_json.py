"""Columns as JSON text, straight from blocks."""

import json
from typing import Any

import fieldpost_native as native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kinds import Kind
from tests.native.generated import EARLIEST_MS, LATEST_MS, Batch, batches, time_text

FAR_PAST, FAR_FUTURE = -(2**62), 2**62
TRACK = ["lat", "lon", "speed_mps"]


def encode(batch: Batch) -> bytes:
    return native.encode_json(batch.kind, batch.json, EARLIEST_MS, LATEST_MS, foreign=True).block


def as_json(kind: str, columns: dict[str, list[Any]], rows: slice) -> dict[str, list[Any]]:
    """What the columns must be written as: JSON values, and times as texts."""
    types = {field[0]: field[1] for field in dict(native.schema())[kind]}

    def value(name: str, value: Any) -> Any:
        is_json = types.get(name, "json") == "json" and value is not None
        return json.loads(value) if is_json else value

    times = {"time": [time_text(time_ms) for time_ms in columns["time_ms"][rows]]}
    return times | {
        name: [value(name, one) for one in column[rows]]
        for name, column in columns.items()
        if name != "time_ms"
    }


@given(batch=batches(), data=st.data())
@settings(deadline=None)
def test_the_text_says_what_the_columns_say(batch: Batch, data: st.DataObject) -> None:
    block, times = encode(batch), batch.columns["time_ms"]
    whole = native.decode_columns_json([block], FAR_PAST, FAR_FUTURE)
    assert json.loads(whole) == as_json(batch.kind, batch.columns, slice(None))

    first, last = sorted((data.draw(st.sampled_from(times)), data.draw(st.sampled_from(times))))
    some = slice(times.index(first), times.index(last))
    part = native.decode_columns_json([block], first, last)
    assert json.loads(part) == as_json(batch.kind, batch.columns, some)


@given(parts=st.lists(batches([Kind.LOCATION]), min_size=1, max_size=3))
@settings(deadline=None)
def test_blocks_are_read_as_one(parts: list[Batch]) -> None:
    blocks = [encode(part) for part in parts]
    merged = native.merge(blocks)
    assert native.decode_columns_json(
        blocks, FAR_PAST, FAR_FUTURE, fields=TRACK
    ) == native.decode_columns_json([merged], FAR_PAST, FAR_FUTURE, fields=TRACK)


@given(batch=batches([Kind.LOCATION], max_size=30), max_points=st.integers(2, 30))
@settings(deadline=None)
def test_a_track_is_thinned_to_what_it_has(batch: Batch, max_points: int) -> None:
    columns = native.decode_columns(encode(batch))
    speeds = columns.get("speed_mps", [None] * len(columns["lat"]))
    times = [time_text(time_ms) for time_ms in columns["time_ms"]]
    rows = list(zip(times, columns["lat"], columns["lon"], speeds, strict=True))
    track = json.loads(
        native.decode_columns_json(
            [encode(batch)], FAR_PAST, FAR_FUTURE, fields=TRACK, max_points=max_points
        )
    )
    told = list(zip(*(track[name] for name in ("time", *TRACK)), strict=True))
    if len(rows) <= max_points:
        assert told == rows
        return
    remaining = iter(rows)
    assert all(row in remaining for row in told), "some of them, in their order"
    assert len(told) <= max_points
    assert (told[0], told[-1]) == (rows[0], rows[-1])


def test_the_fields_come_as_asked_whether_or_not_there_are_any() -> None:
    at = 1_767_323_045_000
    block = native.encode_columns(
        "location", {"time_ms": [at, at + 1], "lat": [1, 2.5], "lon": [-0.0000001, 180]}
    )
    assert native.decode_columns_json([block], at, at + 2, fields=["speed_mps", "lon"]) == (
        b'{"time":["2026-01-02T03:04:05Z","2026-01-02T03:04:05.001Z"],'
        b'"speed_mps":[null,null],"lon":[-0.0000001,180]}'
    )
    assert native.decode_columns_json([block], 0, 1, fields=["lat"]) == b'{"time":[],"lat":[]}'


def test_what_is_refused() -> None:
    place = native.encode_columns("call", CALL)
    fix = native.encode_columns("location", {"time_ms": [0], "lat": [0], "lon": [0]})
    with pytest.raises(ValueError, match="nothing to decode"):
        native.decode_columns_json([], 0, 1)
    with pytest.raises(ValueError, match="unknown field: height"):
        native.decode_columns_json([fix], 0, 1, fields=["height"])
    with pytest.raises(ValueError, match="max_points is below 2"):
        native.decode_columns_json([fix], 0, 1, max_points=1)
    with pytest.raises(ValueError, match="only locations"):
        native.decode_columns_json([place], 0, 1, max_points=2)
    with pytest.raises(native.BadBlock, match="kinds differ"):
        native.decode_columns_json([place, fix], 0, 1)
    with pytest.raises(native.BadBlock):
        native.decode_columns_json([fix[:-1]], 0, 1)


CALL = {"time_ms": [0], "direction": ["sent"], "counterpart": ["+1"], "outcome": ["missed"]}
