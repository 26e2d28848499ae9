"""The language in which mappings say what is taken from where in a document."""

from typing import Protocol

from domain.mapping_expression import Expression


class MappingLanguage(Protocol):
    def expression(self, text: str) -> Expression:
        """Read an expression, once for all documents.

        Raises ExpressionRefused for what cannot be one: a wrong word, with the column and what
        was expected; a function that does not exist or is given too much or too little; one that
        could make more of a document than it is by far. What it gives is plain JSON.
        """
        ...
