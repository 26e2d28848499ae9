"""Statements of many rows: the interpreter is given up and taken back once for all of them."""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

_SIZES = (64, 16, 4, 1)
"""Few sizes, so that few statements are prepared."""


def run(connection: sqlite3.Connection, statement: str, rows: Sequence[Sequence[Any]]) -> int:
    """`statement` says `{rows}` where their VALUES stand. How many rows it changed."""
    # A cursor's `rowcount` is -1 for statements that begin with WITH.
    before = connection.total_changes
    for whole, values in chunks(statement, rows):
        connection.execute(whole, values)
    return connection.total_changes - before


def chunks(statement: str, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The statements, with their values, that together have all the rows."""
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            some = rows[start : start + size]
            yield _with_rows(statement, size, len(some[0])), tuple(chain.from_iterable(some))
            start += size


@cache
def _with_rows(statement: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return statement.format(rows=f"VALUES {', '.join([row] * rows)}")
