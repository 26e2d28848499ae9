"""The fixes of one device, rid of those that cannot be where they say; and those, with the reason.

Four things are wrong with recorded positions: somebody made them up, they are of a moment that
is known already, they are too vague to say anything about a street, or the device jumps to where
it never was (a reused Wi-Fi access point, a mast far away, a satellite seen in a mirror).
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import Any

import attrs

from domain.consolidation.columns import Columns, column
from domain.consolidation.fixes import Fixes, fixes_at, fixes_of, hop_distance_m
from domain.observations import MOCK

MAX_ACCURACY_M = 200.0
"""A vaguer fix is left out: it would make stays of streets, and trips of stays."""

ASSUMED_ACCURACY_M = 50.0
"""Of a fix that does not say."""

OUT_AND_BACK_MPS = 25.0
"""A single fix to which the device went and from which it came back at such a speed (90 km/h)
without ever slowing down is a jump."""

MAX_JUMP_FIXES = 3
"""So many fixes in a row that cannot be reached from their neighbours are a jump; more of them
may well be right."""


class Fault(StrEnum):
    """Why a fix is left out; of several reasons the first in this order."""

    MOCK = "mock"
    INACCURATE = "inaccurate"
    DUPLICATE = "duplicate"
    JUMP = "jump"


@attrs.frozen
class LeftOut:
    """A fix that says nothing about where the device was. `accuracy_m` may be assumed."""

    time_ms: int
    lat: float
    lon: float
    accuracy_m: float
    fault: Fault


@attrs.frozen
class Cleaned:
    """How many fixes were left out, and why."""

    duplicates: int = 0
    inaccurate: int = 0
    jumps: int = 0
    mock: int = 0

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> "Cleaned":
        found = list(faults)
        return cls(
            duplicates=found.count(Fault.DUPLICATE),
            inaccurate=found.count(Fault.INACCURATE),
            jumps=found.count(Fault.JUMP),
            mock=found.count(Fault.MOCK),
        )

    @classmethod
    def together(cls, some: Iterable["Cleaned"]) -> "Cleaned":
        counts = [attrs.astuple(one) for one in some]
        return cls(*map(sum, zip(*counts, strict=True)))


_Row = tuple[Any, ...]
"""time_ms, accuracy_m, lat, lon, speed_mps."""


def cleaned_fixes(columns: Columns) -> tuple[Fixes, tuple[LeftOut, ...]]:
    """The fixes that can be believed, and the others in time order, whatever order they came in."""
    made_up, rows = _rows(columns)
    rows.sort()
    accurate = [row for row in rows if row[1] <= MAX_ACCURACY_M]
    # The rows of one moment are sorted by accuracy: the first is the best.
    once = [
        row for index, row in enumerate(accurate) if not index or row[0] != accurate[index - 1][0]
    ]
    fixes = _without_runs_apart(_without_spikes(fixes_of(once)))
    left_out = [_left_out(row, Fault.MOCK) for row in made_up]
    if len(accurate) < len(rows):
        vague = (row for row in rows if row[1] > MAX_ACCURACY_M)
        left_out += [_left_out(row, Fault.INACCURATE) for row in vague]
    if len(once) < len(accurate):
        again = (row for before, row in pairwise(accurate) if row[0] == before[0])
        left_out += [_left_out(row, Fault.DUPLICATE) for row in again]
    if len(fixes) < len(once):
        believed = set(fixes.time_ms)
        left_out += [_left_out(row, Fault.JUMP) for row in once if row[0] not in believed]
    return fixes, tuple(sorted(left_out, key=attrs.astuple))


def _rows(columns: Columns) -> tuple[list[_Row], list[_Row]]:
    """Those of a mock source, and the others."""
    mocks: list[_Row] = []
    others: list[_Row] = []
    for time_ms, lat, lon, accuracy_m, speed_mps, source in zip(
        columns.get("time_ms", ()),
        column(columns, "lat"),
        column(columns, "lon"),
        column(columns, "accuracy_m"),
        column(columns, "speed_mps"),
        column(columns, "source"),
        strict=True,
    ):
        if lat is None or lon is None:
            continue
        accuracy = ASSUMED_ACCURACY_M if accuracy_m is None else accuracy_m
        row = (time_ms, accuracy, lat, lon, -1.0 if speed_mps is None else speed_mps)
        (mocks if source == MOCK else others).append(row)
    return mocks, others


def _left_out(row: _Row, fault: Fault) -> LeftOut:
    return LeftOut(row[0], row[2], row[3], row[1], fault)


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
    return fixes_at(fixes, kept)


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
    return fixes_at(fixes, kept)
