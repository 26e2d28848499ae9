"""Encoding and decoding on one core."""

import os
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import attrs

from adapters.inbound.cli.simulation.people import MOTHER
from benchmarks import samples
from benchmarks.codec_ways import WAYS, Way
from benchmarks.machine import server_core
from benchmarks.table import Table, number
from domain.kinds import Kind

_SIZES = (10, 100, 10_000)
_TOTAL = 10_000
_ROUNDS = 15

_HEADERS = (
    "locations a batch",
    "way",
    "encoded/s",
    "decoded/s",
    "times msgspec's",
    "as the dashboard's JSON/s",
    "times the fastest other",
)
_NOTE = (
    f"Observations per second of one core: {_TOTAL:,} fixes of a simulated phone, medians of "
    f"{_ROUNDS} rounds in turns. Encoding begins with what each way takes: structs, messages, "
    "dictionaries, arrays, or the JSON text, which is also checked. Decoding ends at structs with "
    "the time as a datetime, messages, dictionaries, lists or arrays; blocks are checked to the "
    "last value. The dashboard's JSON is `time`, `lat`, `lon` and `speed_mps` as columns; the "
    "others make their columns in Python and write them with msgspec, and JSON reads only these "
    "four, with the time left as text. *Times msgspec's* is of decoded/s to those of msgspec JSON."
)


@attrs.frozen
class _Rates:
    """Observations a second; nothing where a way has no such step."""

    encoded: float | None
    decoded: float | None
    dashboard: float | None


def codec_speed() -> Table:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {server_core()})
    try:
        rows = [row for size in _SIZES for row in _rows(size)]
    finally:
        os.sched_setaffinity(0, before)
    return Table("Speed of the codec", _HEADERS, rows, _NOTE)


def _rows(size: int) -> list[list[str]]:
    fixes = samples.simulated(Kind.LOCATION, MOTHER, _TOTAL)
    batches = [fixes[start : start + size] for start in range(0, _TOTAL, size)]
    ways = {name: [way(batch) for batch in batches] for name, way in WAYS.items()}
    rates = _measure(ways)
    base = rates["msgspec JSON"].decoded or 1.0
    others = [
        found.dashboard or 0.0 for name, found in rates.items() if not name.startswith("block")
    ]
    return [
        [
            f"{size:,}",
            name,
            _cell(found.encoded),
            _cell(found.decoded),
            "" if found.decoded is None else f"{found.decoded / base:.2f}",
            _cell(found.dashboard),
            "" if found.dashboard is None else f"{found.dashboard / max(others):.2f}",
        ]
        for name, found in rates.items()
    ]


def _cell(rate: float | None) -> str:
    return "" if rate is None else number(rate)


def _measure(ways: Mapping[str, list[Way]]) -> dict[str, _Rates]:
    steps: dict[tuple[str, str], list[Callable[[], Any]]] = {}
    for name, batches in ways.items():
        for step in ("encode", "decode", "dashboard"):
            calls = [getattr(way, step) for way in batches]
            if calls[0] is not None:
                steps[name, step] = calls
    taken: dict[tuple[str, str], list[float]] = {key: [] for key in steps}
    for _ in range(_ROUNDS):
        for key, calls in steps.items():
            started = time.perf_counter()
            for call in calls:
                call()
            taken[key].append(time.perf_counter() - started)

    def rate(name: str, step: str) -> float | None:
        found = taken.get((name, step))
        return _TOTAL / median(found) if found else None

    return {
        name: _Rates(rate(name, "encode"), rate(name, "decode"), rate(name, "dashboard"))
        for name in ways
    }
