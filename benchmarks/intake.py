"""Uploads of the Fieldpost agent over HTTP."""

from benchmarks import uploads
from benchmarks.beside import HEADERS, NOTE, cells, stand
from benchmarks.table import Table

_SIZES = (10, 100, 500)
_CONNECTIONS = (1, 8, 32)
_SECONDS = 0.5
_ROUNDS = 3


def intake() -> Table:
    rows = []
    with stand() as both:
        for size in _SIZES:
            templates = uploads.batches(both.devices, size)
            for connections in _CONNECTIONS:
                ours, plain = both.compare(templates, connections, _SECONDS, _ROUNDS)
                rows.append([str(size), str(connections), *cells(ours, plain, size)])
    headers = ("locations an upload", "connections", *HEADERS)
    return Table("Intake: uploads of locations over HTTP", headers, rows, NOTE)
