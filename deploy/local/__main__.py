"""`python -m deploy.local FOLDER [SERVER..]`: some servers or all, until it is told to end."""

import contextlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.local import Dynoxide, LocalServer, MariaDb, RabbitMq

_KINDS: dict[str, type[LocalServer]] = {
    "dynoxide": Dynoxide,
    "mariadb": MariaDb,
    "rabbitmq": RabbitMq,
}


def main(folder: Path, names: Sequence[str]) -> None:
    """Prints a line for each server once it answers: its name, process and port."""
    # An interrupt is ignored by what a shell has started in the background; here it is not.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as running:
        for name in names:
            server = running.enter_context(_KINDS[name](folder / name))
            print(name, server.pid, server.port, flush=True)
        signal.pause()


if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(_KINDS):
        sys.exit(f"usage: python -m deploy.local FOLDER [{'|'.join(_KINDS)}]..")
    main(Path(sys.argv[1]), sys.argv[2:] or list(_KINDS))
