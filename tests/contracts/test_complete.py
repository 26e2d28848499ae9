"""Every port has a suite, and every adapter runs the suite of each port that it implements."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import pytest

import adapters.outbound
import application.ports

HERE = Path(__file__).parent


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


def own_classes(module: ModuleType) -> list[type]:
    found = inspect.getmembers(module, inspect.isclass)
    return [class_ for _, class_ in found if class_.__module__ == module.__name__]


def role(module: ModuleType) -> str:
    """The name of the port that a file is named after."""
    return "".join(word.capitalize() for word in module.__name__.rpartition(".")[2].split("_"))


def is_protocol(class_: type) -> bool:
    return bool(getattr(class_, "_is_protocol", False))


PORT_MODULES = list(modules(application.ports))
PROTOCOLS = [
    class_ for module in PORT_MODULES for class_ in own_classes(module) if is_protocol(class_)
]
PORTS: set[type] = {
    getattr(module, role(module)) for module in PORT_MODULES if hasattr(module, role(module))
}


def calls(port: type) -> set[str]:
    return {
        name
        for name, member in vars(port).items()
        if inspect.isfunction(member) and not name.startswith("_")
    }


def implements(class_: type, port: type) -> bool:
    return all(callable(getattr(class_, name, None)) for name in calls(port))


def implemented(class_: type) -> set[type]:
    """The ports that a class implements, without those that are a mere part of another one."""
    found = [protocol for protocol in PROTOCOLS if implements(class_, protocol)]
    return PORTS & {
        one for one in found if not any(calls(one) < calls(another) for another in found)
    }


ADAPTERS = [
    (class_, port)
    for module in modules(adapters.outbound)
    for class_ in own_classes(module)
    if not is_protocol(class_)
    for port in implemented(class_)
]


def suites() -> dict[type, type]:
    """The suite of each port, by what it says of itself."""
    found: dict[type, type] = {}
    for module in PORT_MODULES:
        name = module.__name__.rpartition(".")[2]
        if (HERE / f"{name}.py").exists():
            suite_module = importlib.import_module(f"tests.contracts.{name}")
            for class_ in own_classes(suite_module):
                if hasattr(class_, "PORT"):
                    found[class_.PORT] = class_
    return found


def pairs_with_a_suite() -> set[tuple[Any, Any]]:
    """The (adapter, port) of every test class beside this file."""
    pairs: set[tuple[Any, Any]] = set()
    for path in HERE.glob("test_*.py"):
        if path.stem != Path(__file__).stem:
            for class_ in own_classes(importlib.import_module(f"tests.contracts.{path.stem}")):
                if hasattr(class_, "PORT") and "ADAPTER" in vars(class_):
                    pairs.add((vars(class_)["ADAPTER"], class_.PORT))
    return pairs


@pytest.mark.parametrize("module", PORT_MODULES, ids=role)
def test_a_file_of_ports_is_named_after_its_port(module: ModuleType) -> None:
    protocols = [class_ for class_ in own_classes(module) if is_protocol(class_)]
    assert role(module) in [class_.__name__ for class_ in protocols]


@pytest.mark.parametrize("port", sorted(PORTS, key=repr))
def test_every_port_has_a_suite(port: type) -> None:
    assert port in suites(), f"tests/contracts has no suite of {port.__name__}"


@pytest.mark.parametrize(
    ("adapter", "port"), ADAPTERS, ids=[f"{one.__name__}-{port.__name__}" for one, port in ADAPTERS]
)
def test_every_adapter_runs_the_suite_of_its_port(adapter: type, port: type) -> None:
    assert (adapter, port) in pairs_with_a_suite(), (
        f"no test class in tests/contracts has ADAPTER = {adapter.__name__}"
        f" and is a {suites()[port].__name__}"
    )


@pytest.mark.parametrize("port", sorted(PORTS, key=repr))
def test_every_port_is_implemented_by_somebody(port: type) -> None:
    assert port in {found for _, found in ADAPTERS}


def test_a_gap_would_be_seen() -> None:
    class Nothing(Protocol):
        def now_ms(self) -> int: ...

    class SundialClock:
        def now_ms(self) -> int:
            return 0

    assert is_protocol(Nothing) and not is_protocol(SundialClock)
    assert implements(SundialClock, Nothing)
    assert not implements(SundialClock, next(p for p in PORTS if p.__name__ == "Tally"))
    assert (SundialClock, Nothing) not in pairs_with_a_suite()
