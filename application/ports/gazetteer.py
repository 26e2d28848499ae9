"""Which town is near: known without asking anybody outside."""

from collections.abc import Sequence
from typing import Protocol

from domain.town import Town

MAX_DISTANCE_M = 50_000.0
"""A town that is further away says nothing about where somebody is."""

Position = tuple[float, float]
"""Latitude and longitude in degrees."""


class Gazetteer(Protocol):
    async def nearest(self, positions: Sequence[Position]) -> list[Town | None]:
        """The nearest town of each position; None where none lies within MAX_DISTANCE_M.

        The same position has the same town each time. Raises StoreBroken when there is no
        list of towns.
        """
        ...
