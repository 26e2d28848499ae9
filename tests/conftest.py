"""Servers and accounts for the tests that need them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.client import Account
from tests.support.server import Server, serving

pytest_plugins = ["tests.support.servers"]
settings.register_profile("fieldpost", deadline=None)  # a machine that others use is slow at times
settings.load_profile("fieldpost")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running platform that tests share: each makes an account of its own."""
    with serving(tmp_path_factory.mktemp("shared") / "data") as server:
        yield server


@pytest.fixture
def account(server: Server) -> Account:
    return Account(server)


@pytest.fixture
def other(server: Server) -> Account:
    """A second account, which must not see the first."""
    return Account(server)


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers that are the test's own, not started yet."""
    made: list[Server] = []

    def make(data: Path | None = None, **options: Any) -> Server:
        server = Server(data or tmp_path / f"data-{len(made)}", **options)
        made.append(server)
        return server

    yield make
    for server in made:
        server.kill()


@pytest.fixture
def own_server(new_server: Callable[..., Server]) -> Server:
    """A running server that is the test's own."""
    return new_server().start()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failure shows what the servers of its test had to say."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.when != "call" or not report.failed:
        return
    for name in ("server", "own_server"):
        server = getattr(item, "funcargs", {}).get(name)
        if server is not None:
            report.sections.append((f"log of {name}", server.log_tail(60)))
