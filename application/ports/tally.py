"""Counts what happened, for the people who run the platform."""

from typing import Protocol


class Tally(Protocol):
    def count(self, event: str, reason: str = "", amount: float = 1) -> None:
        """`event` is one of a small fixed set, `reason` an enumerated value, never free text."""
        ...
