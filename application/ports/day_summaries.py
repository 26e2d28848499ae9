"""Summaries of people's days that are over, kept by all processes together."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

import attrs


@attrs.frozen
class KeptSummary:
    """`version` is of all that the summary follows from: one of another version says nothing.

    `numbers` are its fields as JSON.
    """

    version: str
    numbers: bytes


class DaySummaries(Protocol):
    """A cache: what is kept may be forgotten at any time. Everything raises Unavailable."""

    async def between(
        self, account_id: str, person_id: str, first: date, last: date
    ) -> dict[date, KeptSummary]:
        """Those of the days from `first` to `last`, both included, that are there."""
        ...

    async def keep(
        self, account_id: str, person_id: str, summaries: Mapping[date, KeptSummary]
    ) -> None:
        """Each in the place of the one that was there of its day. One that is too large to be
        kept may be left out.
        """
        ...
