"""The push connection from Python: both roles, their events, and what they refuse."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fieldpost_native as native
import pytest

BLOCK = bytes([1, 1]) + b"rest of a location block"
RECEIPT: tuple[int, int, str, int, str, int, list[tuple[int, str, str]]] = (
    1,
    5,
    "accepted",
    1,
    "",
    0,
    [],
)


def new_server(**limits: int) -> native.ServerConnection:
    return native.ServerConnection(server_time_ms=1_767_323_045_000, now_ms=0, **limits)


def new_agent(**options: Any) -> native.AgentConnection:
    told: dict[str, Any] = {
        "credential": "fpd_01",
        "agent": ("test", "1", "linux"),
        "peer_proven": True,
    }
    return native.AgentConnection(now_ms=0, **(told | options))


def to_server(agent: native.AgentConnection, server: native.ServerConnection) -> list[Any]:
    return server.receive(agent.take_output(0), 0)


def to_agent(server: native.ServerConnection, agent: native.AgentConnection) -> list[Any]:
    return agent.receive(server.take_output(), 0)


def opened(**limits: int) -> tuple[native.AgentConnection, native.ServerConnection]:
    agent, server = new_agent(), new_server(**limits)
    to_server(agent, server)
    to_agent(server, agent)
    to_server(agent, server)
    server.admit([], 0)
    to_agent(server, agent)
    return agent, server


def test_an_agent_is_let_in() -> None:
    agent = new_agent(policy_version=6, pending=[("location", 7), ("", 8)])
    server = new_server()
    assert (agent.state, server.state) == ("greeting", "awaiting_hello")
    assert to_server(agent, server) == []
    assert to_agent(server, agent) == []
    assert (agent.state, server.state) == ("authenticating", "awaiting_credential")
    [offered] = to_server(agent, server)
    assert isinstance(offered, native.CredentialOffered)
    assert (offered.credential, offered.policy_version) == ("fpd_01", 6)
    assert offered.pending == [("location", 7), ("", 8)]
    assert offered.agent == ("test", "1", "linux")
    assert server.state == "deciding"
    server.tell(7, [("location", 60)], [("r1", "call", -5, 10, 100)])
    server.admit([True, False], 0)
    told, admitted = to_agent(server, agent)
    assert isinstance(told, native.Told)
    assert (told.policy_version, told.policy) == (7, [("location", 60)])
    assert told.requests == [("r1", "call", -5, 10, 100)]
    assert isinstance(admitted, native.Admitted)
    assert admitted.kept == [True, False]
    terms = (admitted.max_frame, admitted.window_batches, admitted.window_bytes, admitted.idle_s)
    assert terms == (1_048_576, 1_024, 4_194_304, 300)
    assert admitted.server_time_ms == 1_767_323_045_000
    assert (agent.state, server.state) == ("open", "open")


def test_an_agent_without_a_policy_or_pending_batches_is_let_in() -> None:
    agent, server = new_agent(), new_server()
    to_server(agent, server)
    to_agent(server, agent)
    [offered] = to_server(agent, server)
    assert (offered.policy_version, offered.pending) == (None, [])
    server.tell(3, None, [])
    [told] = to_agent(server, agent)
    assert (told.policy, told.requests) == (None, [])


def test_batches_arrive_in_their_order_and_are_acknowledged_in_any() -> None:
    agent, server = opened()
    agent.send_block(5, BLOCK)
    agent.send_observations(6, "call", b"[{}]", "r1", True)
    agent.send_observations(7, "heartbeat", b"[{}]", "r1")
    [arrived] = to_server(agent, server)
    assert isinstance(arrived, native.BatchesArrived)
    assert arrived.batches == [
        (1, 5, "", BLOCK, "", False),
        (7, 6, "call", b"[{}]", "r1", True),
        (0, 7, "heartbeat", b"[{}]", "r1", False),
    ]
    assert arrived.batches is arrived.batches
    assert (server.unacknowledged, agent.unacknowledged) == (3, 3)
    assert server.unacknowledged_bytes == len(BLOCK) + 8
    receipts = [
        (7, 6, "refused", 0, "unknown_request", 0, [(0, "time", "missing")]),
        (0, 7, "later", 0, "busy", 30, []),
        RECEIPT,
    ]
    server.acknowledge(receipts)
    [event] = to_agent(server, agent)
    assert isinstance(event, native.ReceiptsArrived)
    assert event.receipts == receipts
    assert (server.unacknowledged, agent.unacknowledged) == (0, 0)


def test_requests_check_ins_and_pings() -> None:
    agent, server = opened()
    agent.check_in(4)
    agent.cannot("r1", "no such data")
    agent.ping()
    asked, failed = to_server(agent, server)
    assert isinstance(asked, native.CheckInAsked)
    assert asked.policy_version == 4
    assert isinstance(failed, native.RequestFailed)
    assert (failed.request_id, failed.reason) == ("r1", "no such data")
    server.close_request("r1", True)
    [closed] = to_agent(server, agent)
    assert isinstance(closed, native.RequestClosed)
    assert (closed.request_id, closed.known) == ("r1", True)


def test_a_server_that_leaves_says_all_receipts_first() -> None:
    agent, server = opened()
    agent.send_block(5, BLOCK)
    to_server(agent, server)
    server.go_away(20, "renewed")
    assert server.state == "leaving"
    [leaving] = to_agent(server, agent)
    assert isinstance(leaving, native.ServerLeaving)
    assert (leaving.retry_after_s, leaving.reason) == (20, "renewed")
    assert not agent.may_send(1)
    server.acknowledge([RECEIPT])
    assert (server.state, server.deadline_ms) == ("closed", None)
    receipts, closed = to_agent(server, agent)
    assert isinstance(receipts, native.ReceiptsArrived)
    assert isinstance(closed, native.PeerClosed)
    assert (closed.code, closed.retry_after_s) == ("done", 20)
    assert agent.state == "closed"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_any_sort_are_received(kind: Any) -> None:
    agent, server = new_agent(), new_server()
    server.receive(kind(agent.take_output(0)), 0)
    assert server.state == "awaiting_credential"
    with pytest.raises((TypeError, BufferError)):
        server.receive("text", 0)  # type: ignore[arg-type]


def test_a_peer_that_breaks_the_protocol_is_an_event_and_is_told() -> None:
    agent, server = opened()
    [error] = server.receive(b"\x02\x00", 0)
    assert isinstance(error, native.RemoteError)
    assert (error.code, error.reason) == ("protocol_broken", "WELCOME came where it may not")
    assert server.state == "closed"
    assert server.receive(b"\x0c\x00", 0) == []
    [closed] = to_agent(server, agent)
    assert (closed.code, closed.reason) == (error.code, error.reason)


def test_a_silent_peer_is_an_event_at_the_deadline() -> None:
    server = new_server(handshake_s=3)
    assert server.deadline_ms == 3_000
    assert server.on_time(2_999) == []
    [error] = server.on_time(3_000)
    assert error.code == "too_slow"


def test_wrong_use_is_an_error_and_changes_nothing() -> None:
    agent, server = opened(window_batches=1)
    agent.send_block(5, BLOCK)
    to_server(agent, server)
    wrong: list[Callable[[], object]] = [
        lambda: server.admit([], 0),
        lambda: server.acknowledge([RECEIPT, RECEIPT]),
        lambda: server.acknowledge([(1, 5, "lost", 0, "", 0, [])]),
        lambda: server.tell(1, [("smoke", 1)], []),
        lambda: server.close("tired", 0, ""),
        lambda: server.close_request("x" * 65, True),
        lambda: agent.send_block(6, BLOCK),
        lambda: agent.close("done", "x" * 501),
        lambda: new_agent(peer_proven=False),
        lambda: new_agent(credential="x" * 513),
        lambda: new_server(max_frame=2**23),
    ]
    for call in wrong:
        with pytest.raises(native.LocalError):
            call()
    assert issubclass(native.LocalError, RuntimeError)
    assert (server.state, server.unacknowledged, server.output_size) == ("open", 1, 0)
    assert (agent.state, agent.unacknowledged, agent.output_size) == ("open", 1, 0)


def test_once_closed_nothing_more_is_said() -> None:
    agent, server = opened()
    agent.send_block(5, BLOCK)
    to_server(agent, server)
    agent.close("done", "")
    [closed] = to_server(agent, server)
    assert closed.code == "done"
    server.acknowledge([RECEIPT])
    server.tell(1, None, [])
    server.close("internal", 0, "")
    assert (server.take_output(), server.unacknowledged) == (b"", 0)


def example() -> list[tuple[str, bytes]]:
    """The frames of the example in PROTOCOL.md, each with the arrow of who says it."""
    document = Path(__file__).parents[2] / "native" / "PROTOCOL.md"
    frames: list[tuple[str, bytes]] = []
    for line in document.read_text().split("## Example")[1].splitlines():
        if not line.startswith("|") or "`" not in line:
            continue
        _, arrow, said, *_ = line.split("|")
        if arrow.strip():
            frames.append((arrow.strip(), b""))
        frames[-1] = (frames[-1][0], frames[-1][1] + bytes.fromhex(said.replace("`", "")))
    return frames


def test_the_example_in_the_document_is_what_both_roles_say() -> None:
    frames = iter(example())
    pending = [("location", 7), ("document", 9)]
    agent = new_agent(
        credential="key", agent=("test", "1", "lab"), policy_version=6, pending=pending
    )
    server = new_server()

    def agent_says() -> list[Any]:
        said = agent.take_output(0)
        assert next(frames) == ("→", said)
        return server.receive(said, 0)

    def server_says(count: int = 1) -> list[Any]:
        said = server.take_output()
        assert [*itertools.islice(frames, count)][-1][0] == "←"
        told.append(said)
        return agent.receive(said, 0)

    told: list[bytes] = []
    agent_says()
    server_says()
    agent_says()
    server.tell(7, [("location", 60)], [("r1", "call", -10, 10, 100)])
    server.admit([True, False], 0)
    server_says(2)
    block = example()[5][1][4:]
    [row] = native.decode_rows_json(block, 0, 2**52)
    assert json.loads(row)["status"] == "away"
    agent.send_block(8, block)
    agent_says()
    server.acknowledge([(5, 8, "accepted", 1, "", 0, [])])
    server_says()
    agent.send_observations(9, "call", b"[{}]", "r1", True)
    agent_says()
    server.acknowledge([(7, 9, "refused", 0, "malformed", 0, [(0, "time", "missing")])])
    server_says()
    agent.check_in(7)
    agent_says()
    agent.cannot("r2", "gone")
    agent_says()
    server.close_request("r2", False)
    server_says()
    agent.ping()
    agent_says()
    server_says()
    server.go_away(30, "bye!")
    server_says(2)
    assert b"".join(told) == b"".join(said for arrow, said in example() if arrow == "←")
    assert next(frames, None) is None
    assert (agent.state, server.state) == ("closed", "closed")
