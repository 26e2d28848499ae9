"""What one would build a push service with first: grpcio, one stream a device, protobuf.

It decodes each batch, touches its locations and appends it to SQLite; the answer comes after the
fsync. No credential, no consent, no duplicate, no TLS, and nobody processes what it stored.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import grpc
import grpc.aio
import uvloop

from benchmarks.appender import Appender
from benchmarks.location_message import batch_message

_Batch = batch_message()


class _Push:
    def __init__(self, appender: Appender) -> None:
        self._appender = appender

    async def stream(self, requests: AsyncIterator[bytes], context: Any) -> None:
        """Reads on while earlier batches wait for their fsync."""
        owed: asyncio.Queue[tuple[bytes, asyncio.Future[None]] | None] = asyncio.Queue(1024)
        answering = asyncio.create_task(self._answer(owed, context))
        async for body in requests:
            batch = _Batch.FromString(body)
            _ = sum(location.lat for location in batch.locations)
            number = batch.sequence.to_bytes(8, "little")
            await owed.put((number, self._appender.append([body])))
        await owed.put(None)
        await answering

    async def _answer(self, owed: "asyncio.Queue[Any]", context: Any) -> None:
        while (one := await owed.get()) is not None:
            number, durable = one
            await durable
            await context.write(number)


async def main(path: str, port: str) -> None:
    appender = Appender(path)
    await appender.start()
    server = grpc.aio.server()
    handler = grpc.stream_stream_rpc_method_handler(_Push(appender).stream)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("b.Push", {"Stream": handler}),)
    )
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
