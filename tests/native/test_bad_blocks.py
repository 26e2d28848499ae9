"""Whatever the bytes are, they are decoded or refused: with the checksum wrong, and right."""

from typing import Any

import fieldpost_native as native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.native import reference_decoder
from tests.native.generated import EARLIEST_MS, LATEST_MS, Batch, batches


def encode(batch: Batch) -> bytes:
    return native.encode_json(batch.kind, batch.json, EARLIEST_MS, LATEST_MS, foreign=True).block


def sealed(body: bytes) -> bytes:
    return body + reference_decoder.crc32c(body).to_bytes(4, "little")


def native_reading(block: bytes) -> tuple[str, dict[str, list[Any]]] | None:
    try:
        return native.info(block)[0], native.decode_columns(block)
    except native.BadBlock:
        return None


def reference_reading(block: bytes) -> tuple[str, dict[str, list[Any]]] | None:
    try:
        return reference_decoder.decode(block)
    except reference_decoder.BadBlock:
        return None


def mutate(body: bytes, data: st.DataObject) -> bytes:
    changed = bytearray(body)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed)))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    return bytes(changed)


@given(batch=batches(), data=st.data())
@settings(deadline=None)
def test_a_changed_block_fails_its_checksum(batch: Batch, data: st.DataObject) -> None:
    block = bytearray(encode(batch))
    at = data.draw(st.integers(0, len(block) - 1))
    block[at] ^= data.draw(st.integers(1, 255))
    for operation in (native.info, native.validate, native.decode_columns):
        with pytest.raises(native.BadBlock):
            operation(bytes(block))


@given(batch=batches(), data=st.data())
@settings(max_examples=1500, deadline=None)
def test_with_a_right_checksum_both_decoders_judge_alike(batch: Batch, data: st.DataObject) -> None:
    block = sealed(mutate(encode(batch)[:-4], data))
    reading = native_reading(block)
    assert reading == reference_reading(block)
    if reading is not None:
        rows = native.decode_rows_json(block, -(2**62), 2**62)
        again = native.encode_json(
            reading[0],
            b"[" + b",".join(rows) + b"]",
            -(2**62),
            2**62,
            max_observations=len(rows),
            foreign=True,
        )
        assert again.refused == []
        assert native_reading(again.block) == without_empty_attributes(reading)


def without_empty_attributes(
    reading: tuple[str, dict[str, list[Any]]],
) -> tuple[str, dict[str, list[Any]]]:
    """An encoder leaves out attributes that say nothing; another's block may have them."""
    kind, columns = reading
    if "attributes" not in columns:
        return reading
    kept = [None if text == "{}" else text for text in columns["attributes"]]
    rest = {name: column for name, column in columns.items() if name != "attributes"}
    return (kind, rest | {"attributes": kept}) if any(kept) else (kind, rest)


@given(st.binary(max_size=64))
@settings(deadline=None)
def test_any_bytes(body: bytes) -> None:
    for block in (body, sealed(body), sealed(b"\x01\x01" + body)):
        assert native_reading(block) == reference_reading(block)


def varint(value: int) -> bytes:
    parts = []
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def head(kind: int, count: int) -> bytes:
    """Of a block with that many observations at one time."""
    return b"\x01" + bytes([kind]) + varint(count) + b"\x01" + varint(2 * 10**12) + b"\x00\x00"


def test_a_small_block_cannot_claim_much() -> None:
    all_active = b"\x00\x00"
    as_many = sealed(head(5, 131_072) + all_active)
    assert native.info(as_many)[1] == 131_072
    assert len(native.decode_columns(as_many)["status"]) == 131_072
    assert native_reading(sealed(head(5, 131_073) + all_active)) is None


def test_texts_of_a_small_block_cannot_unfold_to_much() -> None:
    url = varint(4096) + b"u" * 4096
    one_for_all = b"\x00\x01" + url
    for count, is_good in ((16_384, True), (16_385, False)):
        block = sealed(head(3, count) + one_for_all)
        assert (native_reading(block) is not None) == is_good
        assert (reference_reading(block) is not None) == is_good

    def front_coded(entries: int) -> bytes:
        repeated = b"\x00" + url + (varint(4096) + b"\x00") * (entries - 1)
        return b"\x01" + varint(entries) + repeated + b"\x01\x00\x02"

    assert native_reading(sealed(head(3, 256) + front_coded(256))) is not None
    assert native_reading(sealed(head(3, 257) + front_coded(257))) is None
