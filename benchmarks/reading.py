"""A day of 10,000 fixes over HTTP."""

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import servers
from benchmarks.fleet import Api, EnrolledDevice, deliver, enrol
from benchmarks.table import Table, number
from benchmarks.uploads import walk

_FIXES = 10_000
_UPLOAD = 500
_READS = 100
_DAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)

_HEADERS = ("what", "KB", "p50 ms", "p99 ms", "times the plain one's p50")
_NOTE = (
    f"A closed day of {_FIXES:,} fixes, read {_READS} times in turns over one connection. "
    "*Plain* answers the same columns from a table with a row for each fix."
)


def reading() -> Table:
    fixes = walk(_FIXES, 1, 86_400 / _FIXES, (_DAY + timedelta(days=1)).timestamp())
    with tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder:
        data = Path(folder)
        owner = servers.create_account(data)
        _fill_plain(data / "plain.db", fixes)
        with servers.fieldpost(data) as ours, servers.plain(data) as plain:
            api, beside = Api(ours.port, owner.api_token), Api(plain.port, "")
            device = enrol(api, 1)[0]
            deliver(ours.port, api, device, fixes, _UPLOAD)
            calls = {name: _call(api, path) for name, path in _paths(device).items()}
            calls["plain, 10,000 rows"] = _call(beside, "/track?device=1")
            taken, sizes = _measure(calls)
            api.close()
            beside.close()
    plain_ms = taken["plain, 10,000 rows"][_READS // 2]
    rows = [
        [
            name,
            number(sizes[name] / 1000),
            number(found[_READS // 2]),
            number(found[_READS * 99 // 100]),
            f"{found[_READS // 2] / plain_ms:.2f}",
        ]
        for name, found in taken.items()
    ]
    return Table("Reading a day", _HEADERS, rows, _NOTE)


def _paths(device: EnrolledDevice) -> dict[str, str]:
    ends = f"from={_DAY:%Y-%m-%d}T00:00:00Z&to={_DAY + timedelta(days=1):%Y-%m-%d}T00:00:00Z"
    track = f"/api/v1/devices/{device.id}/track?{ends}"
    return {
        "track, 2,000 points": track,
        "track, 10,000 points": f"{track}&max_points=10000",
        "timeline": f"/api/v1/people/{device.person_id}/timeline?date={_DAY:%Y-%m-%d}",
    }


def _call(api: Api, path: str) -> Callable[[], bytes]:
    return lambda: api.raw("GET", path)


def _measure(
    calls: dict[str, Callable[[], bytes]],
) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Milliseconds of each call, sorted, and the bytes of its answer."""
    sizes = {name: len(call()) for name, call in calls.items()}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(_READS):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: sorted(found) for name, found in taken.items()}, sizes


def _fill_plain(path: Path, fixes: list[dict[str, Any]]) -> None:
    start_ms = int(_DAY.timestamp() * 1000)
    rows = [
        ("1", start_ms + place * 8_640, fix["lat"], fix["lon"], fix["speed_mps"], json.dumps(fix))
        for place, fix in enumerate(fixes)
    ]
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE fixes (device TEXT, time_ms INTEGER, lat REAL, lon REAL,"
            " speed_mps REAL, body TEXT, PRIMARY KEY (device, time_ms)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO fixes VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.close()
