"""Who starts servers may be killed; then they are gone too."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("how", "names"),
    [
        (signal.SIGKILL, ["dynoxide", "mariadb", "rabbitmq"]),
        (signal.SIGTERM, ["dynoxide", "mariadb"]),
        (signal.SIGINT, ["dynoxide", "mariadb"]),
    ],
)
def test_servers_end_with_who_started_them(
    tmp_path: Path, how: signal.Signals, names: list[str]
) -> None:
    command = [sys.executable, "-m", "deploy.local", str(tmp_path), *names]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            lines = [parent.stdout.readline().split() for _ in names]
            assert [line[0] for line in lines] == names
            started = _processes_of(tmp_path)
            assert started >= {int(line[1]) for line in lines}
            parent.send_signal(how)
            assert parent.wait(30.0) == (-how if how == signal.SIGKILL else 0)
        finally:
            parent.kill()
    until(lambda: not _processes_of(tmp_path), "all servers are gone", 10.0)
    if how != signal.SIGKILL:
        assert "Shutdown complete" in (tmp_path / "mariadb/output.log").read_text()


def _processes_of(folder: Path) -> set[int]:
    """All that live and were told of the folder, but for the one that starts them."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        told = os.fsencode(folder) in command + environment
        if told and b"deploy.local" not in command:
            found.add(int(process.name))
    return found
