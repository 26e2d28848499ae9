"""Files are short, packages say what lives in them, and the composition root stays the root."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES = 400
MAX_COLUMNS = 100
SAYS_SOMETHING = 40

SOURCES = (".py", ".cpp", ".hpp", ".ts", ".svelte", ".feature", ".sh")
FOLDERS = (
    "domain",
    "application",
    "adapters",
    "native",
    "tests",
    "features",
    "benchmarks",
    "deploy",
)
NOT_OURS = {"node_modules", "dist", "build", "__pycache__", ".svelte-kit"}
PACKAGES = ("domain", "application", "adapters")


def sources() -> Iterator[Path]:
    yield ROOT / "bootstrap.py"
    yield ROOT / "composition.py"
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SOURCES and not NOT_OURS & set(path.parts):
                yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def packages() -> list[Path]:
    return sorted(
        {path.parent for path in sources() if path.suffix == ".py" and path.is_relative_to(ROOT)}
        & {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    )


def test_no_file_is_too_long() -> None:
    long = {
        named(path): lines
        for path in sources()
        if (lines := len(path.read_text("utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_lines_fit_the_page() -> None:
    wide = [
        f"{named(path)}:{number}"
        for path in sources()
        if path.suffix in (".py", ".cpp", ".hpp")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > MAX_COLUMNS
    ]
    assert wide == []


@pytest.mark.parametrize("package", packages(), ids=named)
def test_a_package_says_what_lives_in_it(package: Path) -> None:
    init = package / "__init__.py"
    assert init.exists(), f"{named(package)} has no __init__.py"
    said = ast.get_docstring(ast.parse(init.read_text("utf-8")))
    assert said and len(said) >= SAYS_SOMETHING, f"{named(init)} says nothing"


def test_every_module_of_ours_says_what_it_is_for() -> None:
    silent = [
        named(path)
        for path in sources()
        if path.suffix == ".py" and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def test_nobody_opens_anything_at_import_time() -> None:
    """Statements of a module define things; calls that reach out belong into functions."""
    reaching = {"connect", "create_engine", "create_async_engine", "Popen", "urlopen", "socket"}
    found = []
    for path in sources():
        if path.suffix != ".py" or path.relative_to(ROOT).parts[0] not in PACKAGES:
            continue
        for statement in ast.parse(path.read_text("utf-8")).body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            for node in ast.walk(statement):
                name = getattr(getattr(node, "func", None), "attr", None) or getattr(
                    getattr(node, "func", None), "id", None
                )
                if isinstance(node, ast.Call) and name in reaching:
                    found.append(f"{named(path)}:{node.lineno} calls {name}")
    assert found == []


def test_only_bootstrap_names_the_container() -> None:
    naming = [
        named(path)
        for path in sources()
        if path.suffix == ".py"
        and path.is_relative_to(ROOT)
        and path.relative_to(ROOT).parts[0] not in ("tests", "deploy")
        and "dependency_injector" in path.read_text("utf-8")
    ]
    assert naming == ["bootstrap.py"]
