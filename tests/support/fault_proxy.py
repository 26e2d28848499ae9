"""A bad network on demand: a TCP proxy between a client and a server of this machine."""

import asyncio
import contextlib
import socket
import struct

from deploy.local.ports import HOST, free_port
from tests.support.background import BackgroundServer

_CHUNK_BYTES = 16_384
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class FaultProxy(BackgroundServer):
    """Passes what clients of `port` and the server on `target_port` say to each other, until
    told otherwise. Runs in a thread of its own, so tests of any kind can use it:

        with FaultProxy(server.port) as proxy:
            client = connect(proxy.port)
            proxy.hang()

    Each method returns when the network is as it says.
    """

    def __init__(self, target_port: int) -> None:
        super().__init__()
        self.port = free_port()
        self._target_port = target_port
        self._listener: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._requests_flow = asyncio.Event()
        self._replies_flow = asyncio.Event()
        self._delay_s = 0.0

    async def begin(self) -> None:
        await self._set(requests=True, replies=True)

    async def end(self) -> None:
        await self._close()

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    def restore(self) -> None:
        """Everything passes, also what was held."""
        self.call(self._set(requests=True, replies=True))

    def refuse(self) -> None:
        """Connections are reset, and new ones refused."""
        self.call(self._close())

    def cut(self) -> None:
        """The connections that are there are reset; new ones are welcome."""
        self.call(self._reset())

    def hang(self) -> None:
        """Connections stay and are taken, and nothing passes."""
        self.call(self._set(requests=False, replies=False))

    def hold_replies(self) -> None:
        """The server hears all and its answers do not arrive; with `cut`, they are lost."""
        self.call(self._set(requests=True, replies=False))

    def slow(self, delay_s: float) -> None:
        """Everything passes, each chunk of at most 16 KiB after this time, in seconds."""
        self.call(self._set(requests=True, replies=True, delay_s=delay_s))

    async def _set(self, *, requests: bool, replies: bool, delay_s: float = 0.0) -> None:
        self._delay_s = delay_s
        for flow, wanted in ((self._requests_flow, requests), (self._replies_flow, replies)):
            if wanted:
                flow.set()
            else:
                flow.clear()
        if self._listener is None:
            self._listener = await asyncio.start_server(self._serve, HOST, self.port)

    async def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        await self._reset()

    async def _reset(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        ends = [client]
        try:
            if self._listener is None:  # it was taken while we were about to refuse
                raise ConnectionRefusedError
            await self._requests_flow.wait()
            answers, server = await asyncio.open_connection(HOST, self._target_port)
            ends.append(server)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(reader, server, self._requests_flow))
                both.create_task(self._pass(answers, client, self._replies_flow))
        except* (OSError, asyncio.CancelledError):
            for end in ends:
                _reset(end)
        finally:
            for end in ends:
                end.close()
            self._connections.discard(task)

    async def _pass(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, flow: asyncio.Event
    ) -> None:
        """Until the source ends, which the target is told."""
        while chunk := await source.read(_CHUNK_BYTES):
            await asyncio.sleep(self._delay_s)
            await flow.wait()
            target.write(chunk)
            await target.drain()
        await flow.wait()
        target.write_eof()


def _reset(end: asyncio.StreamWriter) -> None:
    """The other side hears of it at once, and not as of an orderly end."""
    with contextlib.suppress(OSError):
        end.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE
        )
    end.transport.abort()
