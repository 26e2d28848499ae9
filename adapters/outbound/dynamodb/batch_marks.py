"""How a batch is told from others: by its number, or by its content.

A numbered batch is new for certain when its number is above all that were applied of its kind and
enrolment; one that is known by content when it ends after all such ones of its kind. Only the
others have to be looked up.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from adapters.outbound.dynamodb.kind_codes import CODES, KINDS
from domain.batch import Batch
from domain.kinds import Kind

_NUMBERED = re.compile(r"(?:([2-9]|[1-9]\d{1,15})\.)?(0|[1-9]\d{0,15})", re.ASCII)
_CONTENT = re.compile(r"~(?:[0-9a-f]{2})+", re.ASCII)
_BY_CONTENT = 0
"""In the place of an enrolment, which count from 1."""

Line = tuple[Kind, int]
"""Within it batches are numbered: a kind and an enrolment, or a kind and `_BY_CONTENT`."""

Marks = Mapping[Line, int]
"""The highest number that was applied, or the latest end in ms."""


@attrs.frozen
class Mark:
    """What is remembered of a batch. `first_ms` and `last_ms` are 0 for numbered ones."""

    kind: Kind
    identity: str
    first_ms: int = 0
    last_ms: int = 0

    @property
    def sequence(self) -> tuple[int, int] | None:
        """Enrolment and number, of a numbered batch."""
        return sequence_of(self.identity)

    @property
    def line(self) -> Line:
        numbered = self.sequence
        return (self.kind, numbered[0] if numbered else _BY_CONTENT)

    @property
    def place(self) -> int:
        """What rises within the line."""
        numbered = self.sequence
        return numbered[1] if numbered else self.last_ms


def sequence_of(identity: str) -> tuple[int, int] | None:
    found = _NUMBERED.fullmatch(identity)
    return (int(found[1] or 1), int(found[2])) if found else None


def mark_of(batch: Batch) -> Mark:
    if sequence_of(batch.identity) is not None:
        return Mark(batch.kind, batch.identity)
    return Mark(batch.kind, batch.identity, batch.first_ms, batch.last_ms)


def certainly_new(marks: Marks, mark: Mark) -> bool:
    known = marks.get(mark.line)
    return known is None or mark.place > known


def raised(marks: Marks, applied: Iterable[Mark]) -> dict[Line, int]:
    """The marks after these batches."""
    after = dict(marks)
    for mark in applied:
        line = mark.line
        after[line] = max(after.get(line, mark.place), mark.place)
    return after


def identity_bytes(identity: str) -> bytes:
    """A hash takes half the bytes that its digits take."""
    if _CONTENT.fullmatch(identity):
        return b"~" + bytes.fromhex(identity[1:])
    return b"=" + identity.encode()


def identity_of(stored: bytes) -> str:
    return "~" + stored[1:].hex() if stored[:1] == b"~" else stored[1:].decode()


def row_of(mark: Mark) -> tuple[Any, ...]:
    numbered = mark.sequence
    code = CODES[mark.kind]
    if numbered is not None:
        enrolment, number = numbered
        return (code, number) if enrolment == 1 else (code, number, enrolment)
    length_ms = mark.last_ms - mark.first_ms
    return (code, identity_bytes(mark.identity), mark.first_ms, length_ms)


def mark_of_row(row: Any) -> Mark:
    kind = KINDS[row[0]]
    if isinstance(row[1], bytes):
        return Mark(kind, identity_of(row[1]), row[2], row[2] + row[3])
    if len(row) == 2 or row[2] == 1:
        return Mark(kind, str(row[1]))
    return Mark(kind, f"{row[2]}.{row[1]}")
