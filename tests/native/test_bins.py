"""Bins, the packing of version 2: many integers of several sorts, read by both decoders."""

import random
from typing import Any

import fieldpost_native as native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.native import reference_decoder
from tests.native.test_bad_blocks import mutate, native_reading, reference_reading, sealed

COUNTS = st.integers(600, 700)


def columns_of(seed: int, count: int) -> dict[str, Any]:
    """Of a device that rests and moves by turns; its speed is unknown now and then."""
    chance = random.Random(seed)
    time_ms, lat, columns = 1_767_323_045_000, 45.0, []
    for place in range(count):
        moves = place // 50 % 2 == 1
        time_ms += chance.randrange(10, 15) * 1000 if moves else chance.randrange(300, 600) * 1000
        lat += chance.gauss(0, 1e-3 if moves else 1e-6)
        speed = chance.choice([None, chance.uniform(20, 40)]) if moves else 0.0
        source = "gps" if moves else chance.choice(["gps", "network", "wifi"])
        columns.append((time_ms, lat, 13.0 + lat / 9, chance.uniform(4, 28), speed, source))
    names = ("time_ms", "lat", "lon", "accuracy_m", "speed_mps", "source")
    return {
        name: list(column) for name, column in zip(names, zip(*columns, strict=True), strict=True)
    }


@given(seed=st.integers(0, 2**32), count=COUNTS)
@settings(max_examples=20, deadline=None)
def test_the_reference_decoder_agrees(seed: int, count: int) -> None:
    columns = columns_of(seed, count)
    block = native.encode_columns("location", columns)
    assert block[0] == 2
    assert reference_decoder.decode(block) == ("location", native.decode_columns(block))
    assert native.decode_columns(block)["speed_mps"] == pytest.approx(
        columns["speed_mps"], abs=0.00501
    )
    assert native.encode_columns("location", native.decode_columns(block)) == block


@given(seed=st.integers(0, 9), data=st.data())
@settings(max_examples=100, deadline=None)
def test_both_decoders_judge_alike(seed: int, data: st.DataObject) -> None:
    block = sealed(mutate(native.encode_columns("location", columns_of(seed, 600))[:-4], data))
    assert native_reading(block) == reference_reading(block)


def test_few_integers_are_written_as_ever() -> None:
    assert native.encode_columns("location", columns_of(1, 599))[0] == 1


def test_version_1_has_no_bins() -> None:
    block = native.encode_columns("location", columns_of(1, 600))
    older = sealed(b"\x01" + block[1:-4])
    assert (native_reading(older), reference_reading(older)) == (None, None)


def test_bins_are_smaller() -> None:
    columns = columns_of(1, 2_000)
    parts = [
        {name: column[start : start + 500] for name, column in columns.items()}
        for start in range(0, 2_000, 500)
    ]
    apart = sum(len(native.encode_columns("location", part)) for part in parts)
    assert len(native.encode_columns("location", columns)) < 0.95 * apart
