"""A bad network does what its name says, to the connections that are there and to new ones."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from deploy.local.ports import free_port
from tests.support.fault_proxy import FaultProxy
from tests.support.waiting import until

_ANSWER_S = 10.0
_SILENCE_S = 0.2


class Echo:
    """Says back what it hears, and remembers it."""

    def __init__(self) -> None:
        self.heard = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                while chunk := connection.recv(65_536):
                    self.heard += chunk
                    connection.sendall(chunk)
            except OSError:
                return


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[FaultProxy]:
    with FaultProxy(echo.port) as proxy:
        yield proxy


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[socket.socket]:
    """A connection through the proxy that has worked so far."""
    with connected(proxy) as client:
        assert answer(client, b"first") == b"first"
        yield client


def connected(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), _ANSWER_S)


def answer(client: socket.socket, word: bytes) -> bytes:
    client.sendall(word)
    return received(client, len(word))


def received(client: socket.socket, size: int) -> bytes:
    client.settimeout(_ANSWER_S)
    found = b""
    while len(found) < size and (chunk := client.recv(size - len(found))):
        found += chunk
    return found


def hears_nothing(client: socket.socket) -> bool:
    client.settimeout(_SILENCE_S)
    try:
        return client.recv(1) == b"never"
    except TimeoutError:
        return True


def test_passes_much_both_ways(client: socket.socket) -> None:
    much = bytes(range(256)) * 8_192
    writer = threading.Thread(target=client.sendall, args=(much,))
    writer.start()
    assert received(client, len(much)) == much
    writer.join(_ANSWER_S)


def test_passes_the_end(client: socket.socket, proxy: FaultProxy) -> None:
    client.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""
    until(lambda: proxy.connections == 0, "the proxy has let go")


def test_refuses_and_resets_and_comes_back_on_the_same_port(
    client: socket.socket, proxy: FaultProxy
) -> None:
    port = proxy.port
    proxy.refuse()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        connected(proxy)
    proxy.restore()
    assert proxy.port == port
    with connected(proxy) as again:
        assert answer(again, b"again") == b"again"


def test_cuts_once(client: socket.socket, proxy: FaultProxy) -> None:
    proxy.cut()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with connected(proxy) as again:
        assert answer(again, b"again") == b"again"


def test_hangs_with_connections_old_and_new_and_passes_what_was_held(
    client: socket.socket, proxy: FaultProxy, echo: Echo
) -> None:
    proxy.hang()
    client.sendall(b"second")
    with connected(proxy) as new:
        new.sendall(b"third")
        assert hears_nothing(client) and hears_nothing(new)
        assert echo.heard == b"first"
        proxy.restore()
        assert received(client, 6) == b"second"
        assert received(new, 5) == b"third"


def test_a_hanging_network_can_be_left(client: socket.socket, proxy: FaultProxy) -> None:
    proxy.hang()
    client.sendall(b"second")
    proxy.refuse()
    assert proxy.connections == 0


def test_loses_replies_of_what_was_done(
    client: socket.socket, proxy: FaultProxy, echo: Echo
) -> None:
    proxy.hold_replies()
    client.sendall(b"second")
    until(lambda: echo.heard == b"firstsecond", "the server has heard it")
    assert hears_nothing(client)
    proxy.cut()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    proxy.restore()
    with connected(proxy) as again:
        assert answer(again, b"third") == b"third", "what was held is lost"


def test_slows_each_way(client: socket.socket, proxy: FaultProxy) -> None:
    proxy.slow(0.1)
    start = time.monotonic()
    assert answer(client, b"second") == b"second"
    assert time.monotonic() - start >= 0.2
    proxy.restore()
    start = time.monotonic()
    assert answer(client, b"third") == b"third"
    assert time.monotonic() - start < 0.2


def test_resets_the_clients_of_a_server_that_is_not_there() -> None:
    with (
        FaultProxy(free_port()) as proxy,
        pytest.raises(ConnectionResetError),
        connected(proxy) as client,
    ):
        client.recv(1)


def test_the_end_resets_who_is_left(echo: Echo) -> None:
    with FaultProxy(echo.port) as proxy:
        client = connected(proxy)
        assert answer(client, b"first") == b"first"
    with client, pytest.raises(ConnectionResetError):
        client.recv(1)
