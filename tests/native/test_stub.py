"""The committed types of the module are what the module says of itself."""

import subprocess
import sys
from pathlib import Path

STUB = Path(__file__).parents[2] / "native" / "fieldpost_native.pyi"


def test_the_stub_is_current(tmp_path: Path) -> None:
    written = tmp_path / STUB.name
    stubgen = [sys.executable, "-m", "nanobind.stubgen", "-q", "-m", "fieldpost_native"]
    subprocess.run([*stubgen, "-o", written], check=True)
    ruff = [sys.executable, "-m", "ruff", "format", "-q", "--line-length", "100"]
    subprocess.run([*ruff, written], check=True)
    assert written.read_text() == STUB.read_text()
