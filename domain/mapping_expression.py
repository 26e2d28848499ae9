"""What an expression of a mapping is to the domain: it finds a value in a document.

Nothing in an expression can go on for ever, but lists within lists within lists can make small
words dear. So what is done counts in steps, of some tenths of a microsecond, and a document has as
many as its length allows.
"""

from collections.abc import Callable
from typing import Any

import attrs

_STEPS = 1_000
_COMPARED_A_STEP = 4


class ExpressionRefused(ValueError):
    """It cannot be an expression. `column` counts characters from 1; 0 is the whole of it."""

    def __init__(self, column: int, reason: str) -> None:
        super().__init__(f"column {column}: {reason}" if column else reason)
        self.column = column
        self.reason = reason


class ExpressionFailed(ValueError):
    """It cannot be worked out for this document; the message says why."""


class TooCostly(ExpressionFailed):
    """It takes more steps than a document of this length may take."""


@attrs.define
class Effort:
    """What may still be done for one document. `whole` is the price of what may look at all of
    the document at once, such as comparing two lists.
    """

    left: int
    whole: int = 1

    @classmethod
    def for_document(cls, length: int) -> "Effort":
        """`length` counts the characters of the document."""
        return cls(_STEPS + length, 1 + length // _COMPARED_A_STEP)

    def spend(self, steps: int) -> None:
        """Raises TooCostly."""
        self.left -= steps
        if self.left < 0:
            raise TooCostly("takes too many steps for a document of this length")


Expression = Callable[[Any, Effort], Any]
"""Gives the value that is found; None where there is none. Raises ExpressionFailed."""
