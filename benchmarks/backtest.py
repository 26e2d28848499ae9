"""What rules would have done in the last ninety days, asked over HTTP."""

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import servers
from benchmarks.fleet import Api, deliver, enrol
from benchmarks.table import Table, number
from benchmarks.uploads import walk

_DAYS = 90
_FIXES_A_DAY = 1_440
_UPLOAD = 720
_ROUNDS = 3

_HEADERS = ("what", "observations", "ms", "µs an observation and rule", "alerts")
_NOTE = (
    f"One device, a fix a minute for {_DAYS} days, embedded, the server beside the client; medians "
    f"of {_ROUNDS}. It is a job: it waits for its worker, reads the blocks, judges, and is written "
    "down."
)


def backtest() -> Table:
    fixes = walk(_DAYS * _FIXES_A_DAY, 1, 86_400 / _FIXES_A_DAY, datetime.now(UTC).timestamp())
    with tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder:
        data = Path(folder)
        owner = servers.create_account(data)
        with servers.fieldpost(data) as ours:
            api = Api(ours.port, owner.api_token)
            device = enrol(api, 1)[0]
            deliver(ours.port, api, device, fixes, _UPLOAD)
            rules = _rules(api, fixes)
            rows = [_row("one rule", api, rules[:1]), _row("ten rules", api, rules)]
            api.close()
    return Table("A backtest", _HEADERS, rows, _NOTE)


def _row(what: str, api: Api, rules: list[dict[str, Any]]) -> list[str]:
    taken = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        alerts = _ask(api, rules)
        taken.append((time.perf_counter() - started) * 1000)
    count = _DAYS * _FIXES_A_DAY
    ms = statistics.median(taken)
    each_us = ms * 1000 / count / len(rules)
    return [what, f"{count:,}", number(ms), f"{each_us:.2f}", str(alerts)]


def _ask(api: Api, rules: list[dict[str, Any]]) -> int:
    body = {"rules": rules, "days": _DAYS, "wait_s": 20}
    job = api.call("POST", "/api/v1/rules/backtest", body)
    assert job["state"] == "done", job
    total: int = job["result"]["total"]
    return total


def _rules(api: Api, fixes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Five about places on the way, five about speeds."""
    rules = []
    for number_ in range(5):
        fix = fixes[len(fixes) * (number_ + 1) // 6]
        circle = {"lat": fix["lat"], "lon": fix["lon"], "radius_m": 200}
        place = api.call("POST", "/api/v1/places", {"name": f"{number_}", "circle": circle})["id"]
        verb = ("enters", "leaves", "inside", "outside", "enters")[number_]
        rules.append({"name": f"place {number_}", "when": {verb: place}, "hold_s": 120})
        rules.append({"name": f"speed {number_}", "when": {"speed_over_mps": 5 + number_}})
    return rules
