"""Agents that stay connected deliver like all others: kept, once, and only what is consented to."""

import json

import pytest

from tests.push.agent import PushAgent, block_of, json_of
from tests.support.client import Account, Device, Quarantine, fix, now
from tests.support.server import Server


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def test_what_has_a_receipt_is_kept(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        agent.deliver(1, block_of("location", fix(45.8, 14.3, ago_s=9), fix(45.9, 14.3)))
        receipt = agent.receipt(1)
    assert (receipt.outcome, receipt.accepted, receipt.refused) == ("accepted", 2, [])
    device.account.server.settled()
    assert [one["lat"] for one in device.observations("location")] == [45.8, 45.9]


def test_many_batches_are_under_way_at_a_time(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        for number in range(300):
            block = block_of("device_state", {"time": now(ago_s=1000 - number), "battery": 0.5})
            agent.connection.send_block(number, block)
            if number % 50 == 0:
                agent.flush()
        agent.flush()
        agent.until(lambda: len(agent.receipts) == 300, "all have receipts")
    assert {receipt[2] for receipt in agent.receipts.values()} == {"accepted"}
    device.account.server.settled()
    assert len(device.observations("device_state")) == 300


def test_the_same_batch_again_is_a_duplicate(device: Device) -> None:
    block = block_of("location", fix(45.8, 14.3))
    for outcome in ("accepted", "duplicate"):
        with PushAgent(device).enter() as agent:
            agent.deliver(7, block)
            assert agent.receipt(7).outcome == outcome
    assert device.send("location", fix(1, 2), sequence=7)["outcome"] == "duplicate"


def test_who_resumes_is_told_what_is_kept(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        agent.deliver(3, block_of("location", fix(45.8, 14.3)))
        agent.receipt(3)
    pending = [("location", 2), ("location", 3), ("call", 3)]
    with PushAgent(device, pending=pending).enter() as agent:
        assert agent.admitted is not None
        assert agent.admitted.kept == [False, True, False]


def test_json_is_judged_like_an_upload(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        agent.say(1, "location", json_of(fix(45.8, 14.3), fix(91, 0)))
        receipt = agent.receipt(1)
    by_http = device.send("location", fix(45.8, 14.3), fix(91, 0), sequence=2)
    expected = [(one["index"], one["field"], one["reason"]) for one in by_http["refused"]]
    assert (receipt.outcome, receipt.accepted) == ("accepted", 1)
    assert [tuple(one) for one in receipt.refused] == expected
    assert expected[0][:2] == (1, "lat")
    items = Quarantine(device).items()
    assert [item["source"] for item in items] == ["fieldpost", "fieldpost"]


def test_what_nobody_knows_goes_to_quarantine(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        agent.say(1, "weather", json_of({"time": now(), "rain": True}))
        agent.deliver(2, b"this is not a block")
        assert agent.receipt(1).reason == "unknown_kind"
        assert agent.receipt(2).reason == "bad_block"
    assert {item["reason"] for item in Quarantine(device).items()} == {"unknown_kind", "bad_block"}


def test_without_consent_nothing_is_kept(account: Account) -> None:
    device = account.enrolled(kinds=["call"])
    with PushAgent(device).enter() as agent:
        agent.deliver(1, block_of("location", fix(45.8, 14.3)))
        receipt = agent.receipt(1)
    assert (receipt.outcome, receipt.reason, receipt.accepted) == ("refused", "no_consent", 0)
    assert Quarantine(device).items() == []


def test_a_revoked_consent_counts_for_the_next_batch(device: Device) -> None:
    path = f"/api/v1/people/{device.person_id}/consents"
    (consent,) = device.account.all(path)
    with PushAgent(device).enter() as agent:
        agent.deliver(1, block_of("location", fix(45.8, 14.3)))
        assert agent.receipt(1).outcome == "accepted"
        device.account.api.delete(f"{path}/{consent['id']}").expect(204)
        agent.deliver(2, block_of("location", fix(45.8, 14.4)))
        assert agent.receipt(2).reason == "no_consent"


def test_two_accounts_do_not_meet(device: Device, other: Account) -> None:
    theirs = other.enrolled()
    request = theirs.ask()
    with PushAgent(device).enter() as ours, PushAgent(theirs).enter() as other_agent:
        ours.deliver(1, block_of("location", fix(45.8, 14.3)))
        other_agent.deliver(1, block_of("location", fix(1.5, 2.5)))
        assert ours.receipt(1).outcome == other_agent.receipt(1).outcome == "accepted"
        ours.deliver(2, block_of("location", fix(45.8, 14.3)), request["id"], last=True)
        assert ours.receipt(2).reason == "unknown_request"
        ours.connection.cannot(request["id"], "not mine")
        ours.flush()
        ours.until(lambda: ours.closed_requests, "the request is said to be unknown")
        assert ours.closed_requests == [(request["id"], False)]
        assert [told.requests for told in ours.told] == [[]]
    device.account.server.settled()
    assert [one["lat"] for one in device.observations("location")] == [45.8]
    assert [one["lat"] for one in theirs.observations("location")] == [1.5]
    (seen,) = other.all(f"{theirs.path}/pull-requests")
    assert seen["state"] == "fetched"


def test_a_window_that_is_overrun_breaks_the_protocol(device: Device, server: Server) -> None:
    before = server.counted("push_connections_closed", "protocol_broken")
    with PushAgent(device).enter() as agent:
        # The same name twice while the first has no receipt: the native agent would not do it.
        block = block_of("location", fix(45.8, 14.3))
        frame = bytes([5]) + bytes([len(block) + 2]) + b"\x02\x00" + block
        again = bytes([5]) + bytes([len(block) + 2]) + b"\x00\x00" + block
        agent.stream.send(frame + again)
        assert agent.close_code() == "protocol_broken"
    assert server.counted("push_connections_closed", "protocol_broken") == before + 1


def test_receipts_are_as_over_http(device: Device) -> None:
    """Each batch once by either way, from devices that are alike."""
    twin = device.account.enrolled(device.person_id)
    bodies = [
        [fix(45.8, 14.3)],
        [],
        [{"time": now()}],
        [{"time": "1999-01-01T00:00:00Z", "lat": 1, "lon": 2}],
        [fix(1, 2), {"time": "soon", "lat": 1, "lon": 2}],
    ]
    with PushAgent(device).enter() as agent:
        for number, body in enumerate(bodies):
            agent.say(number, "location", json.dumps(body).encode())
            pushed = agent.receipt(number)
            sent = twin.send("location", *body, sequence=number)
            assert pushed.outcome == sent["outcome"]
            assert pushed.accepted == sent["accepted"]
            assert pushed.reason == (sent["reason"] or "")
            refused = [(one["index"], one["field"], one["reason"]) for one in sent["refused"]]
            assert [tuple(one) for one in pushed.refused] == refused
