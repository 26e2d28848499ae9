"""The same connection over a WebSocket on the port of HTTP."""

from typing import Any

import pytest

from tests.push.agent import PATIENCE_S, PushAgent, block_of
from tests.push.websocket import SocketClient, frame
from tests.support.client import Account, Device, fix
from tests.support.server import Server
from tests.support.waiting import until


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def connected(device: Device, **options: Any) -> PushAgent:
    stream = SocketClient(device.account.server)
    assert stream.status == 101, stream.answer
    return PushAgent(device, stream, **options)


def test_the_subprotocol_is_ours_and_nothing_is_packed(server: Server) -> None:
    answer = SocketClient(server).answer.lower()
    assert "sec-websocket-protocol: fieldpost.v1" in answer
    assert "sec-websocket-extensions" not in answer


def test_what_has_a_receipt_is_kept(device: Device) -> None:
    with connected(device).enter() as agent:
        agent.deliver(1, block_of("location", fix(45.8, 14.3)))
        assert agent.receipt(1).outcome == "accepted"
    with connected(device, pending=[("location", 1), ("location", 2)]).enter() as agent:
        assert agent.admitted is not None and agent.admitted.kept == [True, False]
        agent.deliver(1, block_of("location", fix(45.8, 14.3)))
        assert agent.receipt(1).outcome == "duplicate"
    device.account.server.settled()
    assert [one["lat"] for one in device.observations("location")] == [45.8]


def test_large_batches_go_through(device: Device) -> None:
    fixes = [fix(45.8 + 1e-7 * ((n * n) % 9973), 14.3, ago_s=9000 - n) for n in range(5000)]
    with connected(device).enter() as agent:
        for number in range(20):
            agent.deliver(number, block_of("location", *fixes))
        agent.until(lambda: len(agent.receipts) == 20, "all have receipts")
    assert {receipt[2] for receipt in agent.receipts.values()} == {"accepted"}
    device.account.server.settled()


class ByteByByte(SocketClient):
    def send(self, data: bytes) -> None:
        for one in data:
            super().send(bytes([one]))


def test_where_a_message_ends_means_nothing(device: Device) -> None:
    stream = ByteByByte(device.account.server)
    with PushAgent(device, stream).enter() as agent:
        agent.deliver(1, block_of("location", fix(45.8, 14.3)))
        assert agent.receipt(1).outcome == "accepted"


def test_requests_and_policies_are_told_at_once(device: Device) -> None:
    with connected(device).enter() as agent:
        request = device.ask()
        assert agent.next_told(1).requests[0][0] == request["id"]
        device.account.api.put(f"{device.path}/policy", {"kinds": {}}).expect(200)
        assert agent.next_told(2).policy is not None
        agent.connection.cannot(request["id"], "no")
        agent.flush()
        agent.until(lambda: agent.closed_requests, "it is closed")


def test_who_is_revoked_is_out(device: Device) -> None:
    with connected(device).enter() as agent:
        device.account.api.delete(device.path).expect(204)
        assert agent.close_code() == "not_authenticated"
    with connected(device) as agent:
        assert agent.close_code() == "not_authenticated"


def test_bad_bytes_and_texts(device: Device) -> None:
    server = device.account.server
    with connected(device).enter() as agent:
        agent.stream.send(b"\x63\x00")
        assert agent.close_code() == "protocol_broken"
    with connected(device).enter() as agent:
        assert isinstance(agent.stream, SocketClient)
        agent.stream.socket.sendall(frame(1, b"hello"))
        assert agent.close_code() == "protocol_broken"
    assert "Traceback" not in server.log_tail(200)


def test_a_message_that_is_too_long_ends_it(device: Device) -> None:
    with connected(device).enter() as agent:
        assert isinstance(agent.stream, SocketClient)
        agent.stream.socket.sendall(b"\x82\xff" + (2**30).to_bytes(8, "big") + b"1234")
        while agent.stream.receive(PATIENCE_S):
            pass
    assert "Traceback" not in device.account.server.log_tail(200)


def test_who_vanishes_is_counted(own_server: Server) -> None:
    device = Account(own_server).enrolled()
    with connected(device).enter():
        pass
    until(
        lambda: own_server.counted("push_connections_closed", "lost") == 1,
        "it is counted",
        also=own_server.log_tail,
    )
    assert "Traceback" not in own_server.log_tail(200)


def test_other_ways_to_ask_are_told_what_is_wrong(server: Server) -> None:
    plain = server.http().get("/agent/v1/push")
    assert plain.status == 426
    assert plain.headers["upgrade"] == "websocket"
    assert "fieldpost.v1" in plain.json["detail"]
    assert server.http().post("/agent/v1/push", {}).status == 426
    assert SocketClient(server, subprotocol="").status == 400
    assert SocketClient(server, subprotocol="chat").status == 400
    assert SocketClient(server, path="/api/v1/live").status == 404
    assert "Traceback" not in server.log_tail(200)
