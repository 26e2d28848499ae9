"""Towns in arrays, in the order of the cells of a grid: 5 MB for all that there are.

A cell is a tenth of a degree wide and high. The towns of neighbouring cells of a row stand beside
each other, so a search looks at a slice per row, first close by and then further out.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from adapters.outbound.geonames.town_file import TownRecord
from domain.geometry import EARTH_RADIUS_M
from domain.geometry import distance_m as great_circle_m
from domain.town import Town

_CELLS_PER_DEGREE = 10
_COLUMNS = 360 * _CELLS_PER_DEGREE
_CLOSE_BY_M = 5_000.0
_FURTHER = 3.0
_METRES_PER_DEGREE = math.radians(1.0) * EARTH_RADIUS_M


class TownIndex:
    """Names stand one after the other in UTF-8; `_ends[n]` is where that of town n is over."""

    def __init__(self, records: Iterable[TownRecord]) -> None:
        self._regions: list[tuple[str | None, str]] = []
        self._names = bytearray()
        self._cells, self._region, self._ends = array("I"), array("H"), array("I")
        self._lats, self._lons = array("f"), array("f")
        self._fill(records)

    def __len__(self) -> int:
        return len(self._cells)

    def closest(self, lat: float, lon: float, max_m: float) -> Town | None:
        """Of towns equally near the same one each time."""
        reach_m = min(_CLOSE_BY_M, max_m)
        while True:
            found = min(self._within(lat, lon, reach_m), default=None)
            if found is not None and found[0] <= reach_m:
                return self._town(*found)
            if reach_m >= max_m:
                return None
            reach_m = min(reach_m * _FURTHER, max_m)

    def _fill(self, records: Iterable[TownRecord]) -> None:
        cells, region, starts = array("I"), array("H"), array("I")
        lats, lons = array("f"), array("f")
        known: dict[tuple[str | None, str], int] = {}
        names = bytearray()
        for one in records:
            lats.append(one.latitude)
            lons.append(one.longitude)
            cells.append(_cell(lats[-1], lons[-1]))
            region.append(known.setdefault((one.state, one.country_code), len(known)))
            starts.append(len(names))
            names += one.city.encode()
        starts.append(len(names))
        self._regions = list(known)
        for index in _by_cell(cells):
            self._cells.append(cells[index])
            self._lats.append(lats[index])
            self._lons.append(lons[index])
            self._region.append(region[index])
            self._names += names[starts[index] : starts[index + 1]]
            self._ends.append(len(self._names))

    def _within(self, lat: float, lon: float, reach_m: float) -> Iterator[tuple[float, int]]:
        """(metres, number) of at least all towns within `reach_m`."""
        high = reach_m / _METRES_PER_DEGREE
        south, north = max(lat - high, -90.0), min(lat + high, 90.0)
        shortening = math.cos(math.radians(max(abs(south), abs(north))))
        wide = min(high / shortening, 180.0) if shortening > 1e-6 else 180.0
        for row in range(_row(south), _row(north) + 1):
            for west, east in _spans(lon - wide, lon + wide):
                first = bisect_left(self._cells, row * _COLUMNS + _column(west))
                end = bisect_left(self._cells, row * _COLUMNS + _column(east) + 1, first)
                for index in range(first, end):
                    yield great_circle_m(lat, lon, self._lats[index], self._lons[index]), index

    def _town(self, distance_m: float, index: int) -> Town:
        start = self._ends[index - 1] if index else 0
        region, country = self._regions[self._region[index]]
        name = self._names[start : self._ends[index]].decode()
        return Town(name, region, country, distance_m)


def _by_cell(cells: Sequence[int]) -> Iterator[int]:
    """Row by row: one sort of them all would hold up other threads for a tenth of a second."""
    rows: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        rows.setdefault(cell // _COLUMNS, []).append(index)
    for row in sorted(rows):
        yield from sorted(rows[row], key=cells.__getitem__)


def _cell(lat: float, lon: float) -> int:
    return _row(lat) * _COLUMNS + _column(lon)


def _row(lat: float) -> int:
    return int((lat + 90.0) * _CELLS_PER_DEGREE)


def _column(lon: float) -> int:
    return min(int((lon + 180.0) * _CELLS_PER_DEGREE), _COLUMNS - 1)


def _spans(west: float, east: float) -> list[tuple[float, float]]:
    """Without the antimeridian in the middle."""
    if west < -180.0:
        return [(-180.0, east), (max(west + 360.0, east), 180.0)]
    if east > 180.0:
        return [(west, 180.0), (-180.0, min(east - 360.0, west))]
    return [(west, east)]
