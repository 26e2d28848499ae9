"""A day worked out from its blocks, and a year's track asked over HTTP."""

import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.outbound.native_codec import NativeBlockCodec
from benchmarks import servers
from benchmarks.fleet import Api, deliver, enrol
from benchmarks.table import Table, number
from benchmarks.uploads import walk
from domain.consolidation.timeline import item_json, whole_timeline
from domain.kinds import Kind
from domain.times import DAY_MS, from_datetime, to_rfc3339

_DAY = datetime(2026, 6, 1, tzinfo=UTC)
_DAY_MS = from_datetime(_DAY)
_A_YEAR = 365
_FIXES_A_DAY = 1_440
_UPLOAD = 4_320
_ROUNDS = 25

_HEADERS = ("what", "observations", "answer KB", "p50 ms", "fastest ms", "aim ms")
_NOTE = (
    f"Of {_ROUNDS} rounds; others slow the machine down now and then. The day is worked out in "
    "this process, cold, from its blocks to the JSON of its timeline, without towns; mixed, it has "
    "6,000 fixes, 2,500 uses of apps, 1,000 visits and 500 presences. The year is asked of the "
    "embedded assembly over HTTP, 2,000 points of a fix a minute."
)


def consolidation() -> Table:
    fixes = walk(10_000, 1, 86_400 / 10_000, (_DAY + timedelta(days=1)).timestamp())
    rows = [
        _day_row("a day of fixes", {Kind.LOCATION: fixes}),
        _day_row("a mixed day", _mixed(fixes)),
        _year_row(),
    ]
    return Table("Consolidation", _HEADERS, rows, _NOTE)


def _mixed(fixes: list[dict[str, Any]]) -> dict[Kind, list[dict[str, Any]]]:
    def seen(count: int, **fields: Any) -> list[dict[str, Any]]:
        times = (_DAY_MS + n * DAY_MS // count for n in range(count))
        return [
            {"time": to_rfc3339(time_ms)}
            | {name: value(n) if callable(value) else value for name, value in fields.items()}
            for n, time_ms in enumerate(times)
        ]

    return {
        Kind.LOCATION: fixes[: len(fixes) * 6 // 10],
        Kind.APP_USE: seen(2_500, app=lambda n: f"app {n // 9 % 20}", duration_s=30),
        Kind.WEB_VISIT: seen(1_000, url=lambda n: f"https://site{n // 4 % 30}.example/{n // 2}"),
        Kind.PRESENCE: seen(500, status=lambda n: ("active", "away")[n // 20 % 2]),
    }


def _day_row(what: str, observed: Mapping[Kind, list[dict[str, Any]]]) -> list[str]:
    codec = NativeBlockCodec()
    blocks = {kind: _blocks(codec, kind, rows) for kind, rows in observed.items()}

    def work_out() -> bytes:
        columns = {
            kind: codec.merged_columns(some, _DAY_MS, _DAY_MS + DAY_MS)
            for kind, some in blocks.items()
        }
        end_ms = _DAY_MS + DAY_MS
        found = whole_timeline({"phone": columns}, [], _DAY_MS, end_ms, end_ms)
        return json.dumps([item_json(item) for item in found.items]).encode()

    count = sum(len(rows) for rows in observed.values())
    return _row(what, count, work_out, 50)


def _blocks(codec: NativeBlockCodec, kind: Kind, rows: list[dict[str, Any]]) -> list[bytes]:
    """A hundred observations each, as they are uploaded."""
    parts = (json.dumps(rows[start : start + 100]).encode() for start in range(0, len(rows), 100))
    far_ms = 10**15
    return [codec.encode_json(kind, part, 0, far_ms, foreign=False).block for part in parts]


def _row(what: str, count: int, call: Callable[[], bytes], aim_ms: int) -> list[str]:
    gc.collect()
    gc.freeze()  # what was made for the measurement is not to be looked through in it
    taken, size = [], 0
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        size = len(call())
        taken.append((time.perf_counter() - started) * 1000)
    middle, fastest = statistics.median(taken), min(taken)
    return [what, f"{count:,}", *map(number, (size / 1000, middle, fastest)), f"{aim_ms}"]


def _year_row() -> list[str]:
    end = datetime.now(UTC)
    fixes = walk(_A_YEAR * _FIXES_A_DAY, 1, 86_400 / _FIXES_A_DAY, end.timestamp())
    with tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder:
        owner = servers.create_account(Path(folder))
        with servers.fieldpost(Path(folder)) as ours:
            api = Api(ours.port, owner.api_token)
            device = enrol(api, 1)[0]
            deliver(ours.port, api, device, fixes, _UPLOAD)
            start = (end - timedelta(days=_A_YEAR + 1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            span = f"from={start}&to={end.strftime('%Y-%m-%dT%H:%M:%SZ')}"
            path = f"/api/v1/devices/{device.id}/track?{span}&max_points=2000"
            found = _row("a year's track", len(fixes), lambda: api.raw("GET", path), 300)
            api.close()
    return found
