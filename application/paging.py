"""A page of a list."""

from typing import Generic, TypeVar

import attrs

T = TypeVar("T")

DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000


@attrs.frozen
class Page(Generic[T]):
    """`next_cursor` asks for the page after this one; None on the last."""

    items: list[T]
    next_cursor: str | None = None
