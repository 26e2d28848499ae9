"""`python -m deploy.local FOLDER`: all three servers, until it is interrupted or terminated."""

import contextlib
import signal
import sys
from pathlib import Path

from deploy.local import Dynoxide, MariaDb, RabbitMq


def main(folder: Path) -> None:
    """Prints a line for each server once it answers: its name, process and port."""
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with contextlib.ExitStack() as running:
        for kind in (Dynoxide, MariaDb, RabbitMq):
            server = running.enter_context(kind(folder / kind.__name__.lower()))
            print(kind.__name__, server.pid, server.port, flush=True)
        signal.sigwait(signals)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deploy.local FOLDER")
    main(Path(sys.argv[1]))
