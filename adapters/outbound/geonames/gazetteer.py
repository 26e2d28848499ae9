"""The nearest town by the list of GeoNames: inhabited places of a thousand people and more."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from adapters.outbound.geonames.town_file import town_file, town_records
from adapters.outbound.geonames.town_index import TownIndex
from application.faults import StoreBroken
from application.ports.gazetteer import MAX_DISTANCE_M, Position
from domain.town import Town


class GeonamesGazetteer:
    """Reads the list when it is first asked, in a thread, which takes a second."""

    def __init__(self, file: Callable[[], Path] = town_file) -> None:
        self._file = file
        self._towns: TownIndex | None = None
        self._loading = threading.Lock()

    async def nearest(self, positions: Sequence[Position]) -> list[Town | None]:
        if not positions:
            return []
        return await asyncio.to_thread(self._nearest, positions)

    def _nearest(self, positions: Sequence[Position]) -> list[Town | None]:
        towns = self._loaded()
        return [towns.closest(lat, lon, MAX_DISTANCE_M) for lat, lon in positions]

    def _loaded(self) -> TownIndex:
        with self._loading:
            if self._towns is None:
                try:
                    self._towns = TownIndex(town_records(self._file()))
                except (OSError, EOFError, ValueError) as error:
                    raise StoreBroken(f"the list of towns: {error}") from error
            return self._towns
