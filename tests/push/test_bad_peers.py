"""Peers that break the protocol, are slow or take nothing: each is told so, or cut off."""

import contextlib
import os
import socket
from collections.abc import Callable

import pytest

from tests.push.agent import PATIENCE_S, PushAgent, TlsClient, block_of, json_of
from tests.support.client import Account, Device, fix
from tests.support.server import Server
from tests.support.waiting import until

CLOSE = 15
_TLS_ALERT = 21
CODES = {"protocol_broken": 1, "too_slow": 2, "no_common_version": 3}


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def answers(client: TlsClient) -> bytes:
    """All that comes until the stream ends."""
    data = b""
    while piece := client.receive(PATIENCE_S):
        data += piece
    return data


def closed_with(data: bytes) -> int:
    """The code of a CLOSE that is all of the data."""
    assert data[0] == CLOSE, data
    return data[2]


HELLO = b"\x01\x16FPST\x01\x01\x80\x80\x10\x04test\x011\x05linux"


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00",
        b"\x05\x01\x00",
        b"\x01\xff\xff\xff\xff\x0f",
        os.urandom(4096).replace(b"\x0f", b"\x00"),
    ],
    ids=["http", "no-frame", "batch-first", "too-long", "chance"],
)
def test_bad_bytes_before_the_greeting(server: Server, data: bytes) -> None:
    client = TlsClient(server)
    client.send(data)
    assert closed_with(answers(client)) == CODES["protocol_broken"]
    assert "Traceback" not in server.log_tail(200)


def test_bad_bytes_instead_of_a_credential(server: Server) -> None:
    client = TlsClient(server)
    client.send(HELLO + b"\x05\x01\x00")
    data = answers(client)
    assert data[0] == 2  # WELCOME
    welcome = 2 + data[1]
    assert closed_with(data[welcome:]) == CODES["protocol_broken"]


@pytest.mark.parametrize("data", [b"\x02\x00", b"\x05\x00", b"\x63\x00", b"\x05\xff\xff\xff\x7f"])
def test_bad_bytes_of_one_that_was_let_in(device: Device, data: bytes) -> None:
    with PushAgent(device).enter() as agent:
        agent.stream.send(data)
        assert agent.close_code() == "protocol_broken"
    log = device.account.server.log_tail(200)
    assert "Traceback" not in log
    assert f"{device.id} is disconnected: protocol_broken" in log


def test_what_came_before_the_bad_bytes_is_kept(device: Device) -> None:
    block = block_of("location", fix(45.8, 14.3))
    with PushAgent(device).enter() as agent:
        agent.stream.send(bytes([5, len(block) + 2, 2, 0]) + block + b"\x63\x00")
        assert agent.close_code() == "protocol_broken"
    server = device.account.server
    until(lambda: device.observations("location"), "the batch is kept", also=server.log_tail)


def test_a_version_that_nobody_knows(server: Server) -> None:
    client = TlsClient(server)
    client.send(HELLO.replace(b"FPST\x01\x01", b"FPST\x08\x09"))
    assert closed_with(answers(client)) == CODES["no_common_version"]


def test_an_unknown_credential(device: Device) -> None:
    before = device.account.server.counted("refused_uploads", "not_authenticated")
    with PushAgent(device, credential="nobody's") as agent:
        assert agent.close_code() == "not_authenticated"
    counted = device.account.server.counted("refused_uploads", "not_authenticated")
    assert counted == before + 1


def test_another_protocol_in_the_certificate_s_name(server: Server) -> None:
    client = TlsClient(server, alpn="h2")
    client.send(HELLO)
    assert closed_with(answers(client)) == CODES["protocol_broken"]


def test_no_tls_at_all(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.push_port), PATIENCE_S) as plain:
        plain.sendall(HELLO)
        with contextlib.suppress(ConnectionError):
            while answer := plain.recv(1024):
                assert answer[0] == _TLS_ALERT
    assert "Traceback" not in server.log_tail(200)


def test_a_greeting_that_never_comes(new_server: Callable[..., Server]) -> None:
    server = new_server(FIELDPOST_PUSH_HANDSHAKE_S="1").start()
    silent, half = TlsClient(server), TlsClient(server)
    half.send(HELLO[:-3])
    for client in (silent, half):
        assert closed_with(answers(client)) == CODES["too_slow"]
    assert server.counted("push_connections_closed", "too_slow") == 2


def test_an_agent_that_falls_silent(new_server: Callable[..., Server]) -> None:
    server = new_server(FIELDPOST_PUSH_IDLE_S="2").start()
    device = Account(server).enrolled()
    with PushAgent(device).enter() as agent:
        assert agent.admitted is not None and agent.admitted.idle_s == 2
        assert agent.close_code() == "too_slow"


def test_a_peer_that_takes_nothing_is_cut_off(new_server: Callable[..., Server]) -> None:
    server = new_server(FIELDPOST_PUSH_STALLED_S="1").start()
    device = Account(server).enrolled()
    agent = PushAgent(device, TlsClient(server, receive_buffer=4096)).enter()
    wrong = json_of(*[{}] * 100)  # what is said of it is longer than itself
    number = 0
    while agent.connection.may_send(len(wrong)):
        agent.connection.send_observations(number, "location", wrong)
        number += 1
    agent.flush()
    until(
        lambda: server.counted("push_connections_closed", "stalled") == 1,
        "it is cut off",
        also=server.log_tail,
    )
    assert "Traceback" not in server.log_tail(200)


def test_beyond_the_limit_of_connections(new_server: Callable[..., Server]) -> None:
    server = new_server(FIELDPOST_PUSH_MAX_CONNECTIONS="3").start()
    account = Account(server)
    device = account.enrolled()
    agents = [PushAgent(device).enter() for _ in range(3)]
    with PushAgent(device) as one_too_many:
        assert one_too_many.close_code() == "unavailable"
        assert one_too_many.closed is not None and one_too_many.closed.retry_after_s > 0
    agents[0].stream.close()
    until(lambda: server.counted("push_connections_closed", "lost") == 1, "one has gone")
    with PushAgent(device).enter() as again:
        again.deliver(1, block_of("location", fix(45.8, 14.3)))
        assert again.receipt(1).outcome == "accepted"
