"""Calls of JMESPath's functions: checked when they are read, paid for when they are run."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from jmespath.exceptions import JMESPathTypeError
from jmespath.functions import Functions

from adapters.outbound.jmespath_values import Part, Tree
from domain.mapping_expression import Effort, Expression, ExpressionFailed, ExpressionRefused

_FUNCTIONS = Functions()
_CHARACTERS_A_STEP = 64
_WRITTEN_A_STEP = 16
_JOINING = frozenset({"merge", "not_null", "join"})
"""Their result may hold all of their arguments."""


class _Expression:
    """What stands behind an `&`. The library knows it by the name of its class."""

    def __init__(self, part: Part, effort: Effort) -> None:
        self.expression = part
        self._effort = effort

    def visit(self, part: Part, value: Any) -> Any:
        self._effort.spend(part.nodes)
        return part.run(value, self._effort)


def called(tree: Tree, text: str, parts: Sequence[Part], inner: Mapping[int, Part]) -> Part:
    """A call; `inner` are the arguments behind an `&` by their place, `parts` the others.

    Raises ExpressionRefused.
    """
    name = tree["value"]
    count = len(parts) + len(inner)
    _check(name, text, count, inner)
    others = iter(parts)
    arguments = [_late(inner[i]) if i in inner else next(others).run for i in range(count)]
    repeats = [part.repeats for part in parts] or [1]
    return Part(
        _Call(name, arguments).run,
        1 + sum(part.nodes for part in parts),
        (sum(repeats) if name in _JOINING else max(repeats))
        * max((part.repeats for part in inner.values() if name == "map"), default=1),
    )


@attrs.frozen
class _Call:
    name: str
    arguments: Sequence[Expression]

    def run(self, value: Any, effort: Effort) -> Any:
        given = [argument(value, effort) for argument in self.arguments]
        effort.spend(_cost(self.name, given, effort))
        try:
            result = _FUNCTIONS.call_function(self.name, given)
        except JMESPathTypeError as error:
            raise ExpressionFailed(_wrong_type(self.name, error)) from error
        except (ArithmeticError, TypeError, ValueError) as error:
            if isinstance(error, ExpressionFailed):
                raise
            raise ExpressionFailed(f"{self.name}() cannot work with what it is given") from error
        if type(result) is str:
            effort.spend(len(result) // _WRITTEN_A_STEP)
        return result


def _late(part: Part) -> Expression:
    return lambda value, effort: _Expression(part, effort)


def _cost(name: str, given: Sequence[Any], effort: Effort) -> int:
    nested = name == "contains" and len(given) == 2 and type(given[1]) in (list, dict)
    cost = effort.whole if nested else 0
    for one in given:
        if type(one) in (list, dict):
            cost += len(one)
        elif type(one) is str:
            cost += len(one) // _CHARACTERS_A_STEP
    if name == "join" and type(given[0]) is str and type(given[1]) is list:
        cost += len(given[0]) * len(given[1]) // _CHARACTERS_A_STEP
    return cost


def _check(name: str, text: str, count: int, inner: Mapping[int, Part]) -> None:
    known = _FUNCTIONS.FUNCTION_TABLE.get(name)
    if known is None:
        names = ", ".join(sorted(_FUNCTIONS.FUNCTION_TABLE))
        raise ExpressionRefused(_column(name, text), f"there is no {name}(); there are {names}")
    signature = known["signature"]
    variadic = bool(signature and signature[-1].get("variadic"))
    if count < len(signature) or (count > len(signature) and not variadic):
        wanted = f"{'at least ' if variadic else ''}{len(signature)}"
        reason = f"{name}() takes {wanted} argument{'s'[: len(signature) != 1]}, not {count}"
        raise ExpressionRefused(_column(name, text), reason)
    for place in range(count):
        wanted = signature[min(place, len(signature) - 1)]["types"] == ["expref"]
        if wanted != (place in inner):
            reason = "with" if wanted else "without"
            reason = f"{name}() takes its argument {place + 1} {reason} an `&`"
            raise ExpressionRefused(_column(name, text), reason)


def _column(name: str, text: str) -> int:
    found = re.search(rf"\b{re.escape(name)}\s*\(", text)
    return found.start() + 1 if found else 0


def _wrong_type(name: str, error: Any) -> str:
    wanted = " or ".join(str(one).replace("array-", "array of ") for one in error.expected_types)
    return f"{name}() takes {wanted}, not {error.actual_type}"
