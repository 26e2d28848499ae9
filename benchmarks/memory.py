"""Resident memory of `fieldpost serve`."""

import threading
import time

from benchmarks import uploads
from benchmarks.beside import Stand, stand
from benchmarks.machine import resident_bytes
from benchmarks.servers import Server
from benchmarks.table import Table, number

_SIZE = 100
_CONNECTIONS = 32
_SECONDS = 8.0

_HEADERS = ("server", "at rest MB", "most under load MB", "after it MB", "uploads")
_NOTE = (
    f"Uploads of {_SIZE} locations over {_CONNECTIONS} connections for {_SECONDS:.0f} s. Pages "
    "that the processes share count for each."
)


def memory() -> Table:
    with stand() as both:
        rows = [_measure(both, server) for server in (both.fieldpost, both.plain)]
    return Table("Resident memory", _HEADERS, rows, _NOTE)


def _measure(both: Stand, server: Server) -> list[str]:
    at_rest = resident_bytes(server.pid)
    watch = _Watch(server.pid)
    templates = uploads.batches(both.devices, _SIZE)
    measured = both.client.run(server.port, templates, _CONNECTIONS, _SECONDS)
    if server is both.fieldpost:
        both.await_processed()
    most = watch.stop()
    shown = (at_rest, most, resident_bytes(server.pid))
    return [
        server.name,
        *(number(value / 1e6) for value in shown),
        number(measured.uploads),
    ]


class _Watch:
    """Looks at a process ten times a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._ended.is_set():
            self._most = max(self._most, resident_bytes(self._pid))
            time.sleep(0.1)
