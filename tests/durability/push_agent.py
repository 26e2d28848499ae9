"""`fieldpost-push` beside a gateway that comes and goes: fed line by line, it loses nothing."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from deploy.local.platform import LocalPlatform
from tests.support.client import Device, rfc3339

_PUSH = Path(sys.executable).with_name("fieldpost-push")


class PushAgent:
    """Delivers app uses and remembers their event times; in one batch there are few of them."""

    def __init__(self, platform: LocalPlatform, device: Device, folder: Path) -> None:
        folder.mkdir()
        credential = folder / "credential"
        credential.touch(0o600)
        credential.write_text(device.credential)
        self.device = device
        self.times: list[str] = []
        self._log = folder / "agent.log"
        self._start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(str(_PUSH), "--server", platform.push, "--device", device.id),
                    *("--credential-file", str(credential), "--spool", str(folder / "spool")),
                    *("--ca", str(platform.certificate), "--batch-size", "10"),
                    *("--batch-age", "0.1", "--max-wait", "2"),
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def observe(self, count: int) -> None:
        """So many more observations; it keeps what it cannot deliver."""
        lines = [self._line() for _ in range(count)]
        assert self._process.stdin is not None
        self._process.stdin.write("".join(lines).encode())
        self._process.stdin.flush()

    def finish(self, within_s: float) -> None:
        """Returns when all of it is acknowledged."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(within_s) == 0, self.log_tail()

    def log_tail(self) -> str:
        return self._log.read_text("utf-8", "replace")[-2000:]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    def _line(self) -> str:
        moment = rfc3339(self._start + timedelta(seconds=len(self.times)))
        self.times.append(moment)
        line: dict[str, Any] = {"kind": "app_use", "time": moment, "app": "editor"}
        return json.dumps({**line, "duration_s": 1.5}) + "\n"
