"""That the features can fail: steps that never run are refused, waiting comes to an end."""

import subprocess
import sys
from pathlib import Path

import pytest

from features.drivers.patience import eventually

_FEATURE = "Feature: A step that nobody awaits\n  Scenario: It would pass\n    Then it fails\n"
_STEPS = """
import functools

import pytest_bdd

pytest_bdd.scenarios(".")

def passed_on(function):
    @functools.wraps(function)
    def call():
        return function()
    return call

@pytest_bdd.then("it fails")
{step}:
    {body}
"""


def outcome_of(folder: Path, step: str, body: str) -> tuple[int, str]:
    """Run one scenario with this step in a pytest of its own; its exit code and what it says."""
    (folder / "a.feature").write_text(_FEATURE)
    steps = _STEPS.format(step=step, body=body)
    (folder / "test_a.py").write_text(steps)
    command = [sys.executable, "-m", "pytest", "-p", "features.conftest", str(folder)]
    command += ["--rootdir", str(folder), "-c", "/dev/null", "-p", "no:cacheprovider"]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("async def step()", "assert False"),
        ("async def step()", "yield"),
        ("@passed_on\nasync def step()", "assert False"),
    ],
)
def test_an_async_step_is_refused(tmp_path: Path, step: str, body: str) -> None:
    code, said = outcome_of(tmp_path, step, body)
    assert code == 1
    assert "the step step is async and would never run" in said


@pytest.mark.parametrize(("body", "code"), [("assert True", 0), ("assert False", 1)])
def test_a_synchronous_step_says_what_it_says(tmp_path: Path, body: str, code: int) -> None:
    assert outcome_of(tmp_path, "def step()", body)[0] == code


def test_waiting_ends_with_the_first_good_value() -> None:
    values = iter([1, 2, 3, 4])
    assert eventually(lambda: next(values), lambda value: value > 2) == 3


def test_waiting_comes_to_an_end() -> None:
    with pytest.raises(TimeoutError, match="still 7"):
        eventually(lambda: 7, lambda value: value > 7, within_s=0.05)
