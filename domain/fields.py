"""How an observation's field is declared: its type, bounds and resolution, in one place.

Adapters derive their wire types and the store's columns from these declarations, so that a
bound is written once.
"""

from enum import StrEnum
from typing import Any

import attrs

_SPEC = "fieldpost"


class FieldType(StrEnum):
    NUMBER = "number"
    INTEGER = "integer"
    TEXT = "text"
    CHOICE = "choice"
    FLAG = "flag"
    JSON = "json"


@attrs.frozen
class FieldSpec:
    """One field of a kind.

    `low` and `high` are inclusive. `resolution` is the step to which a number is kept.
    `max_length` counts characters of a text, and bytes of the encoded form of JSON.
    """

    name: str
    type: FieldType
    required: bool
    low: float | None = None
    high: float | None = None
    resolution: float | None = None
    max_length: int | None = None
    choices: tuple[str, ...] = ()


def number(low: float, high: float, *, resolution: float, optional: bool = False) -> Any:
    return _declare(FieldType.NUMBER, optional, low=low, high=high, resolution=resolution)


def integer(low: int, high: int, *, optional: bool = False) -> Any:
    return _declare(FieldType.INTEGER, optional, low=low, high=high)


def text(max_length: int, *, optional: bool = False) -> Any:
    return _declare(FieldType.TEXT, optional, max_length=max_length)


def choice(*choices: str, optional: bool = False) -> Any:
    return _declare(FieldType.CHOICE, optional, choices=choices)


def flag(*, optional: bool = False) -> Any:
    return _declare(FieldType.FLAG, optional)


def json_value(max_length: int) -> Any:
    return _declare(FieldType.JSON, False, max_length=max_length)


def specs_of(cls: type[Any]) -> tuple[FieldSpec, ...]:
    """The declared fields of an observation class, in the order in which they are stored."""
    return tuple(
        FieldSpec(name=field.name, required=field.default is attrs.NOTHING, **field.metadata[_SPEC])
        for field in attrs.fields(cls)
        if _SPEC in field.metadata
    )


def _declare(type_: FieldType, optional: bool, **bounds: Any) -> Any:
    metadata = {_SPEC: {"type": type_, **bounds}}
    if optional:
        return attrs.field(default=None, metadata=metadata)
    return attrs.field(metadata=metadata)
