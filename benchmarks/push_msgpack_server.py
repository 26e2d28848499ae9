"""The plainest push server that is still fast: uvloop, a length and a msgpack batch.

The batches of one read are appended to SQLite together; each number is sent back after the
fsync. No credential, no consent, no duplicate, no TLS, and nobody processes what it stored.
"""

import asyncio
import sys
from functools import partial
from typing import cast

import msgspec
import uvloop

from benchmarks.appender import Appender


class Location(msgspec.Struct, array_like=True):
    time_ms: int
    lat: float
    lon: float
    accuracy_m: float
    altitude_m: float
    speed_mps: float
    bearing_deg: float
    source: str


class Batch(msgspec.Struct):
    sequence: int
    locations: list[Location]


_decode = msgspec.msgpack.Decoder(Batch).decode


class _Connection(asyncio.Protocol):
    def __init__(self, appender: Appender) -> None:
        self._appender = appender
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        data = self._unread + data
        at, bodies, numbers = 0, [], []
        while len(data) - at >= 4:
            end = at + 4 + int.from_bytes(data[at : at + 4], "little")
            if end > len(data):
                break
            body = data[at + 4 : end]
            batch = _decode(body)
            _ = sum(location.lat for location in batch.locations)
            bodies.append(body)
            numbers.append(batch.sequence.to_bytes(8, "little"))
            at = end
        self._unread = data[at:]
        if bodies:
            durable = self._appender.append(bodies)
            durable.add_done_callback(lambda _: self._transport.write(b"".join(numbers)))


async def main(path: str, port: str) -> None:
    appender = Appender(path)
    await appender.start()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(_Connection, appender), "127.0.0.1", int(port))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
