"""Rules' expressions in CEL, the Common Expression Language, by Google's implementation.

Its checker finds wrong types when a rule is saved. Nothing in an expression can loop, and no
text or list can be made to grow, so a text of bounded length has a bounded cost. What costs
most is a pattern: it is a literal, so that it is compiled and bounded before it is used.
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

MAX_PATTERNS = 100
"""Characters of all patterns in an expression: their cost grows with each of them."""

_TYPES = {
    FieldType.NUMBER: cel.Type.DOUBLE,
    FieldType.INTEGER: cel.Type.INT,
    FieldType.TEXT: cel.Type.STRING,
    FieldType.CHOICE: cel.Type.STRING,
    FieldType.FLAG: cel.Type.BOOL,
}
_LOOPS = ("map", "filter", "all", "exists", "exists_one")
_CONFIGURATION = f"""
name: rules
stdlib:
  exclude_macros: [{", ".join(_LOOPS)}]
  exclude_functions:
    - name: dyn
    - name: _+_
      overloads:
        - id: add_string
        - id: add_bytes
        - id: add_list
"""
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*)
    | (?P<text>(?:[rR][bB]?|[bB][rR]?)?(?:'''.*?'''|\"\"\".*?\"\"\"
        |'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"))
    | (?P<name>[A-Za-z_]\w*)
    | (?P<sign>\S)""",
    re.VERBOSE | re.DOTALL,
)
# Escapes by number are refused as well, for they could write the same.
_EXPENSIVE = re.compile(r"\{|\\[pPxXuU0-7]")
_POSITION = re.compile(r"<input>:(\d+):(\d+): (.*)")
_FIELD = "when.expression"
_REMEMBERED = 10_000


class CelExpressions:
    def __init__(self) -> None:
        variables = {name: _TYPES[type_] for name, type_ in expression_variables().items()}
        configuration = cel.NewEnvConfigFromYaml(_CONFIGURATION)
        self._environment = cel.NewEnv(config=configuration, variables=variables)
        self._compiled = lru_cache(maxsize=_REMEMBERED)(self._compile)

    def compiled(self, text: str) -> Evaluate | FieldError:
        return self._compiled(text)

    def _compile(self, text: str) -> Evaluate | FieldError:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return _error(error.start + 1, "is no character")
        patterns = _patterns(text)
        if isinstance(patterns, FieldError):
            return patterns
        try:
            expression = self._environment.compile(text)
        except RuntimeError as error:
            return _explained(text, str(error))
        for column, pattern in patterns:
            wrong = self._wrong(pattern)
            if wrong is not None:
                return _error(column, wrong)
        if expression.return_type() != cel.Type.BOOL:
            return _error(1, f"must be true or false, and is {expression.return_type().name()}")

        def evaluate(values: Mapping[str, object]) -> bool | None:
            try:
                result: Any = expression.eval(data=values)
            except RuntimeError:  # a text that is no Unicode, such as half a surrogate pair
                return None
            if result.type() != cel.Type.BOOL:
                return None
            truth: bool = result.value()
            return truth

        return evaluate

    def _wrong(self, pattern: str) -> str | None:
        """Patterns are read when first used; what is wrong with one is to be told before."""
        tried = self._environment.compile(f"''.matches({pattern})").eval(data={})
        return None if tried.type() == cel.Type.BOOL else str(tried.value()).partition(": ")[2]


def _patterns(text: str) -> list[tuple[int, str]] | FieldError:
    """The literals of patterns and their columns. An error is what loops, by name, for the checker
    would only say that it does not know it; and patterns that may cost too much.
    """
    tokens = [one for one in _TOKEN.finditer(text) if one.lastgroup != "comment"]
    found: list[tuple[int, str]] = []
    for index, token in enumerate(tokens):
        if token.lastgroup != "name" or _at(tokens, index + 1) != "(":
            continue
        name, column = token.group(), token.start() + 1
        if name in _LOOPS and _at(tokens, index - 1) == ".":
            return _error(column, f"{name} is not allowed: it loops")
        if name == "matches":
            pattern = _at(tokens, index + 2)
            literal = index + 2 < len(tokens) and tokens[index + 2].lastgroup == "text"
            if not literal or _at(tokens, index + 3) != ")":
                return _error(column, "matches needs a pattern in quotation marks, and only that")
            if _EXPENSIVE.search(pattern):
                return _error(
                    column, "a pattern may not have counts in { }, \\p, or characters by number"
                )
            found.append((column, pattern))
            if sum(len(one) for _, one in found) > MAX_PATTERNS:
                return _error(column, f"patterns may have {MAX_PATTERNS} characters in all")
    return found


def _at(tokens: list[re.Match[str]], index: int) -> str:
    return tokens[index].group() if 0 <= index < len(tokens) else ""


def _explained(text: str, message: str) -> FieldError:
    found = _POSITION.search(message)
    if found is None:
        return FieldError(_FIELD, "cannot be read: it is too deep, or too long")
    line, column, reason = found.groups()
    before = sum(len(one) + 1 for one in text.split("\n")[: int(line) - 1])
    reason = reason.split(" (in container")[0].removesuffix(" [INVALID_ARGUMENT]")
    return _error(before + int(column), reason)


def _error(column: int, reason: str) -> FieldError:
    return FieldError(_FIELD, f"column {column}: {reason}")
