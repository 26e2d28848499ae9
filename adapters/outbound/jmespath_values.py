"""What JMESPath's functions and closures share: a compiled part, and how values compare."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from domain.mapping_expression import Effort, Expression

Tree = Mapping[str, Any]


@attrs.frozen
class Part:
    """A compiled tree. `nodes` counts what is done in one run, lists aside; `repeats` is how often
    the result may hold what the expression was given.
    """

    run: Expression
    nodes: int = 1
    repeats: int = 1


def is_false(value: Any) -> bool:
    """Nothing, false, and what is empty; 0 is something."""
    return value is None or value is False or (type(value) in (str, list, dict) and not value)


def is_equal(one: Any, other: Any, effort: Effort) -> bool:
    """True is not 1. What is compared may be most of the document."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if type(one) in (list, dict) and type(other) in (list, dict):
        effort.spend(effort.whole)
    return bool(one == other)


def order(sign: str, one: Any, other: Any) -> bool | None:
    """None where there is no order: numbers have one, and texts."""
    if isinstance(one, str) and isinstance(other, str):
        return bool(_ORDERS[sign](one, other))
    if _is_number(one) and _is_number(other):
        return bool(_ORDERS[sign](one, other))
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "lt": operator.lt,
    "gt": operator.gt,
    "lte": operator.le,
    "gte": operator.ge,
}
