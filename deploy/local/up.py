"""`make up` and `make down`: the distributed platform on this machine, with the demo on it.

python -m deploy.local.up up FOLDER     starts it in the background, returns when it is there
python -m deploy.local.up down FOLDER   ends it
python -m deploy.local.up run FOLDER    runs it in the foreground, until it is told to end
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from deploy.local.platform import LocalPlatform
from deploy.local.process import FIELDPOST
from deploy.local.program import Program
from deploy.local.server import NotStarted

_EMAIL = "demo@example.org"
_HTTP = os.environ.get("HTTP", "127.0.0.1:8080")
_PUSH = os.environ.get("PUSH", "127.0.0.1:8081")
_UP_S = 240.0
_DOWN_S = 60.0
_LOOK_EVERY_S = 0.5


def up(folder: Path) -> None:
    """In the background. What was started before goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    if _runs(folder):
        print((folder / "said").read_text(), end="")
        return
    (folder / "said").unlink(missing_ok=True)
    with (folder / "up.log").open("ab") as log:
        runner = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.up", "run", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    print("Starting MariaDB, RabbitMQ, a DynamoDB and five processes …", flush=True)
    deadline = time.monotonic() + _UP_S
    while not (folder / "said").exists():
        if runner.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"it did not start; {folder / 'up.log'} tells why")
        time.sleep(_LOOK_EVERY_S)
    print((folder / "said").read_text(), end="")


def down(folder: Path) -> None:
    """Does nothing where nothing runs."""
    pid = _runs(folder)
    if pid is None:
        print("Nothing runs.")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _DOWN_S
    while _runs(folder):
        if time.monotonic() > deadline:
            sys.exit(f"it does not end; its process is {pid}")
        time.sleep(_LOOK_EVERY_S)
    print("It has ended. Its data stays in " + str(folder))


def run(folder: Path) -> None:
    """What ends by itself is started again."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    (folder / "pid").write_text(str(os.getpid()))
    family = Program(folder / "family.log")
    try:
        with LocalPlatform(folder, http=_HTTP, push=_PUSH) as platform:
            access = _account(platform)
            _let_live(family, platform, access)
            (folder / "said").write_text(_said(platform, access))
            with contextlib.suppress(KeyboardInterrupt):
                _watch(platform, family, access)
            family.terminate(5.0)
    except NotStarted as error:
        sys.exit(str(error))
    finally:
        (folder / "pid").unlink(missing_ok=True)
        (folder / "said").unlink(missing_ok=True)


def _watch(platform: LocalPlatform, family: Program, access: dict[str, str]) -> None:
    while True:
        time.sleep(_LOOK_EVERY_S)
        for server in platform.servers:
            if not server.running:
                print(f"{type(server).__name__} has ended and is started again", flush=True)
                server.start()
        for process in platform.processes:
            if not process.running:
                print(f"{process.name} has ended and is started again", flush=True)
                process.spawn()
        if not family.running:
            _let_live(family, platform, access)


def _let_live(family: Program, platform: LocalPlatform, access: dict[str, str]) -> None:
    state = str(platform.folder / "family.json")
    token = access["api_token"]
    server = ["--server", platform.web.url]
    family.start([str(FIELDPOST), "family", *server, "--api-token", token, "--state", state])


def _account(platform: LocalPlatform) -> dict[str, str]:
    """The demo account's secrets, which are no secrets: kept beside its data."""
    path = platform.folder / "demo.json"
    if not path.exists():
        path.write_text(json.dumps(platform.create_account("The Novak family", _EMAIL)))
    access: dict[str, str] = json.loads(path.read_text())
    return access


def _said(platform: LocalPlatform, access: dict[str, str]) -> str:
    return "".join(f"{line}\n" for line in _lines(platform, access))


def _lines(platform: LocalPlatform, access: dict[str, str]) -> Iterator[str]:
    yield f"Fieldpost is at {platform.web.url}"
    yield f"Sign in as {_EMAIL} with the password {access['password']}"
    yield f"Push agents connect to {platform.push}; certificate {platform.certificate}"
    for process in platform.processes:
        yield f"  {process.name:10} {process.url}/health/ready"
    yield f"Logs and settings are in {platform.folder}. `make down` ends it."


def _runs(folder: Path) -> int | None:
    """The process of a platform that runs on the folder."""
    try:
        pid = int((folder / "pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


if __name__ == "__main__":
    commands = {"up": up, "down": down, "run": run}
    if len(sys.argv) != 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](Path(sys.argv[2]))
