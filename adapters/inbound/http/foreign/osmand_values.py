"""Single values of the OsmAnd protocol, in its text form and in JSON."""

import re
from typing import Any

from adapters.inbound.http.foreign.reading import Reason
from adapters.inbound.http.foreign.times import from_epoch_seconds, from_iso, in_range

CHARGING = {"true": True, "false": False, "1": True, "0": False}

_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_PLAIN = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?", re.ASCII)

_FIRST_MILLISECONDS = 2**31 - 1
"""`timestamp` counts seconds below this, milliseconds from there on (as in Traccar)."""

_NAMES = frozenset({"driverUniqueId", "cell", "wifi", "alarm"})
"""Attributes that stay text even where they look like a number."""

_LONGEST_ID = 256


def number(value: str | None) -> Any:
    """The number that a text is; else the text, for the check of the field to refuse."""
    return float(value) if value is not None and _NUMBER.fullmatch(value) else value


def attribute(name: str, value: str) -> Any:
    """An attribute as Traccar types it: a number, true or false, else text.

    Only what reads back the same becomes a number, so that "007" stays what it is.
    """
    if name in _NAMES or len(value) > _LONGEST_ID:
        return value
    if value in ("true", "false"):
        return value == "true"
    plain = _PLAIN.fullmatch(value)
    if plain is None:
        return value
    return float(value) if plain.group(2) else int(value)


def protocol_time(value: Any, received_ms: int) -> int | Reason:
    """`timestamp`: s, or ms from 2^31-1 on; or ISO 8601; or now, which is `received_ms`."""
    if value is None:
        return received_ms
    if value.__class__ is str:
        return _time_of_text(value)
    if value.__class__ is int and value >= _FIRST_MILLISECONDS:
        return in_range(value)
    return from_epoch_seconds(value)


def _time_of_text(text: str) -> int | Reason:
    if _WHOLE.fullmatch(text):
        whole = int(text)
        return in_range(whole if whole >= _FIRST_MILLISECONDS else whole * 1000)
    # An offset's "+" that its sender did not escape has become a space.
    return from_iso(text.replace(" ", "+") if "T" in text else text)


def device_id_of(value: Any) -> str | None:
    """An identifier that the payload gives itself, if it is one of sane length."""
    if value.__class__ is int and abs(value) < 2**63:
        value = str(value)
    return value if value.__class__ is str and 0 < len(value) <= _LONGEST_ID else None
