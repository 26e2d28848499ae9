"""The bounds of what is kept beyond our fields."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.http.foreign.attributes import (
    MAX_BYTES,
    MAX_ENTRIES,
    MAX_TEXT,
    TRUNCATED,
    bounded,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=400),
    lambda inner: (
        st.lists(inner, max_size=100) | st.dictionaries(st.text(max_size=300), inner, max_size=100)
    ),
)


def strings_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*value, *[text for inner in value.values() for text in strings_in(inner)]]
    if isinstance(value, list):
        return [text for inner in value for text in strings_in(inner)]
    return []


@given(st.dictionaries(st.text(max_size=300), JSON, max_size=100))
def test_always_within_the_bounds(said: dict[str, Any]) -> None:
    kept = dict(bounded(said))
    encoded = msgspec.json.encode(kept)
    assert len(encoded) <= MAX_BYTES
    assert len(kept) <= MAX_ENTRIES
    assert all(len(text) <= MAX_TEXT for text in strings_in(kept))
    assert msgspec.json.decode(encoded) == kept
    complete = {name: value for name, value in said.items() if value is not None}
    assert kept == complete or kept[TRUNCATED] is True


@given(st.dictionaries(st.text(max_size=20), st.booleans() | st.text(max_size=20), max_size=20))
def test_what_is_small_is_kept_as_it_is(said: dict[str, Any]) -> None:
    assert bounded(said) == said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"a": None, "b": 1}, {"b": 1}),
        ({"a": "x" * 257}, {"a": "x" * 256, "truncated": True}),
        ({"x" * 257: 1, "b": 2}, {"b": 2, "truncated": True}),
        ({"a": 2**70}, {"a": None, "truncated": True}),
        ({"a": {"b": ["x" * 300]}}, {"a": {"b": ["x" * 256]}, "truncated": True}),
        ({"a": [0] * 70}, {"a": [0] * 64, "truncated": True}),
    ],
)
def test_examples(said: dict[str, Any], kept: dict[str, Any]) -> None:
    assert bounded(said) == kept


def test_depth() -> None:
    value: Any = 1
    for _ in range(20):
        value = [value]
    kept = bounded({"a": value})
    assert kept[TRUNCATED] is True
    assert msgspec.json.encode(kept["a"]) == b"[" * 8 + b"null" + b"]" * 8


def test_more_than_fits_is_dropped_entry_by_entry() -> None:
    kept = bounded({f"k{i:02}": "x" * 250 for i in range(60)})
    assert kept[TRUNCATED] is True
    assert len(kept) == 32
    assert len(msgspec.json.encode(kept)) <= MAX_BYTES
