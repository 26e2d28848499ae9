"""What intake asks of blocks: all of each is checked, whatever the others are."""

import fieldpost_native as native
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.native import reference_decoder
from tests.native.generated import EARLIEST_MS, LATEST_MS, batches

_NO_BOUND = 2**40

blocks = batches().map(
    lambda batch: (
        native.encode_json(batch.kind, batch.json, EARLIEST_MS, LATEST_MS, foreign=True).block
    )
)


def sealed(body: bytes) -> bytes:
    return body + reference_decoder.crc32c(body).to_bytes(4, "little")


def mutated(block: bytes, data: st.DataObject) -> bytes:
    body = bytearray(block[:-4])
    at = data.draw(st.integers(0, len(body)))
    body[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    return sealed(bytes(body))


def expected(block: bytes) -> tuple[str, int, int, int, str] | None:
    """What decoding says; None where the block is not valid."""
    try:
        native.validate(block)
    except native.BadBlock:
        return None
    attributes = "attributes" in native.decode_columns(block)
    return *native.info(block), "unknown_field" if attributes else ""


@given(some=st.lists(blocks, max_size=4), data=st.data())
@settings(max_examples=300, deadline=None)
def test_every_block_is_judged_as_decoding_it_would(some: list[bytes], data: st.DataObject) -> None:
    given_blocks = [one if data.draw(st.booleans()) else mutated(one, data) for one in some]
    found = native.admit(given_blocks, max_observations=_NO_BOUND, max_text_bytes=_NO_BOUND)
    assert len(found) == len(given_blocks)
    for block, one in zip(given_blocks, found, strict=True):
        wanted = expected(block)
        assert one == wanted if wanted else one[1:] == (0, 0, 0, "bad_block")


@given(block=blocks)
@settings(max_examples=200, deadline=None)
def test_the_bounds(block: bytes) -> None:
    kind, count, _, _ = native.info(block)
    columns = native.decode_columns(block)
    if "attributes" in columns:
        return
    texts = {
        name
        for of_kind, fields in native.schema()
        if of_kind == kind
        for name, type_, *_ in fields
        if type_ in ("text", "json")
    }
    size = sum(
        len(text.encode())
        for name in texts & columns.keys()
        for text in columns[name]
        if text is not None
    )

    def fault(max_observations: int, max_text_bytes: int) -> str:
        ((named, *_, found),) = native.admit(
            [block], max_observations=max_observations, max_text_bytes=max_text_bytes
        )
        assert named == kind
        return found

    assert fault(count, size) == ""
    assert fault(count - 1, size) == "too_many_observations"
    assert size == 0 or fault(count, size - 1) == "too_much_text"


@given(st.binary(max_size=64))
@settings(deadline=None)
def test_any_bytes(body: bytes) -> None:
    for block in (body, sealed(body), sealed(b"\x01\x01" + body)):
        ((_, *_, fault),) = native.admit(
            [block], max_observations=_NO_BOUND, max_text_bytes=_NO_BOUND
        )
        assert (fault != "bad_block") == (expected(block) is not None)
