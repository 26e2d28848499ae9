"""A push agent: the native connection for the agent's role over a real socket."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Protocol, TypeVar

from fieldpost_native import (
    Admitted,
    AgentConnection,
    PeerClosed,
    ReceiptsArrived,
    RequestClosed,
    ServerLeaving,
    Told,
    encode_json,
)

from adapters.inbound.push.certificate import ALPN
from tests.support.client import Device
from tests.support.server import Server

PATIENCE_S = 20.0
ME = ("test", "1", "linux")
_EARLIEST_MS = 946_684_800_000
_LATEST_MS = 4_102_444_800_000

T = TypeVar("T")


class Stream(Protocol):
    """Bytes both ways; `b""` is the end."""

    def send(self, data: bytes) -> None: ...

    def receive(self, timeout_s: float) -> bytes: ...

    def close(self) -> None: ...


class TlsClient:
    """Trusts the certificate in the server's folder and nothing else."""

    def __init__(self, server: Server, *, alpn: str = ALPN, receive_buffer: int = 0) -> None:
        context = ssl.create_default_context(cafile=str(server.data / "push-certificate.pem"))
        context.set_alpn_protocols([alpn])
        plain = socket.socket()
        plain.settimeout(PATIENCE_S)
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.connect(("127.0.0.1", server.push_port))
        self.socket = context.wrap_socket(plain, server_hostname="localhost")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self, timeout_s: float) -> bytes:
        self.socket.settimeout(timeout_s)
        try:
            return self.socket.recv(65_536)
        except (ConnectionError, ssl.SSLEOFError):
            return b""

    def close(self) -> None:
        self.socket.close()


class PushAgent:
    """Keeps what it was told: receipts by sequence, and the latest of everything else."""

    def __init__(
        self,
        device: Device,
        stream: Stream | None = None,
        *,
        policy_version: int | None = None,
        pending: Sequence[tuple[str, int]] = (),
        credential: str = "",
    ) -> None:
        self.stream = stream or TlsClient(device.account.server)
        self.connection = AgentConnection(
            credential=credential or device.credential,
            agent=ME,
            peer_proven=True,
            now_ms=_now_ms(),
            policy_version=policy_version,
            pending=list(pending),
        )
        self.admitted: Admitted | None = None
        self.receipts: dict[int, Any] = {}
        self.told: list[Told] = []
        self.closed_requests: list[tuple[str, bool]] = []
        self.leaving: ServerLeaving | None = None
        self.closed: PeerClosed | None = None
        self.ended = False
        self.flush()

    def __enter__(self) -> "PushAgent":
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stream.close()

    def enter(self) -> "PushAgent":
        """Returns when the server has let it in."""
        self.until(lambda: self.admitted, "it is let in")
        return self

    def deliver(self, sequence: int, block: bytes, request: str = "", last: bool = False) -> None:
        """Send a block, and do not wait for the receipt."""
        self.connection.send_block(sequence, block, request, last)
        self.flush()

    def say(self, sequence: int, kind: str, json: bytes) -> None:
        """Send observations as JSON, and do not wait for the receipt."""
        self.connection.send_observations(sequence, kind, json)
        self.flush()

    def receipt(self, sequence: int) -> "Receipt":
        return Receipt(
            self.until(lambda: self.receipts.get(sequence), f"the receipt of {sequence}")
        )

    def has_room(self) -> bool:
        """Less than 50 batches are under way."""
        return self.connection.unacknowledged < 50

    def until_receipts(self, count: int) -> None:
        self.until(lambda: len(self.receipts) >= count, f"there are {count} receipts")

    def until_more(self) -> None:
        """Returns when there is a further receipt, or the server closes."""
        known = len(self.receipts)
        self.until(lambda: len(self.receipts) > known or self.closed, "there is a receipt")

    def check_in(self, policy_version: int | None = None) -> Told:
        known = len(self.told)
        self.connection.check_in(policy_version)
        self.flush()
        return self.next_told(known)

    def next_told(self, known: int) -> Told:
        """What it is told after the first `known`."""
        self.until(lambda: len(self.told) > known, "it is told something")
        return self.told[known]

    def close_code(self) -> str:
        """The code of the CLOSE that the server sends."""
        closed = self.until(lambda: self.closed, "the server closes")
        return closed.code

    def flush(self) -> None:
        data = self.connection.take_output(_now_ms())
        if data:
            self.stream.send(data)

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """Reads until `look` finds something true."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := look()):
            assert not self.ended, f"{what}: the stream has ended; closed: {self.closed}"
            left_s = deadline - time.monotonic()
            assert left_s > 0, f"{what}: not within {PATIENCE_S} s"
            self._read(left_s)
        return found

    def _read(self, timeout_s: float) -> None:
        try:
            data = self.stream.receive(timeout_s)
        except TimeoutError:
            return
        if not data:
            self.ended = True
            return
        for event in self.connection.receive(data, _now_ms()):
            self._take(event)
        self.flush()

    def _take(self, event: Any) -> None:
        if isinstance(event, Admitted):
            self.admitted = event
        elif isinstance(event, ReceiptsArrived):
            self.receipts.update({receipt[1]: receipt for receipt in event.receipts})
        elif isinstance(event, Told):
            self.told.append(event)
        elif isinstance(event, RequestClosed):
            self.closed_requests.append((event.request_id, event.known))
        elif isinstance(event, ServerLeaving):
            self.leaving = event
        elif isinstance(event, PeerClosed):
            self.closed = event
        else:
            raise AssertionError(f"the server broke the protocol: {event.code} {event.reason}")


class Receipt:
    """A receipt by the names of its parts."""

    def __init__(
        self, told: tuple[int, int, str, int, str, int, list[tuple[int, str, str]]]
    ) -> None:
        self.kind, self.sequence, self.outcome, self.accepted = told[:4]
        self.reason, self.retry_after_s, self.refused = told[4:]


def block_of(kind: str, *observations: dict[str, Any]) -> bytes:
    encoded = encode_json(kind, json_of(*observations), _EARLIEST_MS, _LATEST_MS)
    assert encoded.count == len(observations), encoded.refused
    return encoded.block


def json_of(*observations: dict[str, Any]) -> bytes:
    return json.dumps(observations).encode()


def _now_ms() -> int:
    return int(time.monotonic() * 1000)
