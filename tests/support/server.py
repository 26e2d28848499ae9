"""A real `fieldpost serve`: started, stopped and killed by tests, and never left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.local.ports import free_port
from tests.support.http_calls import Http
from tests.support.waiting import until

FIELDPOST = Path(sys.executable).with_name("fieldpost")

_START_S = 30.0
_STOP_S = 30.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Server:
    """One data folder, its ports, one log; the process may come and go.

    `wrap` is put before the command, to run it in another namespace for example; `more` after it.
    `push` is the address of push agents, on a free port unless given; None says nothing of it.
    """

    def __init__(
        self,
        data: Path,
        *,
        log: Path | None = None,
        wrap: Sequence[str] = (),
        push: str | None = "",
        more: Sequence[str] = (),
        **environment: str,
    ) -> None:
        self.data = data
        self.port = free_port()
        self.push_port = free_port()
        self.log = log or data.with_name(f"{data.name}.log")
        self._wrap = tuple(wrap)
        address = f"127.0.0.1:{self.push_port}" if push == "" else push
        self._push = [] if address is None else ["--push", address]
        self._more = tuple(more)
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server was not started"
        return self._process.pid

    def http(self, **headers: str) -> Http:
        return Http(self.port).again(**headers)

    def spawn(self) -> None:
        """Start the process and do not wait for it."""
        assert self._process is None, "the server runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *self._wrap,
                    str(FIELDPOST),
                    "serve",
                    "--data",
                    str(self.data),
                    "--http",
                    f"127.0.0.1:{self.port}",
                    *self._push,
                    *self._more,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._environment},
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def start(self) -> "Server":
        """Returns when it answers."""
        self.spawn()
        return self.wait()

    def wait(self) -> "Server":
        until(self._answers, "the server answers", _START_S, self.log_tail)
        return self

    def ready(self) -> Mapping[str, Any]:
        """What `/health/ready` says."""
        found: Mapping[str, Any] = self.http().get("/health/ready").expect(200)
        return found

    def settled(self, timeout_s: float = 20.0) -> None:
        """Returns when all that was accepted has been processed."""
        http = self.http()

        def empty() -> bool:
            return bool(http.get("/health/ready").expect(200)["queue_depth"] == 0)

        until(empty, "the queue is empty", timeout_s, self.log_tail)

    def counted(self, event: str, reason: str = "") -> float:
        """How often `/metrics` says that something has happened."""
        text = self.http().get("/metrics").body.decode()
        wanted = f'fieldpost_events_total{{event="{event}",reason="{reason}"}} '
        for line in text.splitlines():
            if line.startswith(wanted):
                return float(line.removeprefix(wanted))
        return 0.0

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None, "the server was not started"
        self._process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self, timeout_s: float = _STOP_S) -> int:
        """Waits for the end; the exit code."""
        assert self._process is not None, "the server was not started"
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"not ended in {timeout_s} s\n{self.log_tail()}") from None
        self._process = None
        return code

    def kill(self) -> None:
        """SIGKILL to all of it; does nothing where nothing runs."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def log_tail(self, lines: int = 40) -> str:
        if not self.log.exists():
            return "(no log)"
        text = self.log.read_text("utf-8", "replace")
        return f"--- {self.log}\n" + "\n".join(text.splitlines()[-lines:])

    def _answers(self) -> bool:
        assert self._process is not None
        code = self._process.poll()
        if code is not None:
            self._process = None
            raise AssertionError(f"the server ended with {code} at start\n{self.log_tail()}")
        try:
            return self.http().get("/health/live").status == 200
        except OSError:
            return False


@contextlib.contextmanager
def serving(data: Path, **options: Any) -> Iterator[Server]:
    """A server on a folder for the length of a block."""
    server = Server(data, **options)
    try:
        yield server.start()
    finally:
        server.kill()


def _die_with_parent() -> None:
    """In the child: when the tests are killed, so is the server."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
