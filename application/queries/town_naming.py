"""The nearest town for what a timeline shows at no place of the account."""

from typing import Any

import attrs

from application.ports.gazetteer import Gazetteer
from domain.consolidation.naming import tell_town, unnamed

MAX_TOWNS = 500
"""Different spots of a timeline that are given a town; a day that goes on has none for the rest."""


@attrs.frozen
class TownNaming:
    gazetteer: Gazetteer

    async def name(self, items: list[dict[str, Any]]) -> None:
        """Fill in `town` in the written items of a timeline, where there is one."""
        spots = list(unnamed(items))
        positions = list(dict.fromkeys((spot["lat"], spot["lon"]) for spot in spots))[:MAX_TOWNS]
        found = await self.gazetteer.nearest(positions)
        towns = dict(zip(positions, found, strict=True))
        for spot in spots:
            tell_town(spot, towns.get((spot["lat"], spot["lon"])))
