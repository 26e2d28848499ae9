"""Answers about days that are over, so that they are not worked out again."""

from typing import Protocol


class DayCache(Protocol):
    """Keys say all that an answer follows from, the content of the observations included: what
    is under a key never gets wrong, and nothing has to be taken out.
    """

    def recall(self, key: str) -> bytes | None:
        """None where there is nothing, or nothing any more."""
        ...

    def remember(self, key: str, answer: bytes) -> None:
        """It may be forgotten at any time, and at once when it is too large."""
        ...
