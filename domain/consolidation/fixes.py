"""The fixes of one device, rid of those that cannot be where they say.

Three things are wrong with recorded positions: the same moment more than once, positions that
are too vague to say anything about a street, and jumps to where the device never was (a reused
Wi-Fi access point, a mast far away, a satellite seen in a mirror).
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import attrs

from domain.consolidation.columns import Columns, column
from domain.geometry import EARTH_RADIUS_M

MAX_ACCURACY_M = 200.0
"""A vaguer fix is left out: it would make stays of streets, and trips of stays."""

ASSUMED_ACCURACY_M = 50.0
"""Of a fix that does not say."""

MAX_SPEED_MPS = 340.0
"""The speed of sound: nothing that carries a phone is faster."""

OUT_AND_BACK_MPS = 25.0
"""A single fix to which the device went and from which it came back at such a speed (90 km/h)
without ever slowing down is a jump."""

MAX_JUMP_FIXES = 3
"""So many fixes in a row that cannot be reached from their neighbours are a jump; more of them
may well be right."""

ALWAYS_NEAR_M = 100.0
"""Within this distance no hop is too fast: two fixes may be milliseconds apart."""

METRES_PER_DEGREE = math.radians(1.0) * EARTH_RADIUS_M
"""Of latitude, and of longitude on the equator."""


@attrs.frozen
class Cleaned:
    """How many fixes were left out, and why."""

    duplicates: int = 0
    inaccurate: int = 0
    jumps: int = 0


@attrs.frozen
class Fixes:
    """As columns, in strictly rising time. `hop_m[i]` is the distance from fix i - 1 to i."""

    time_ms: Sequence[int]
    lat: Sequence[float]
    lon: Sequence[float]
    accuracy_m: Sequence[float]
    speed_mps: Sequence[float]
    """-1 where the fix has none."""
    hop_m: Sequence[float]

    def __len__(self) -> int:
        return len(self.time_ms)

    def implausible(self, index: int) -> bool:
        """Whether nothing travels as fast as from the fix before to this one."""
        elapsed_s = (self.time_ms[index] - self.time_ms[index - 1]) / 1000
        return self.hop_m[index] > max(ALWAYS_NEAR_M, MAX_SPEED_MPS * elapsed_s)


def hop_distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """On the plane that touches halfway (equirectangular): good to 0.1 % over 100 km.

    Four times as fast as the haversine formula, and made thousands of times a day.
    """
    dlon = abs(lon2 - lon1)
    if dlon > 180.0:
        dlon = 360.0 - dlon
    east = dlon * math.cos(math.radians((lat1 + lat2) / 2))
    return METRES_PER_DEGREE * math.hypot(east, lat2 - lat1)


def cleaned_fixes(columns: Columns) -> tuple[Fixes, Cleaned]:
    """The fixes that can be believed, whatever the order in which they are given."""
    rows = sorted(
        (
            time_ms,
            ASSUMED_ACCURACY_M if accuracy_m is None else accuracy_m,
            lat,
            lon,
            -1.0 if speed_mps is None else speed_mps,
        )
        for time_ms, lat, lon, accuracy_m, speed_mps in zip(
            columns.get("time_ms", ()),
            column(columns, "lat"),
            column(columns, "lon"),
            column(columns, "accuracy_m"),
            column(columns, "speed_mps"),
            strict=True,
        )
        if lat is not None and lon is not None
    )
    accurate = [row for row in rows if row[1] <= MAX_ACCURACY_M]
    # The rows of one moment are sorted by accuracy: the first is the best.
    once = [
        row for index, row in enumerate(accurate) if not index or row[0] != accurate[index - 1][0]
    ]
    fixes = _without_runs_apart(_without_spikes(_fixes(once)))
    counts = Cleaned(
        duplicates=len(accurate) - len(once),
        inaccurate=len(rows) - len(accurate),
        jumps=len(once) - len(fixes),
    )
    return fixes, counts


def _fixes(rows: Sequence[tuple[Any, ...]]) -> Fixes:
    if not rows:
        return Fixes((), (), (), (), (), ())
    times, accuracies, lats, lons, speeds = zip(*rows, strict=True)
    hops = map(hop_distance_m, lats, lons, lats[1:], lons[1:])
    return Fixes(times, lats, lons, accuracies, speeds, (0.0, *hops))


def _only(fixes: Fixes, indices: Sequence[int]) -> Fixes:
    if len(indices) == len(fixes):
        return fixes
    columns = (fixes.time_ms, fixes.accuracy_m, fixes.lat, fixes.lon, fixes.speed_mps)
    return _fixes([tuple(values[index] for values in columns) for index in indices])


def _without_spikes(fixes: Fixes) -> Fixes:
    """Leave out single fixes that stick out: fast there, fast back, to nearly the same spot."""
    times, hops, count = fixes.time_ms, fixes.hop_m, len(fixes)
    kept = [0] if count else []
    for index in range(1, count):
        before, after = kept[-1], index + 1
        out_mps = hops[index] * 1000 / (times[index] - times[index - 1])
        suspect = out_mps > OUT_AND_BACK_MPS and after < count
        if not suspect or not _sticks_out(fixes, before, index, after):
            kept.append(index)
    return _only(fixes, kept)


def _sticks_out(fixes: Fixes, before: int, index: int, after: int) -> bool:
    out_m, back_m = _between_m(fixes, before, index), fixes.hop_m[after]
    out_s = (fixes.time_ms[index] - fixes.time_ms[before]) / 1000
    back_s = (fixes.time_ms[after] - fixes.time_ms[index]) / 1000
    slowest_mps = min(out_m / out_s, back_m / back_s)
    return (
        slowest_mps > OUT_AND_BACK_MPS and _between_m(fixes, before, after) < min(out_m, back_m) / 2
    )


def _between_m(fixes: Fixes, start: int, end: int) -> float:
    return hop_distance_m(fixes.lat[start], fixes.lon[start], fixes.lat[end], fixes.lon[end])


def _without_runs_apart(fixes: Fixes) -> Fixes:
    """Leave out a few fixes that cannot be reached from the many beside them."""
    breaks = [index for index in range(1, len(fixes)) if fixes.implausible(index)]
    if not breaks:
        return fixes
    edges = [0, *breaks, len(fixes)]
    sizes = [end - start for start, end in pairwise(edges)]
    kept: list[int] = []
    for run, size in enumerate(sizes):
        beside = max(sizes[max(0, run - 1) : run] + sizes[run + 1 : run + 2])
        if size > MAX_JUMP_FIXES or size >= beside:
            kept.extend(range(edges[run], edges[run + 1]))
    return _only(fixes, kept)
