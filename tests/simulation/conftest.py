"""A demo of the test's own."""

from pathlib import Path

import pytest

from tests.simulation.family import Demo


@pytest.fixture
def family(tmp_path: Path) -> Demo:
    return Demo(tmp_path)
