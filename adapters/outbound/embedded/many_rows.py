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
    for chunk in _chunks(rows):
        whole = _with_rows(statement, len(chunk), len(chunk[0]))
        connection.execute(whole, tuple(chain.from_iterable(chunk)))
    return connection.total_changes - before


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


@cache
def _with_rows(statement: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return statement.format(rows=f"VALUES {', '.join([row] * rows)}")
