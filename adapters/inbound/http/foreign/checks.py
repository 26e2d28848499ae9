"""Whether a value fits one of our fields: checks derived from the declarations in the domain."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from adapters.inbound.http.foreign.reading import Reason
from domain.fields import FieldSpec, FieldType, specs_of
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES

Check = Callable[[Any], Any]
"""Takes a value in our unit and answers what to keep, or the `Reason` why it cannot be kept."""

MAX_DEPTH = 32
"""Levels of lists and objects in a document: far more than any agent sends, and safe to walk."""


def _number(spec: FieldSpec) -> Check:
    low, high = spec.low, spec.high
    assert low is not None and high is not None, spec.name

    def check(value: Any) -> Any:
        if value.__class__ is not float and value.__class__ is not int:
            return Reason.WRONG_TYPE
        # Compared before it is converted: an integer can be too large to become a float.
        return float(value) if low <= value <= high else Reason.OUT_OF_RANGE

    return check


def _integer(spec: FieldSpec) -> Check:
    low, high = spec.low, spec.high
    assert low is not None and high is not None, spec.name

    def check(value: Any) -> Any:
        if value.__class__ is not int:
            return Reason.WRONG_TYPE
        return value if low <= value <= high else Reason.OUT_OF_RANGE

    return check


def _text(spec: FieldSpec) -> Check:
    longest = spec.max_length
    assert longest is not None, spec.name

    def check(value: Any) -> Any:
        if value.__class__ is not str:
            return Reason.WRONG_TYPE
        return value if len(value) <= longest else Reason.TOO_LONG

    return check


def _choice(spec: FieldSpec) -> Check:
    choices = frozenset(spec.choices)

    def check(value: Any) -> Any:
        if value.__class__ is not str:
            return Reason.WRONG_TYPE
        return value if value in choices else Reason.NOT_A_CHOICE

    return check


def _flag(_spec: FieldSpec) -> Check:
    def check(value: Any) -> Any:
        return value if value.__class__ is bool else Reason.WRONG_TYPE

    return check


def _json(spec: FieldSpec) -> Check:
    longest = spec.max_length
    assert longest is not None, spec.name

    def check(value: Any) -> Any:
        if _deeper_than(value, MAX_DEPTH):
            return Reason.TOO_DEEP
        try:
            encoded = msgspec.json.encode(value)
        except ValueError:  # a lone surrogate, which only a caller's own text can hold
            return Reason.NOT_UTF8
        return value if len(encoded) <= longest else Reason.TOO_LONG

    return check


def _deeper_than(value: Any, depth: int) -> bool:
    if value.__class__ is dict:
        return not depth or any(_deeper_than(inner, depth - 1) for inner in value.values())
    if value.__class__ is list:
        return not depth or any(_deeper_than(inner, depth - 1) for inner in value)
    return False


_CHECK_OF_TYPE: Mapping[FieldType, Callable[[FieldSpec], Check]] = {
    FieldType.NUMBER: _number,
    FieldType.INTEGER: _integer,
    FieldType.TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.FLAG: _flag,
    FieldType.JSON: _json,
}

CHECKS: Mapping[Kind, Mapping[str, Check]] = {
    kind: {spec.name: _CHECK_OF_TYPE[spec.type](spec) for spec in specs_of(cls)}
    for kind, cls in OBSERVATION_CLASSES.items()
}
"""Per kind and field name of ours."""
