"""Observations of one kind as columns, the form in which blocks are decoded."""

from collections.abc import Mapping, Sequence
from typing import Any

Columns = Mapping[str, Sequence[Any]]
"""`time_ms` and each field that any observation has, all of one length, None where absent."""


def column(columns: Columns, name: str) -> Sequence[Any]:
    """One field of all observations; Nones where none of them has it."""
    found = columns.get(name)
    return found if found is not None else [None] * len(columns.get("time_ms", ()))


def rows_between(
    columns: Columns, names: Sequence[str], from_ms: int, to_ms: int
) -> list[tuple[Any, ...]]:
    """(time_ms, the named fields ..) of the observations in [from_ms, to_ms), in time order.

    What came twice, say live and again on request, is there once.
    """
    fields = (column(columns, name) for name in names)
    rows = zip(columns.get("time_ms", ()), *fields, strict=True)
    return sorted({row for row in rows if from_ms <= row[0] < to_ms}, key=_order)


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """By time; ties by content, of which any part may be None."""
    return tuple((value is not None, value) if value is not None else (False,) for value in row)
