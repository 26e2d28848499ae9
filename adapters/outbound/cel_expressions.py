"""Rules' expressions in CEL, the Common Expression Language, by Google's implementation.

Its checker finds wrong types when a rule is saved. Lists cannot be made to grow: macros that loop
over them are refused, so that a text of bounded length has a bounded cost.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from domain.fields import FieldType
from domain.refusals import FieldError
from domain.rules.binding import Evaluate
from domain.rules.expression_values import expression_variables

_TYPES = {
    FieldType.NUMBER: cel.Type.DOUBLE,
    FieldType.INTEGER: cel.Type.INT,
    FieldType.TEXT: cel.Type.STRING,
    FieldType.CHOICE: cel.Type.STRING,
    FieldType.FLAG: cel.Type.BOOL,
}
_POSITION = re.compile(r"<input>:\d+:(\d+): (.*)")
_LOOPS = re.compile(r"\.\s*(map|filter|all|exists|exists_one)\s*\(")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_FIELD = "when.expression"
_REMEMBERED = 10_000


class CelExpressions:
    def __init__(self) -> None:
        variables = {name: _TYPES[type_] for name, type_ in expression_variables().items()}
        self._environment = cel.NewEnv(variables=variables)
        self._compiled = lru_cache(maxsize=_REMEMBERED)(self._compile)

    def compiled(self, text: str) -> Evaluate | FieldError:
        return self._compiled(text)

    def _compile(self, text: str) -> Evaluate | FieldError:
        loop = _LOOPS.search(_QUOTED.sub(lambda quoted: "_" * len(quoted.group()), text))
        if loop:
            return _error(loop.start() + 1, f"{loop.group(1)} is not allowed: it loops")
        try:
            expression = self._environment.compile(text)
        except RuntimeError as error:
            return _explained(str(error))
        if expression.return_type() != cel.Type.BOOL:
            return _error(1, f"must be true or false, and is {expression.return_type().name()}")

        def evaluate(values: Mapping[str, object]) -> bool | None:
            result: Any = expression.eval(data=values)
            if result.type() != cel.Type.BOOL:
                return None
            truth: bool = result.value()
            return truth

        return evaluate


def _explained(message: str) -> FieldError:
    found = _POSITION.search(message)
    if found is None:
        return FieldError(_FIELD, "cannot be read")
    column, reason = found.groups()
    return _error(
        int(column), reason.split(" (in container")[0].removesuffix(" [INVALID_ARGUMENT]")
    )


def _error(column: int, reason: str) -> FieldError:
    return FieldError(_FIELD, f"column {column}: {reason}")
