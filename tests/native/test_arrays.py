"""Columns as arrays: the same values, in memory of their own."""

import gc
import math
from typing import Any

import fieldpost_native as native
import numpy as np
from hypothesis import given, settings

from tests.native.generated import EARLIEST_MS, LATEST_MS, Batch, batches


def encode(batch: Batch) -> bytes:
    return native.encode_json(batch.kind, batch.json, EARLIEST_MS, LATEST_MS, foreign=True).block


def listed(column: native.ArrayColumn) -> list[Any]:
    """As `decode_columns` gives it."""
    values: list[Any] = np.asarray(column.values).tolist()
    present = [True] * len(values)
    if column.present is not None:
        present = np.asarray(column.present).tolist()
    if column.texts:
        assert all((code == -1) != has for code, has in zip(values, present, strict=True))
        values = [column.texts[code] for code in values]
    return [value if has else None for value, has in zip(values, present, strict=True)]


@given(batch=batches())
@settings(deadline=None)
def test_arrays_are_the_columns(batch: Batch) -> None:
    arrays = native.decode_arrays(encode(batch))

    assert {name: listed(column) for name, column in arrays.items()} == batch.columns
    assert list(arrays) == list(native.decode_columns(encode(batch)))


def test_each_type_has_its_array() -> None:
    sent = (
        b'[{"time_ms": 1767323045000, "battery": 0.5, "charging": true, "network": "wifi"},'
        b'{"time_ms": 1767323046000, "storage_free_bytes": 9007199254740991}]'
    )
    block = native.encode_json("device_state", sent, EARLIEST_MS, LATEST_MS, foreign=True).block
    arrays = native.decode_arrays(block)
    types = {name: np.asarray(column.values).dtype for name, column in arrays.items()}

    assert types == {
        "time_ms": np.int64,
        "battery": np.float64,
        "charging": np.bool_,
        "network": np.int32,
        "storage_free_bytes": np.int64,
    }
    assert arrays["time_ms"].present is None
    battery = arrays["battery"]
    assert battery.present is not None
    assert np.asarray(battery.present).tolist() == [True, False]
    assert battery.values[0] == 0.5 and math.isnan(battery.values[1])
    assert arrays["charging"].values.tolist() == [True, False]
    assert arrays["storage_free_bytes"].values.tolist() == [0, 2**53 - 1]
    assert (arrays["network"].values.tolist(), arrays["network"].texts) == ([0, -1], ["wifi"])


def test_the_memory_is_the_arrays_own() -> None:
    columns = {
        "time_ms": list(range(1_000)),
        "interface": ["wifi", "mobile"] * 500,
        "sent_bytes": list(range(1_000)),
        "received_bytes": [7] * 1_000,
        "duration_s": [0.5, None] * 500,
    }
    block = native.encode_columns("traffic", columns)
    arrays = native.decode_arrays(block)
    views = {name: column.values for name, column in arrays.items()}
    present = arrays["duration_s"].present
    assert present is not None
    mapped = np.asarray(views["duration_s"])
    assert np.shares_memory(mapped, np.asarray(views["duration_s"]))

    del block, arrays
    gc.collect()
    other = [native.decode_arrays(native.encode_columns("traffic", columns)) for _ in range(20)]
    del other
    gc.collect()

    assert views["time_ms"].tolist() == columns["time_ms"]
    assert views["sent_bytes"].tolist() == columns["sent_bytes"]
    assert views["interface"].tolist() == [0, 1] * 500
    assert present.tolist() == [True, False] * 500
    del views, present
    gc.collect()
    assert np.nansum(mapped) == 250.0
