"""Push agents by the thousand, in one loop."""

import asyncio
import resource
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from fieldpost_native import Admitted, AgentConnection, ReceiptsArrived, RemoteError

_ALPN = "fieldpost/1"
_AT_A_TIME = 16
_CONNECT_S = 30.0


class PushAgent(asyncio.Protocol):
    """`ready` when it is let in; `receipts` counts what it was told."""

    def __init__(self, credential: str) -> None:
        self.connection = AgentConnection(
            credential=credential,
            agent=("benchmark", "1", "linux"),
            peer_proven=True,
            now_ms=_now_ms(),
        )
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.receipts = 0
        self.told: Callable[[], None] = lambda: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.flush()

    def data_received(self, data: bytes) -> None:
        for event in self.connection.receive(data, _now_ms()):
            if isinstance(event, Admitted):
                self.ready.set_result(None)
            elif isinstance(event, ReceiptsArrived):
                if any(receipt[2] != "accepted" for receipt in event.receipts):
                    raise RuntimeError(f"refused: {event.receipts[0]}")
                self.receipts += len(event.receipts)
            elif isinstance(event, RemoteError):
                raise RuntimeError(event.reason)
        self.flush()
        self.told()

    def flush(self) -> None:
        data = self.connection.take_output(_now_ms())
        if data:
            self._transport.write(data)


class EchoClient(asyncio.Protocol):
    """Says as much as an agent does to be let in, and hears it back."""

    def __init__(self) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(b"x" * 100)

    def data_received(self, _data: bytes) -> None:
        if not self.ready.done():
            self.ready.set_result(None)


async def connect(port: int, makers: Sequence[Callable[[], Any]]) -> list[tuple[Any, Any]]:
    """A connection for each maker of a protocol, once all are ready."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # it is measured, not trusted
    context.set_alpn_protocols([_ALPN])
    slots = asyncio.Semaphore(_AT_A_TIME)
    loop = asyncio.get_running_loop()

    async def one(maker: Callable[[], Any]) -> tuple[Any, Any]:
        async with slots:
            made = await loop.create_connection(maker, "127.0.0.1", port, ssl=context)
            async with asyncio.timeout(_CONNECT_S):
                await made[1].ready
            return made

    return list(await asyncio.gather(*(one(maker) for maker in makers)))


def _now_ms() -> int:
    return int(time.monotonic() * 1000)
