"""Columns of Python objects and arrays, encoded or refused by field, row and reason."""

import array
from decimal import Decimal
from typing import Any

import fieldpost_native as native
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kinds import Kind
from tests.native.generated import EARLIEST_MS, LATEST_MS, Batch, batches

FIX: dict[str, Any] = {"time_ms": [5, 6], "lat": [1.5, 2.5], "lon": [3.5, 4.5]}


@given(batch=batches(), order=st.randoms(use_true_random=False))
@settings(deadline=None)
def test_columns_give_the_block_that_json_gives(batch: Batch, order: Any) -> None:
    block = native.encode_json(batch.kind, batch.json, EARLIEST_MS, LATEST_MS, foreign=True).block
    columns = {
        name: [None if name == "attributes" and value == "{}" else value for value in column]
        for name, column in batch.columns.items()
    }
    assert native.encode_columns(batch.kind, columns) == block

    rows = list(range(len(batch.texts)))
    if len(set(batch.columns["time_ms"])) == len(rows):
        order.shuffle(rows)
        shuffled = {name: [column[row] for row in rows] for name, column in columns.items()}
        assert native.encode_columns(batch.kind, shuffled) == block


@given(batch=batches([Kind.LOCATION, Kind.TRAFFIC, Kind.DEVICE_STATE]))
@settings(deadline=None)
def test_decoded_arrays_can_be_encoded(batch: Batch) -> None:
    block = native.encode_columns(batch.kind, batch.columns)
    given: dict[str, Any] = dict(batch.columns)
    for name, column in native.decode_arrays(block).items():
        values = np.asarray(column.values)
        if not column.texts and (column.present is None or values.dtype == np.float64):
            given[name] = values
    assert native.encode_columns(batch.kind, given) == block


@pytest.mark.parametrize(
    "lat",
    [
        (1.5, 2.5),
        [Decimal("1.5"), Decimal("2.5")],
        array.array("d", [1.5, 2.5]),
        memoryview(array.array("d", [1.5, 2.5])),
        np.array([1.5, 2.5]),
        np.array([1.5, 0.0, 2.5, 0.0])[::2],
        np.array([1.5, 2.5], dtype=np.float32),
        np.array([1.5, 2.5], dtype=">f8"),
        np.array([1.5, 2.5], dtype=object),
        [1.50000002, 2.49999996],
    ],
)
def test_many_sequences_say_the_same(lat: Any) -> None:
    for times in ([5, 6], np.array([5, 6]), np.array([5, 6], dtype=np.uint16), range(5, 7)):
        columns = {**FIX, "lat": lat, "time_ms": times}
        assert native.encode_columns("location", columns) == native.encode_columns("location", FIX)


def test_absent_values() -> None:
    expected = native.encode_columns("location", {**FIX, "speed_mps": [None, 1.5]})
    nans = np.array([np.nan, 1.5])
    assert native.encode_columns("location", {**FIX, "speed_mps": nans}) == expected
    with_none = {**FIX, "speed_mps": None, "source": [None, None]}
    assert native.encode_columns("location", with_none) == native.encode_columns("location", FIX)
    assert native.encode_columns("location", {"time_ms": []}) == b""
    assert native.encode_columns("location", {"time_ms": [], "lat": [], "lon": []}) == b""


def test_flags_and_json() -> None:
    columns = {"time_ms": [1, 2], "charging": np.array([True, False])}
    block = native.encode_columns("device_state", columns)
    assert native.decode_columns(block)["charging"] == [True, False]
    columns = {"time_ms": [1], "source": ["s"], "body": ['{ "a" : [1, 2] }'], "attributes": ["{}"]}
    block = native.encode_columns("document", columns)
    assert native.decode_columns(block) == {
        "time_ms": [1],
        "source": ["s"],
        "body": ['{"a":[1,2]}'],
    }


class Loud:
    def __index__(self) -> int:
        raise RuntimeError("asked")


class Endless:
    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> float:
        return 0.5


class Lying(Endless):
    def __len__(self) -> int:
        return -1


class Shrinking:
    """Empties the list that it lies in when it is asked for its number."""

    def __init__(self, around: list[Any]) -> None:
        self.around = around

    def __float__(self) -> float:
        self.around.clear()
        return 1.0


