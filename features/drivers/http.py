"""Drives the programs as they are shipped: child processes that are spoken to over HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from features.drivers.base import Ability, Agents, Driver, Platform
from features.drivers.clerk import Clerk
from features.drivers.http_agents import HttpAgents
from features.drivers.http_calls import HttpCalls
from features.drivers.http_people import HttpPeople
from features.drivers.patience import eventually
from features.drivers.push_agents import PushAgents
from features.drivers.values import Owner


class Server(Protocol):
    """A platform that runs in other processes; `push` is HOST:PORT."""

    address: str
    push: str

    @property
    def certificate(self) -> Path: ...

    def clerk(self) -> Clerk: ...

    def depth(self) -> float:
        """How much waits to be processed."""
        ...

    def kill(self) -> None: ...

    def start_again(self) -> None: ...

    def stop(self) -> None: ...


class HttpPlatform(Platform):
    abilities = frozenset({Ability.OWN_APPS})

    def __init__(self, server: Server, calls: HttpCalls, waiting: ThreadPoolExecutor) -> None:
        self._server = server
        self._calls = calls
        self._waiting_room = waiting
        self._clerk = server.clerk()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def let_pass(self, duration: timedelta) -> None:
        raise NotImplementedError("the clock of another process stays as it is")

    def open_account(self, name: str) -> Owner:
        return self._clerk.open_account(name)

    def await_processing(self) -> None:
        # Twice: what has left the broker may not have come to its worker at the first look.
        for _ in range(2):
            eventually(self._server.depth, lambda depth: depth == 0, within_s=60.0)

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


def http_driver(server: Server) -> Driver:
    """The platform in processes of its own."""
    return _driver(server, lambda _, calls, waiting: HttpAgents(calls, waiting))


def push_driver(server: Server) -> Driver:
    """The same platform and people, and agents that push with the native client."""
    return _driver(server, _push_agents)


def _driver(
    server: Server, agents: Callable[[Server, HttpCalls, ThreadPoolExecutor], Agents]
) -> Driver:
    try:
        calls = HttpCalls(server.address)
        waiting = ThreadPoolExecutor(8, "waiting agents")
        platform = HttpPlatform(server, calls, waiting)
        return Driver(platform, HttpPeople(calls), agents(server, calls, waiting))
    except BaseException:
        server.kill()
        raise


def _push_agents(server: Server, calls: HttpCalls, waiting: ThreadPoolExecutor) -> Agents:
    return PushAgents(calls, waiting, server.push, server.certificate)
