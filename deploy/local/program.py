"""A child process with all that it starts: its log, its signals, its certain end."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# The kernel ends a child when the thread that started it ends. So one thread starts all of them,
# and lives as long as this process: callers may come from threads that do not.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")

_KILLED_S = 10.0


class Program:
    """A command in a process group of its own; all it says goes to the end of `log`.

    It is killed by the kernel when this process ends in any way.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the program was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start it and do not wait; `environment` comes on top of our own. OSError where the
        command is not there.
        """
        assert not self.running, "the program runs already"
        self._process = _starter.submit(self._spawn, command, environment or {}).result()

    def _spawn(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        """To the whole group; does nothing where nothing runs."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def terminate(self, timeout_s: float) -> int | None:
        """SIGTERM to the program itself, and SIGKILL to all of it after `timeout_s`. The code with
        which it ended; None where it did not, or had ended before.
        """
        code = None
        if self.running:
            assert self._process is not None
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(timeout_s)
        self.kill()
        return code

    def kill(self) -> None:
        """SIGKILL to the whole group, also to what is left of it when the program has ended."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_KILLED_S)
        self._process = None

    def log_tail(self, lines: int = 30) -> str:
        if not self.log.exists():
            return f"--- {self.log}: nothing"
        text = self.log.read_text("utf-8", "replace")
        return f"--- {self.log}\n" + "\n".join(text.splitlines()[-lines:])
