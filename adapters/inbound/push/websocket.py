"""Push over a WebSocket on the HTTP server, as an ASGI application."""

import asyncio
import logging
from typing import Any

from adapters.inbound.push.gateway import Gateway
from adapters.inbound.push.session import Session

_log = logging.getLogger(__name__)

SUBPROTOCOL = "fieldpost.v1"
MAX_MESSAGE_BYTES = 1024 * 1024
"""Where a message begins or ends means nothing, so there is no need for longer ones."""

_HIGH_WATER = 64 * 1024
_GOING_AWAY = 1001
_CLOSE_S = 5.0


class PushSocket:
    """Takes WebSockets whose client has asked for our subprotocol."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def __call__(self, receive: Any, send: Any) -> None:
        await receive()  # websocket.connect
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        wire = _SocketWire()
        wire.session = session = self._gateway.admitted(wire)
        wire.sending = sending = asyncio.create_task(wire.send_all(send))
        reading = asyncio.create_task(wire.read_all(receive))
        try:
            await asyncio.wait((sending, reading), return_when=asyncio.FIRST_COMPLETED)
        finally:
            reading.cancel()
            sending.cancel()
            for outcome in await asyncio.gather(reading, sending, return_exceptions=True):
                # A client that has gone is an OSError, and no news.
                if isinstance(outcome, Exception) and not isinstance(outcome, OSError):
                    _log.error("a push connection failed", exc_info=outcome)
            self._gateway.lost(session)


class _SocketWire:
    """Two tasks beside the session: ASGI knows neither callbacks nor a buffer for sending."""

    session: Session
    sending: "asyncio.Task[None]"

    def __init__(self) -> None:
        self._unsent: list[bytes] = []
        self._unsent_bytes = 0
        self._something = asyncio.Event()
        self._reading = asyncio.Event()
        self._reading.set()
        self._closed = False

    async def read_all(self, receive: Any) -> None:
        while True:
            await self._reading.wait()
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            data = message.get("bytes")
            if data is None:
                self.session.close("protocol_broken", reason="messages must be binary")
            else:
                self.session.receive(data)

    async def send_all(self, send: Any) -> None:
        """Ends when the stream is closed and all is sent."""
        while True:
            if self._unsent:
                data = b"".join(self._unsent)
                self._unsent.clear()
                await send({"type": "websocket.send", "bytes": data})
                self._unsent_bytes -= len(data)
                if not self.session.writable and not self._unsent_bytes:
                    self.session.may_write(True)
            elif self._closed:
                await send({"type": "websocket.close", "code": _GOING_AWAY})
                return
            else:
                self._something.clear()
                await self._something.wait()

    def write(self, data: bytes) -> None:
        self._unsent.append(data)
        self._unsent_bytes += len(data)
        self._something.set()
        if self._unsent_bytes > _HIGH_WATER and self.session.writable:
            asyncio.get_running_loop().call_soon(self._tell_full)

    def unsent(self) -> int:
        return self._unsent_bytes

    def pause(self) -> None:
        self._reading.clear()

    def resume(self) -> None:
        self._reading.set()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._something.set()
            asyncio.get_running_loop().call_later(_CLOSE_S, self.abort)

    def abort(self) -> None:
        self.sending.cancel()

    def _tell_full(self) -> None:
        if self._unsent_bytes > _HIGH_WATER and self.session.writable:
            self.session.may_write(False)
