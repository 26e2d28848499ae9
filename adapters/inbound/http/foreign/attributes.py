"""Bounds for what an agent says beyond our fields: it is kept, but only so much of it."""

from collections.abc import Mapping
from typing import Any

import msgspec

MAX_ENTRIES = 64
MAX_TEXT = 256
MAX_BYTES = 8 * 1024
MAX_DEPTH = 8
"""Levels of lists and objects inside one attribute; what lies deeper is dropped."""

TRUNCATED = "truncated"
"""Set to true beside what was kept when anything was shortened or dropped."""

_ROOM_FOR_TRUNCATED = len(b',"truncated":true')
_LONGEST_NUMBER = 25
_WORST_ESCAPE = 6
_TOO_MUCH = MAX_BYTES + 1


def bounded(said: dict[str, Any]) -> Mapping[str, Any]:
    """`said` itself when it is within the bounds, as nearly all are; else a shortened copy.

    At most 64 entries, texts of 256 characters and 8 KiB of JSON in all. Nulls say nothing and
    are left out.
    """
    within = None not in said.values() and _most_bytes(said, MAX_DEPTH + 1) <= MAX_BYTES
    if within:
        return said
    return _Shortening().of_attributes(said)


def _most_bytes(value: Any, depth: int) -> int:
    """An upper bound of the encoded length, and above all bounds where something must go."""
    kind = value.__class__
    if kind is str:
        return len(value) * _WORST_ESCAPE + 3 if len(value) <= MAX_TEXT else _TOO_MUCH
    if kind is int:
        return _LONGEST_NUMBER if _fits_json(value) else _TOO_MUCH
    if kind is dict:
        if not depth or len(value) > MAX_ENTRIES:
            return _TOO_MUCH
        return 3 + sum(
            _most_bytes(key, depth) + _most_bytes(inner, depth - 1) for key, inner in value.items()
        )
    if kind is list:
        if not depth or len(value) > MAX_ENTRIES:
            return _TOO_MUCH
        return 3 + sum([_most_bytes(inner, depth - 1) for inner in value])
    return _LONGEST_NUMBER


def _fits_json(value: int) -> bool:
    return -(2**63) <= value < 2**63


class _Shortening:
    """One pass that shortens, and remembers whether it had to."""

    def __init__(self) -> None:
        self._shortened = False

    def of_attributes(self, said: dict[str, Any]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        left = MAX_BYTES - 2 - _ROOM_FOR_TRUNCATED
        for key, value in said.items():
            if value is None:
                continue
            short = self._short(value, MAX_DEPTH)
            size = len(msgspec.json.encode(key)) + len(msgspec.json.encode(short)) + 2
            if len(kept) >= MAX_ENTRIES - 1 or len(key) > MAX_TEXT or size > left:
                self._shortened = True
                continue
            kept[key] = short
            left -= size
        if self._shortened:
            kept[TRUNCATED] = True
        return kept

    def _short(self, value: Any, depth: int) -> Any:
        kind = value.__class__
        if kind is str:
            self._shortened |= len(value) > MAX_TEXT
            return value[:MAX_TEXT]
        if (kind is int and not _fits_json(value)) or (kind in (list, dict) and not depth):
            self._shortened = True
            return None
        if kind is list:
            self._shortened |= len(value) > MAX_ENTRIES
            return [self._short(inner, depth - 1) for inner in value[:MAX_ENTRIES]]
        if kind is dict:
            return self._short_object(value, depth)
        return value

    def _short_object(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        kept = [key for key in value if len(key) <= MAX_TEXT][:MAX_ENTRIES]
        self._shortened |= len(kept) < len(value)
        return {key: self._short(value[key], depth - 1) for key in kept}
