"""Chooses the driver, lets scenarios have it, and refuses steps that would never run."""

import inspect
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from features.drivers.base import Ability, Driver
from features.steps import MODULES
from features.steps.world import World

DRIVERS = ("application", "http", "push")
ASSEMBLIES = ("embedded", "distributed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--driver",
        choices=DRIVERS,
        default="application",
        help="the way in through which the features are checked",
    )
    parser.addoption(
        "--assembly",
        choices=ASSEMBLIES,
        default="embedded",
        help="one process on one file, or many processes on three servers",
    )


def pytest_configure(config: pytest.Config) -> None:
    for ability in Ability:
        config.addinivalue_line("markers", f"{ability}: only for drivers that can do this")
    for module in MODULES:
        config.pluginmanager.import_plugin(module)


def pytest_bdd_before_step(step_func: Callable[..., object]) -> None:
    """pytest-bdd never awaits: an `async` step would pass whatever it says."""
    function = inspect.unwrap(step_func)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(f"the step {function.__name__} is async and would never run")


@pytest.fixture(scope="session")
def driver(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Driver]:
    """One platform for all scenarios; each has an account of its own.

    A run that is terminated cleans up like one that is interrupted: no server stays behind.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = tmp_path_factory.mktemp("platform")
    way = request.config.getoption("--driver")
    driver = _opened(way, request.config.getoption("--assembly"), folder)
    try:
        yield driver
    finally:
        driver.platform.close()
        signal.signal(signal.SIGTERM, before)


def _opened(way: str, assembly: str, folder: Path) -> Driver:
    if way == "application":
        if assembly != "embedded":
            raise pytest.UsageError("the application driver drives the embedded assembly")
        from features.drivers.application import application_driver

        return application_driver(folder)
    from features.drivers.http import Server, http_driver, push_driver

    server: Server
    if assembly == "distributed":
        from features.drivers.distributed_servers import DistributedServers

        server = DistributedServers(folder)
    else:
        from features.drivers.server_process import ServerProcess

        server = ServerProcess(folder)
    return http_driver(server) if way == "http" else push_driver(server)


@pytest.fixture
def world(request: pytest.FixtureRequest, driver: Driver) -> World:
    """The scenario's own account."""
    needed = {ability for ability in Ability if request.node.get_closest_marker(ability)}
    missing = needed - driver.platform.abilities
    if missing:
        pytest.skip(f"this driver cannot do: {', '.join(sorted(missing))}")
    return World.of(driver, "The Novak family")
