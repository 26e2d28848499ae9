"""Single fixes of the OwnTracks app over HTTP."""

from benchmarks import uploads
from benchmarks.beside import HEADERS, NOTE, cells, stand
from benchmarks.table import Table

_CONNECTIONS = (1, 8, 32)
_SECONDS = 1.0
_ROUNDS = 5


def owntracks() -> Table:
    rows = []
    with stand() as both:
        templates = uploads.owntracks(both.devices)
        for connections in _CONNECTIONS:
            ours, plain = both.compare(templates, connections, _SECONDS, _ROUNDS)
            rows.append([str(connections), *cells(ours, plain, 1)])
    return Table("OwnTracks: one fix an upload", ("connections", *HEADERS), rows, NOTE)
