"""The processes that are measured: `fieldpost serve` and the plain server beside it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import attrs

from benchmarks.machine import server_core

ROOT = Path(__file__).parents[1]
_EMAIL = "owner@example.org"
_START_S = 20.0
_STOP_S = 20.0


@attrs.frozen
class Server:
    """`push_port` is Fieldpost's for agents that push."""

    name: str
    pid: int
    port: int
    push_port: int = 0


@contextmanager
def fieldpost(data: Path) -> Iterator[Server]:
    """The embedded platform on a folder, on the server's core until the block ends."""
    port, push_port = free_port(), free_port()
    command = [
        _script(),
        "serve",
        *("--data", str(data)),
        *("--http", f"127.0.0.1:{port}"),
        *("--push", f"127.0.0.1:{push_port}"),
    ]
    with _running("fieldpost", command, port, data) as server:
        yield attrs.evolve(server, push_port=push_port)


@contextmanager
def tls_echo(certificate: Path, key: Path) -> Iterator[Server]:
    """Nothing but TLS in uvloop, with the same certificate."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.tls_echo", str(port), str(certificate), str(key)]
    core = server_core()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    try:
        assert process.stdout is not None and process.stdout.readline()
        yield Server("tls echo", process.pid, port)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def plain(data: Path) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.plain_server", str(data / "plain.db"), str(port)]
    with _running("plain", command, port, data) as server:
        yield server


@contextmanager
def module(name: str, data: Path) -> Iterator[Server]:
    """A server of ours that takes the path of its SQLite file and a port."""
    port = free_port()
    short = name.rpartition(".")[2]
    command = [sys.executable, "-m", name, str(data / f"{short}.db"), str(port)]
    with _running(short, command, port, data, _accepts) as server:
        yield server


@attrs.frozen
class Owner:
    """Who may do everything in a new account."""

    api_token: str
    email: str
    password: str


def create_account(data: Path) -> Owner:
    names = ["--name", "Benchmarks", "--owner", _EMAIL]
    command = [_script(), "account", "create", "--data", str(data), *names]
    made = subprocess.run(command, check=True, capture_output=True, timeout=_START_S, cwd=ROOT)
    told = json.loads(made.stdout)
    return Owner(told["api_token"], _EMAIL, told["password"])


@contextmanager
def _running(
    name: str,
    command: Sequence[str],
    port: int,
    data: Path,
    answers: Callable[[int], bool] | None = None,
) -> Iterator[Server]:
    core = server_core()
    with (data / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
    try:
        _await_answer(process, port, data / f"{name}.log", answers or _is_healthy)
        yield Server(name, process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answer(
    process: "subprocess.Popen[bytes]", port: int, log: Path, answers: Callable[[int], bool]
) -> None:
    deadline = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline:
        if answers(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text()[-500:]}")


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _script() -> str:
    return str(Path(sys.executable).parent / "fieldpost")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
