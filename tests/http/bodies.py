"""Bodies that no agent and no page would send."""

import gzip
import socket
from collections.abc import Iterator, Mapping

import zstandard

from tests.support.http_calls import Reply

LIMIT = 4 * 1024 * 1024
DEEP = b"[" * 100_000 + b"]" * 100_000
BATCHES = b'{"batches": []}'

GZIP = {"content-encoding": "gzip"}
ZSTD = {"content-encoding": "zstd"}

PACKED_BADLY: dict[str, tuple[bytes, Mapping[str, str], int]] = {
    "a gzip bomb": (gzip.compress(bytes(LIMIT + 1)), GZIP, 413),
    "a zstd bomb": (zstandard.compress(bytes(LIMIT + 1)), ZSTD, 413),
    "not gzip": (BATCHES, GZIP, 400),
    "gzip that is cut off": (gzip.compress(BATCHES)[:-5], GZIP, 400),
    "gzip with a wrong checksum": (gzip.compress(BATCHES)[:-8] + bytes(8), GZIP, 400),
    "gzip and more": (gzip.compress(BATCHES) + BATCHES, GZIP, 400),
    "an empty gzip": (b"", GZIP, 400),
    "not zstd": (BATCHES, ZSTD, 400),
    "zstd that is cut off": (zstandard.compress(BATCHES)[:-5], ZSTD, 400),
    "an empty zstd": (b"", ZSTD, 400),
    "an unknown encoding": (BATCHES, {"content-encoding": "br"}, 415),
    "two encodings": (BATCHES, {"content-encoding": "gzip, gzip"}, 415),
}

NOT_JSON: dict[str, bytes] = {
    "empty": b"",
    "words": b"hello",
    "cut off": b'{"name": "a',
    "nested deeply": b'{"name": ' + DEEP + b"}",
    "invalid UTF-8": b'{"name": "\xff", "\xfe": 1}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "NaN": b'{"name": NaN}',
    "a single quote": b"{'name': 'a'}",
    "something after it": b'{"name": "a"} {"name": "a"}',
}


def in_chunks(size: int) -> Iterator[bytes]:
    """A body of this size that does not say so: it is sent in chunks."""
    for start in range(0, size, 65_536):
        yield bytes(min(65_536, size - start))


def announce(port: int, path: str, length: int, headers: Mapping[str, str]) -> Reply:
    """Say that a body of this length comes, and wait for the answer without sending it."""
    lines = [f"POST {path} HTTP/1.1", "host: test", f"content-length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        received = b""
        while b"\r\n\r\n" not in received or not received.endswith(b"}"):
            part = connection.recv(65_536)
            assert part, f"the connection ended after {received!r}"
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    names = dict(line.lower().split(": ", 1) for line in rest)
    return Reply(int(first.split()[1]), names, body)
