"""Drives the program as it is shipped: a child process that is spoken to over HTTP."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from features.drivers.base import Ability, Agents, Driver, Platform
from features.drivers.clerk import Clerk
from features.drivers.http_agents import HttpAgents
from features.drivers.http_calls import HttpCalls
from features.drivers.http_people import HttpPeople
from features.drivers.patience import eventually
from features.drivers.push_agents import PushAgents
from features.drivers.server_process import ServerProcess
from features.drivers.values import Owner

_DEPTH = re.compile(r"^fieldpost_queue_depth ([0-9.]+)$", re.MULTILINE)


class HttpPlatform(Platform):
    abilities = frozenset({Ability.OWN_APPS})

    def __init__(
        self, server: ServerProcess, calls: HttpCalls, waiting: ThreadPoolExecutor
    ) -> None:
        self._server = server
        self._calls = calls
        self._waiting_room = waiting
        self._clerk = Clerk(server.data)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def let_pass(self, duration: timedelta) -> None:
        raise NotImplementedError("the clock of another process stays as it is")

    def open_account(self, name: str) -> Owner:
        return self._clerk.open_account(name)

    def await_processing(self) -> None:
        eventually(self._depth, lambda depth: depth == 0, within_s=30.0)

    def hold_processing(self) -> None:
        raise NotImplementedError("another process cannot be held")

    def resume_processing(self) -> None:
        raise NotImplementedError("another process cannot be held")

    def look_for_silence(self) -> None:
        """The server does so by itself, every few seconds."""

    def crash(self) -> None:
        self._server.kill()
        self._server.start_again()
        self._calls.reconnect()

    def close(self) -> None:
        self._clerk.close()
        try:
            self._server.stop()
        finally:
            self._waiting_room.shutdown()
            self._calls.close()

    def _depth(self) -> float:
        found = _DEPTH.search(self._calls.text("/metrics"))
        assert found is not None, "the server does not say how many batches wait"
        return float(found[1])


def http_driver(folder: Path) -> Driver:
    """The platform on this folder, in a process of its own."""
    return _driver(folder, lambda _, calls, waiting: HttpAgents(calls, waiting))


def push_driver(folder: Path) -> Driver:
    """The same platform and people, and agents that push with the native client."""
    return _driver(folder, _push_agents)


def _driver(
    folder: Path, agents: Callable[[ServerProcess, HttpCalls, ThreadPoolExecutor], Agents]
) -> Driver:
    server = ServerProcess(folder)
    try:
        calls = HttpCalls(server.address)
        waiting = ThreadPoolExecutor(8, "waiting agents")
        platform = HttpPlatform(server, calls, waiting)
        return Driver(platform, HttpPeople(calls), agents(server, calls, waiting))
    except BaseException:
        server.kill()
        raise


def _push_agents(server: ServerProcess, calls: HttpCalls, waiting: ThreadPoolExecutor) -> Agents:
    return PushAgents(calls, waiting, server.push, server.data / "push-certificate.pem")