def refusal(kind: str, **columns: Any) -> Any:
    with pytest.raises(native.BadColumn) as refused:
        native.encode_columns(kind, columns)
    return refused.value.args


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"time_ms": None}, ("time_ms", None, "missing")),
        ({"time_ms": 5}, ("time_ms", None, "wrong_type")),
        ({"time_ms": "56"}, ("time_ms", None, "wrong_type")),
        ({"time_ms": b"56"}, ("time_ms", None, "wrong_type")),
        ({"time_ms": {5: 1, 6: 2}}, ("time_ms", None, "wrong_type")),
        ({"time_ms": [5, None]}, ("time_ms", 1, "missing")),
        ({"time_ms": [5, 6.0]}, ("time_ms", 1, "wrong_type")),
        ({"time_ms": [5, True]}, ("time_ms", 1, "wrong_type")),
        ({"time_ms": [5, "6"]}, ("time_ms", 1, "wrong_type")),
        ({"time_ms": [5, 2**200]}, ("time_ms", 1, "out_of_range")),
        ({"time_ms": [5, 2**62]}, ("time_ms", 1, "too_late")),
        ({"time_ms": [-(2**62), 6]}, ("time_ms", 0, "too_early")),
        ({"lat": None}, ("lat", None, "missing")),
        ({"lat": [1.0]}, ("lat", None, "wrong_length")),
        ({"lat": np.zeros((2, 2))}, ("lat", 0, "wrong_type")),
        ({"lat": np.float64(1)}, ("lat", None, "wrong_type")),
        ({"lat": [1.0, None]}, ("lat", 1, "missing")),
        ({"lat": np.array([1.0, np.nan])}, ("lat", 1, "missing")),
        ({"lat": [1.0, float("inf")]}, ("lat", 1, "out_of_range")),
        ({"lat": [1.0, 90.00000001]}, ("lat", 1, "out_of_range")),
        ({"lat": np.array([1, -91])}, ("lat", 1, "out_of_range")),
        ({"lat": [1.0, True]}, ("lat", 1, "wrong_type")),
        ({"lat": [1.0, 1j]}, ("lat", 1, "wrong_type")),
        ({"lat": [1.0, object()]}, ("lat", 1, "wrong_type")),
        ({"lat": [1.0, "1"]}, ("lat", 1, "wrong_type")),
        ({"source": [None, 5]}, ("source", 1, "wrong_type")),
        ({"source": [None, 5.0]}, ("source", 1, "wrong_type")),
        ({"source": [None, b"gps"]}, ("source", 1, "wrong_type")),
        ({"source": [None, "a\0"]}, ("source", 1, "wrong_type")),
        ({"source": [None, "\ud83d"]}, ("source", 1, "wrong_type")),
        ({"source": ["é" * 64, "é" * 65]}, ("source", 1, "too_long")),
        ({"attributes": [None, "[]"]}, ("attributes", 1, "wrong_type")),
        ({"attributes": [None, '{"a":1e999}']}, ("attributes", 1, "out_of_range")),
        ({"attributes": [None, '{"a":"' + "x" * 8192 + '"}']}, ("attributes", 1, "too_long")),
        ({"height": [1, 2]}, ("height", None, "unknown_field")),
        ({"time": [1, 2]}, ("time", None, "unknown_field")),
    ],
)
def test_what_is_refused(changes: dict[str, Any], expected: Any) -> None:
    assert refusal("location", **{**FIX, **changes}) == expected


def test_what_is_refused_of_other_kinds() -> None:
    call = {"time_ms": [0], "direction": ["sent"], "counterpart": ["+1"], "outcome": ["missed"]}
    assert refusal("call", **{**call, "outcome": ["lost"]}) == ("outcome", 0, "not_a_choice")
    assert refusal("call", **{**call, "counterpart": [""]}) == ("counterpart", 0, "empty")
    sizes = {"time_ms": [0], "interface": ["wifi"], "sent_bytes": [1], "received_bytes": [5.5]}
    assert refusal("traffic", **sizes) == ("received_bytes", 0, "wrong_type")
    assert refusal("device_state", time_ms=[0], charging=[1]) == ("charging", 0, "wrong_type")
    with pytest.raises(native.BadColumn) as refused:
        native.encode_columns("location", {**FIX, 5: [1, 2]})  # type: ignore[dict-item]
    assert refused.value.args == (5, None, "unknown_field")


def test_what_stops_all() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        native.encode_columns("mood", FIX)
    with pytest.raises(native.TooMany):
        native.encode_columns("location", {"time_ms": range(131_073)})
    with pytest.raises(TypeError):
        native.encode_columns("location", [FIX])  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="asked"):
        native.encode_columns("location", {**FIX, "lat": [1.0, Loud()]})


def test_odd_objects_do_no_harm() -> None:
    halves = native.encode_columns("location", {**FIX, "lat": [0.5, 0.5]})
    assert native.encode_columns("location", {**FIX, "lat": Endless()}) == halves
    with pytest.raises(ValueError, match="should return >= 0"):
        native.encode_columns("location", {**FIX, "lat": Lying()})
    values: list[Any] = []
    values += [Shrinking(values), 2.0]
    with pytest.raises(IndexError):
        native.encode_columns("location", {**FIX, "lat": values})


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
FIELDS = ["time_ms", "lat", "lon", "source", "speed_mps", "attributes", "else"]


@given(columns=st.dictionaries(st.sampled_from(FIELDS), ANY | st.lists(ANY, max_size=3)))
@settings(max_examples=500, deadline=None)
def test_any_objects_are_encoded_or_refused(columns: dict[str, Any]) -> None:
    try:
        block = native.encode_columns("location", columns)
    except native.BadColumn as refused:
        _, _, reason = refused.args
        assert reason
        return
    if block:
        assert native.info(block)[1] == len(columns["time_ms"])
