"""From what a document holds to what a field may hold."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.fields import FieldSpec, FieldType
from domain.mapping_definition import FieldRule, TimeFormat
from domain.times import from_datetime

_NUMBER = re.compile(r"\s*[-+]?\d{1,30}(\.\d{0,30})?([eE][-+]?\d{1,3})?\s*", re.ASCII)
_TYPES = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}
_LATEST_MS = 10**15


class Unfit(ValueError):
    """The value cannot be what it is to become; the message says why."""


def field_value(rule: FieldRule, found: Any) -> Any:
    """The field's value; None where the document says nothing of it. Raises Unfit."""
    if found is not None and rule.values is not None:
        found = _looked_up(rule, rule.values, found)
    if found is None:
        return rule.default
    if rule.reckoned:
        found = _number(found) * rule.scale + rule.offset
        if rule.spec.type is FieldType.INTEGER and math.isfinite(found):
            found = round(found)
    return fitting(rule.spec, found)


def fitting(spec: FieldSpec, value: Any) -> Any:
    """The value as the field holds it. Raises Unfit."""
    if spec.type is FieldType.NUMBER:
        # Nearly all are such, and there are many: they take the shortest way.
        low, high = spec.low, spec.high
        plain = type(value) is float and low is not None and high is not None
        if plain and low <= value <= high:
            return value
        return _within(spec, _number(value))
    if spec.type is FieldType.INTEGER:
        return _within(spec, _whole(_number(value)))
    if spec.type is FieldType.FLAG:
        if not isinstance(value, bool):
            raise Unfit(f"is {said(value)}, not true or false")
        return value
    return _text(spec, value)


def time_value(format_: TimeFormat, found: Any) -> int:
    """Milliseconds since 1970. Raises Unfit."""
    if found is None:
        raise Unfit("the document says nothing of it")
    if format_ is TimeFormat.RFC3339:
        return _moment(found)
    number = _number(found) * (1_000 if format_ is TimeFormat.EPOCH_S else 1)
    if not abs(number) < _LATEST_MS:
        raise Unfit("is beyond the calendar")
    return round(number)


def said(value: Any) -> str:
    """What a value is, in words."""
    return "nothing" if value is None else _TYPES.get(type(value), "an object")


def _looked_up(rule: FieldRule, values: Mapping[str, Any], found: Any) -> Any:
    """By the word for the value: true and 1 are the words `true` and `1`."""
    if isinstance(found, bool):
        key = "true" if found else "false"
    elif isinstance(found, str):
        key = found
    elif isinstance(found, int | float):
        whole = isinstance(found, float) and found.is_integer() and abs(found) < _LATEST_MS
        key = str(int(found)) if whole else str(found)
    else:
        raise Unfit(f"is {said(found)}, and only plain values stand in a table")
    if key not in values and rule.default is None:
        raise Unfit(f"“{key[:40]}” is not in the table of values")
    return values.get(key)


def _number(value: Any) -> int | float:
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"is {said(value)}, not a number")
    try:
        if not math.isfinite(value):
            raise Unfit("is beyond all numbers")
    except OverflowError as error:
        raise Unfit("is beyond all numbers") from error
    return value


def _whole(value: int | float) -> int:
    if value != int(value):
        raise Unfit("is no whole number")
    return int(value)


def _within(spec: FieldSpec, value: Any) -> Any:
    if not math.isfinite(value):
        raise Unfit("is beyond all numbers")
    if (spec.low is not None and value < spec.low) or (spec.high is not None and value > spec.high):
        raise Unfit(f"must be from {spec.low:g} to {spec.high:g}")
    return value


def _text(spec: FieldSpec, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(_number(value))
    if not isinstance(value, str):
        raise Unfit(f"is {said(value)}, not text")
    if spec.choices and value not in spec.choices:
        raise Unfit(f"must be one of {', '.join(spec.choices)}")
    if spec.max_length is not None and len(value) > spec.max_length:
        raise Unfit(f"has more than {spec.max_length} characters")
    if "\0" in value or not _is_unicode(value):
        raise Unfit("has characters that no text may have")
    return value


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _moment(found: Any) -> int:
    if not isinstance(found, str):
        raise Unfit(f"is {said(found)}, not a time such as 2026-01-31T12:00:00Z")
    try:
        moment = datetime.fromisoformat(found.strip())
    except ValueError as error:
        raise Unfit("is no time such as 2026-01-31T12:00:00Z") from error
    if moment.tzinfo is None:
        raise Unfit("does not say its offset from UTC, like 2026-01-31T12:00:00Z")
    return from_datetime(moment)
