"""The import contracts are kept, and each of them would notice if it were broken."""

import configparser
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "adapters")

_LINT = """
import sys
# The editable installation would answer with the real tree, wherever this runs.
sys.meta_path[:] = [f for f in sys.meta_path if "Redirecting" not in type(f).__name__]
sys.path[:] = [".", *(p for p in sys.path if p not in ("", {root!r}))]
sys.argv = ["lint-imports", "--no-cache", "--no-logo"]
from importlinter.cli import lint_imports_command
lint_imports_command()
"""


def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


CONTRACTS = {
    name.rpartition(":")[2]: section
    for name, section in config().items()
    if name.startswith("importlinter:contract:")
}

# For each contract: a module of the tree, and what it must not import.
VIOLATIONS: Mapping[str, list[tuple[str, str]]] = {
    "domain": [
        ("domain/batch.py", "application.faults"),
        ("domain/rules/judge.py", "msgspec"),
        ("domain/kinds.py", "adapters.outbound"),
    ],
    "application": [
        ("application/actor.py", "adapters.outbound.sql.rows"),
        ("application/use_cases/check_in.py", "aiosqlite"),
        ("application/queries/views.py", "orjson"),
    ],
    "ports": [
        ("application/ports/clock.py", "application.use_cases.check_in"),
        ("application/ports/block_store.py", "numpy"),
    ],
    "technology": [
        ("domain/batch.py", module)
        for module in CONTRACTS["technology"]["forbidden_modules"].split()
    ],
    "sides": [("adapters/inbound/http/watching.py", "adapters.outbound.prometheus_tally")],
    "foreign": [
        ("adapters/inbound/http/foreign/osmand.py", "application.faults"),
        ("adapters/inbound/http/foreign/reading.py", "litestar"),
    ],
    "push": [
        ("adapters/inbound/push/session.py", "adapters.inbound.http.problems"),
        ("adapters/inbound/push/tls_stream.py", "uvicorn"),
    ],
    "container": [
        (f"{path}.py", "dependency_injector")
        for path in ("domain/batch", "application/actor", "adapters/outbound/system_clock")
    ],
    "root": [
        (f"{path}.py", root)
        for path in ("domain/batch", "application/actor", "adapters/inbound/cli/main")
        for root in ("bootstrap", "composition")
    ],
}


def copied(target: Path) -> Path:
    """The tree as far as import-linter reads it."""
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            if "node_modules" not in source.parts:
                place = target / source.relative_to(ROOT)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, place)
    own = target / "tests" / "architecture"
    own.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("only.py"), own)
    shutil.copy(ROOT / ".importlinter", target)
    return target


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    code = _LINT.format(root=str(ROOT))
    return subprocess.run(
        [sys.executable, "-c", code], cwd=tree, capture_output=True, text=True, timeout=120
    )


def broken(report: str) -> set[str]:
    """The contracts that a report calls broken, by their short names."""
    return {
        short
        for short, section in CONTRACTS.items()
        if f"{section['name']} BROKEN" in " ".join(report.split())
    }


def test_the_contracts_are_kept(tmp_path: Path) -> None:
    done = lint(copied(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    kept = " ".join(done.stdout.split())
    for section in CONTRACTS.values():
        assert f"{section['name']} KEPT" in kept


def test_every_contract_has_its_violations() -> None:
    assert set(VIOLATIONS) == set(CONTRACTS)
    assert all(VIOLATIONS.values())


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_violation_is_noticed(contract: str, tmp_path: Path) -> None:
    tree = copied(tmp_path)
    for path, module in VIOLATIONS[contract]:
        with (tree / path).open("a") as file:
            file.write(f"\nimport {module}  # noqa\n")
    done = lint(tree)
    assert done.returncode == 1, done.stdout + done.stderr
    assert contract in broken(done.stdout), done.stdout
    details = done.stdout.partition("Broken contracts")[2]
    for path, module in VIOLATIONS[contract]:
        importer = path.removesuffix(".py").replace("/", ".")
        said = [line for line in details.splitlines() if importer in line and module in line]
        assert said, f"nothing is said of {importer} importing {module}\n{details}"
