"""A process of the platform itself: started, told to end, killed, paused, started again."""

import json
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.local.program import Program
from deploy.local.server import NotStarted

FIELDPOST = Path(__file__).parent.parent.parent / ".venv/bin/fieldpost"
_LOOK_EVERY_S = 0.05
_LOOK_S = 3.0


class PlatformProcess(Program):
    """`address` is HOST:PORT where it tells of itself."""

    start_s = 40.0

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        address: str,
        folder: Path,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(folder / f"{name}.log")
        self.name = name
        self.address = address
        self._command = [str(FIELDPOST), *command]
        self._environment = environment

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def spawn(self) -> None:
        """Does not wait until it is ready."""
        self.start(self._command, self._environment)

    def wait(self) -> None:
        """Returns when it is ready. Raises NotStarted, with the end of its log."""
        deadline = time.monotonic() + self.start_s
        while self.readiness() is None:
            if not self.running:
                raise NotStarted(f"{self.name} ended at its start\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise NotStarted(f"{self.name} is not ready in time\n{self.log_tail()}")
            time.sleep(_LOOK_EVERY_S)

    def readiness(self) -> dict[str, Any] | None:
        """What it says when it is ready; None when it is not."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=_LOOK_S) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (OSError, ValueError):
            return None

    def metrics(self) -> str:
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=_LOOK_S) as answer:
            text: str = answer.read().decode()
            return text
