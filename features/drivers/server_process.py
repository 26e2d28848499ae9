"""`fieldpost serve` as a real child process on a free port."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from features.drivers.clerk import Clerk, embedded_clerk
from features.drivers.patience import eventually

_PROGRAM = Path(sys.executable).with_name("fieldpost")
_DEPTH = re.compile(r"^fieldpost_queue_depth ([0-9.]+)$", re.MULTILINE)
_START_S = 30.0
_END_S = 20.0


class ServerProcess:
    """In a process group of its own, so that nothing of it stays behind."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._log = folder / "server.log"
        self._http = f"127.0.0.1:{_free_port()}"
        self.push = f"127.0.0.1:{_free_port()}"
        self.address = f"http://{self._http}"
        self._process = self._started()

    @property
    def certificate(self) -> Path:
        """Of the port of push agents."""
        return self.data / "push-certificate.pem"

    def depth(self) -> float:
        """How many batches wait."""
        answer = httpx.get(f"{self.address}/metrics", trust_env=False)
        found = _DEPTH.search(answer.text)
        assert found is not None, "the server does not say how many batches wait"
        return float(found[1])

    def clerk(self) -> Clerk:
        return embedded_clerk(self.data)

    def kill(self) -> None:
        """Without warning."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_END_S)

    def start_again(self) -> None:
        self._process = self._started()

    def stop(self) -> None:
        """Ask it to end. Raises RuntimeError unless it does, and says that all is well."""
        self._process.terminate()
        try:
            code = self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            self.kill()
        if code != 0:
            raise RuntimeError(f"the server ended with {code}:\n{self._log.read_text()[-4000:]}")

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [
            str(_PROGRAM),
            "serve",
            *("--data", str(self.data)),
            *("--http", self._http),
            *("--push", self.push),
        ]
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "FIELDPOST_WEBHOOKS_TO_PRIVATE": "1"},
            )
        try:
            eventually(lambda: self._answers(process), bool, within_s=_START_S)
        except BaseException:
            process.kill()
            process.wait()
            raise
        return process

    def _answers(self, process: "subprocess.Popen[bytes]") -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"the server did not start:\n{self._log.read_text()[-4000:]}")
        try:
            return httpx.get(f"{self.address}/health/ready", trust_env=False).is_success
        except httpx.TransportError:
            return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
