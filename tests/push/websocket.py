"""A WebSocket of a push agent, written out: the test must not trust the server's own library."""

import base64
import os
import socket
import struct

from tests.push.agent import PATIENCE_S
from tests.support.server import Server

PATH = "/agent/v1/push"
_BINARY, _CLOSE = 2, 8


class SocketClient:
    """Binary messages both ways; `answer` is the head of the server's answer."""

    def __init__(
        self, server: Server, *, path: str = PATH, subprotocol: str = "fieldpost.v1"
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE_S)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate",
            *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
        ]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._read = b""
        while b"\r\n\r\n" not in self._read:
            piece = self.socket.recv(65_536)
            assert piece, self._read
            self._read += piece
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        self.answer = head.decode()

    @property
    def status(self) -> int:
        return int(self.answer.split(" ")[1])

    def send(self, data: bytes) -> None:
        self.socket.sendall(frame(_BINARY, data))

    def receive(self, timeout_s: float) -> bytes:
        """The next message; b"" at the end."""
        self.socket.settimeout(timeout_s)
        try:
            while (message := self._message()) is None:
                piece = self.socket.recv(65_536)
                if not piece:
                    return b""
                self._read += piece
        except ConnectionError:
            return b""
        return message

    def close(self) -> None:
        self.socket.close()

    def _message(self) -> bytes | None:
        if len(self._read) < 2:
            return None
        code, length, start = self._read[0] & 15, self._read[1], 2
        if length == 126:
            length, start = int.from_bytes(self._read[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(self._read[2:10], "big"), 10
        if len(self._read) < start + length:
            return None
        payload = self._read[start : start + length]
        self._read = self._read[start + length :]
        assert code in (_BINARY, _CLOSE), code
        return payload if code == _BINARY else b""


def frame(code: int, data: bytes) -> bytes:
    """A whole message of a client."""
    if len(data) < 126:
        head = bytes([0x80 | code, 0x80 | len(data)])
    elif len(data) < 65_536:
        head = bytes([0x80 | code, 0x80 | 126]) + struct.pack(">H", len(data))
    else:
        head = bytes([0x80 | code, 0x80 | 127]) + struct.pack(">Q", len(data))
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
