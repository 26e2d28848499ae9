"""The language of rules' expressions, with checked types and bounded cost."""

from typing import Protocol

from domain.refusals import FieldError
from domain.rules.binding import Evaluate


class ExpressionLanguage(Protocol):
    """Its variables and their types are those of `domain.rules.expression_values`."""

    def compiled(self, text: str) -> Evaluate | FieldError:
        """Ready to be evaluated as often as wanted; the same text costs little again.

        The error names where in the text it is (`when.expression`, column from 1), and why: wrong
        syntax, unknown variables, types that do not fit, a result that is not true or false. What
        is evaluated never raises: it is None where a value that matters is missing, where a
        number is divided by zero, and where it would cost too much.
        """
        ...
