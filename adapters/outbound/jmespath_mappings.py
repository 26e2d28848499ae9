"""Expressions of mappings in JMESPath: its words and functions are those of the library."""

import warnings
from typing import Any

from jmespath import exceptions
from jmespath.parser import Parser

from adapters.outbound.jmespath_closures import compiled
from adapters.outbound.jmespath_values import Tree
from domain.mapping_expression import Expression, ExpressionRefused

_SIGNS = {
    "rbracket": "]",
    "lbracket": "[",
    "rparen": ")",
    "lparen": "(",
    "rbrace": "}",
    "lbrace": "{",
    "comma": ",",
    "colon": ":",
    "star": "*",
    "dot": ".",
    "flatten": "[]",
    "filter": "[?",
    "current": "@",
    "number": "a number",
    "unquoted_identifier": "a name",
    "quoted_identifier": "a name",
    "literal": "a literal",
}
_VALUE = "a name, a literal, a function, `@`, `*` or a bracket"


class JmespathMappings:
    """Stateless: what is read is kept by whoever asked for it."""

    def expression(self, text: str) -> Expression:
        return compiled(_parsed(text), text)


def _parsed(text: str) -> Tree:
    with warnings.catch_warnings():
        # A literal without its quotes is taken as text, as the library takes it.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        try:
            tree: Tree = _Parser().parse(text).parsed
        except exceptions.EmptyExpressionError as error:
            raise ExpressionRefused(0, "must not be empty") from error
        except exceptions.LexerError as error:
            reason = f"{error.message[:1].lower()}{error.message[1:80]}"
            raise ExpressionRefused(error.lexer_position + 1, reason) from error
        except exceptions.ParseError as error:
            reason = _reason(error, text)
            raise ExpressionRefused(error.lex_position + 1, reason) from error
        except (RecursionError, ValueError) as error:
            raise ExpressionRefused(0, "is nested too deeply, or has a number too long") from error
    return tree


class _Parser(Parser):  # type: ignore[misc]
    """Says what it expected where a value or an operator has to be. Remembers nothing."""

    def parse(self, expression: str) -> Any:
        return self._do_parse(expression)

    def _error_nud_token(self, token: Any) -> None:
        self._raise_parse_error_for_token(token, f"expected {_VALUE}")

    def _error_led_token(self, token: Any) -> None:
        self._raise_parse_error_for_token(token, "expected an operator or the end")


def _reason(error: Any, text: str) -> str:
    message = str(getattr(error, "msg", ""))
    if error.token_value is None and error.token_type is None:
        found = "the end"
    else:
        found = f"`{error.token_value}`" if error.lex_position < len(text) else "the end"
    if message.startswith("Expecting: ["):
        return f"expected a name, `*`, `[` or `{{` after the dot, found {found}"
    if message.startswith("Expecting: "):
        expected = message.removeprefix("Expecting: ").partition(",")[0]
        return f"expected {_sign(expected)}, found {found}"
    if message.startswith("expected"):
        return f"{message}, found {found}"
    if found == "the end":
        return "ends too early"
    return f"{found} cannot stand here"


def _sign(name: str) -> str:
    sign = _SIGNS.get(name, name)
    return sign if sign.startswith("a ") else f"`{sign}`"
