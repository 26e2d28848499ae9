"""A million observations arrive once, however often the native agent and the server are killed."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.client import Account, Device, now, rfc3339
from tests.support.server import Server
from tests.support.waiting import until

PUSH = Path(sys.executable).with_name("fieldpost-push")
OBSERVATIONS = 1_000_000
SERVER_KILLS = 10
AGENT_KILLS = 3
SEED = 20261124
_BETWEEN_KILLS = OBSERVATIONS // 40
_SPAN = timedelta(days=90)
_PATIENCE_S = 120.0


@pytest.mark.timeout(900)
def test_a_million_observations_arrive_once_whoever_is_killed_meanwhile(
    new_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = new_server().start()
    device = Account(server).enrolled()
    source = tmp_path / "observations.ndjson"
    expected = _write(source)
    deaths = ["server"] * SERVER_KILLS + ["agent"] * AGENT_KILLS
    random.Random(SEED).shuffle(deaths)
    with _agent(server, device, source) as agent:
        for who in deaths:
            _await_more(server, agent)
            assert agent.runs(), f"it ended before it was killed often enough\n{agent.log_tail()}"
            if who == "server":
                server.kill()
                server.start()
            else:
                agent.kill()
                agent.start()
        assert agent.ended() == 0, agent.log_tail()
    server.settled(_PATIENCE_S)
    assert {kind: _count(device, kind) for kind in expected} == expected
    assert server.stop() == 0


class _Agent:
    """`fieldpost-push` with a file as its input, always the same from the beginning."""

    def __init__(self, server: Server, device: Device, source: Path) -> None:
        folder = source.parent
        credential = folder / "credential"
        credential.touch(0o600)
        credential.write_text(device.credential)
        self._source = source
        self._log = folder / "agent.log"
        self._command = [
            str(PUSH),
            *("--server", f"127.0.0.1:{server.push_port}"),
            *("--device", device.id),
            *("--credential-file", str(credential)),
            *("--spool", str(folder / "spool")),
            *("--ca", str(server.data / "push-certificate.pem")),
            # Small ones, so that the work lasts long enough to be interrupted so often.
            *("--batch-size", "50"),
        ]
        self.start()

    def start(self) -> None:
        with self._source.open("rb") as source, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=source, stdout=log, stderr=log, start_new_session=True
            )

    def runs(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def ended(self) -> int:
        return self._process.wait(_PATIENCE_S)

    def log_tail(self) -> str:
        return self._log.read_text("utf-8", "replace")[-2000:]


def _await_more(server: Server, agent: _Agent) -> None:
    enough = _accepted(server) + _BETWEEN_KILLS
    until(lambda: _accepted(server) >= enough, "more is accepted", _PATIENCE_S, agent.log_tail)


@contextlib.contextmanager
def _agent(server: Server, device: Device, source: Path) -> Iterator[_Agent]:
    agent = _Agent(server, device, source)
    try:
        yield agent
    finally:
        agent.kill()


def _write(source: Path) -> Counter[str]:
    """A million lines of four kinds, no two at the same time; how many there are of each."""
    start = datetime.now(UTC).replace(microsecond=0) - _SPAN
    step = _SPAN / OBSERVATIONS
    counts: Counter[str] = Counter()
    with source.open("w") as file:
        for number in range(OBSERVATIONS):
            kind, fields = _observation(number)
            counts[kind] += 1
            line = {"kind": kind, "time": rfc3339(start + number * step), **fields}
            file.write(json.dumps(line) + "\n")
    return counts


def _observation(number: int) -> tuple[str, dict[str, object]]:
    match number % 20:
        case 5:
            return "web_visit", {"url": f"https://example.org/{number}", "duration_s": 5}
        case 10 | 15:
            return "app_use", {"app": f"app {number % 7}", "duration_s": number % 60}
        case 11:
            return "device_state", {"battery": round(number % 100 / 100, 2)}
    lat, lon = 46 + number % 9973 / 1e5, 14 + number % 9929 / 1e5
    return "location", {"lat": round(lat, 7), "lon": round(lon, 7), "accuracy_m": 8}


def _accepted(server: Server) -> float:
    """Since this server was started."""
    return server.counted("observations_accepted")


def _count(device: Device, kind: str) -> int:
    """As the dashboard's API tells them, page by page, and each time once."""
    span = {"from_": rfc3339(datetime.now(UTC) - _SPAN - timedelta(days=1)), "to": now()}
    times: list[str] = []
    cursor = None
    while True:
        page = device.account.api.get(
            f"{device.path}/observations/{kind}", cursor=cursor, limit=1000, **span
        )
        found = page.expect(200)
        times += [one["time"] for one in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
    assert len(times) == len(set(times)), f"a {kind} is there twice"
    return len(times)
