"""Push over TLS on a port of its own."""

import asyncio
import socket
import ssl
from typing import cast

from adapters.inbound.push.certificate import ALPN
from adapters.inbound.push.gateway import Gateway
from adapters.inbound.push.session import Session

_HANDSHAKE_S = 10.0
_SHUTDOWN_S = 5.0
_HIGH_WATER = 64 * 1024


class TlsStream(asyncio.Protocol):
    """Begins when the handshake of TLS is done."""

    __slots__ = ("_gateway", "_session", "_transport")

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._session: Session | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=_HIGH_WATER)
        self._session = self._gateway.admitted(self)
        # A stream that was meant for another protocol must not be taken for ours.
        if transport.get_extra_info("ssl_object").selected_alpn_protocol() != ALPN:
            self._session.close("protocol_broken", reason=f"the ALPN must be {ALPN}")

    def data_received(self, data: bytes) -> None:
        assert self._session is not None
        self._session.receive(data)

    def pause_writing(self) -> None:
        if self._session is not None:
            self._session.may_write(False)

    def resume_writing(self) -> None:
        if self._session is not None:
            self._session.may_write(True)

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._session is not None:
            self._gateway.lost(self._session)
            self._session = None

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def unsent(self) -> int:
        return self._transport.get_write_buffer_size()

    def pause(self) -> None:
        self._transport.pause_reading()

    def resume(self) -> None:
        self._transport.resume_reading()

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()


async def listen(
    gateway: Gateway, listener: socket.socket, context: ssl.SSLContext
) -> asyncio.Server:
    """Take agents from now on, until the server that is returned is closed."""
    return await asyncio.get_running_loop().create_server(
        lambda: TlsStream(gateway),
        sock=listener,
        ssl=context,
        ssl_handshake_timeout=_HANDSHAKE_S,
        ssl_shutdown_timeout=_SHUTDOWN_S,
        backlog=2048,
    )
