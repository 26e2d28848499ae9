"""Agents that stay connected are told what changes, when it changes."""

from datetime import datetime
from itertools import count

import pytest

from tests.push.agent import PushAgent, block_of
from tests.support.client import Account, Device, fix
from tests.support.server import Server
from tests.support.waiting import until


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def _ms(time: str) -> int:
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def current(agent: PushAgent) -> int:
    return agent.told[-1].policy_version


def test_a_new_agent_is_told_its_policy_before_anything_else(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        (told,) = agent.told
    policy = device.check_in()["policy"]
    assert told.policy_version == policy["version"]
    assert dict(told.policy or []) == {
        kind: one["interval_s"] for kind, one in policy["kinds"].items()
    }


def test_who_has_the_policy_is_told_nothing(device: Device) -> None:
    version = device.check_in()["policy_version"]
    with PushAgent(device, policy_version=version).enter() as agent:
        assert agent.told == []
        told = agent.check_in(version)
        assert (told.policy_version, told.policy, told.requests) == (version, None, [])


def test_a_check_in_with_an_old_version_is_told_the_policy(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        assert agent.check_in(None).policy is not None


def test_a_change_of_the_policy_is_told_at_once(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        known = current(agent)
        body = {"kinds": {"location": {"interval_s": 7}, "call": {"enabled": False}}}
        device.account.api.put(f"{device.path}/policy", body).expect(200)
        told = agent.next_told(1)
    assert told.policy_version == known + 1
    assert dict(told.policy or [])["location"] == 7
    assert "call" not in dict(told.policy or [])


def test_a_consent_that_is_revoked_is_told_at_once(device: Device) -> None:
    path = f"/api/v1/people/{device.person_id}/consents"
    (consent,) = device.account.all(path)
    device.account.api.post(path, {"kinds": ["device_state"]}).expect(201)
    with PushAgent(device).enter() as agent:
        device.account.api.delete(f"{path}/{consent['id']}").expect(204)
        told = agent.next_told(1)
    assert [kind for kind, _ in told.policy or []] == ["device_state"]


def test_a_storm_of_changes_ends_with_the_last_word(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        first = current(agent)
        for interval_s in range(10, 40):
            body = {"kinds": {"location": {"interval_s": interval_s}}}
            device.account.api.put(f"{device.path}/policy", body).expect(200)
        agent.until(lambda: current(agent) == first + 30, "the last policy is told")
        assert dict(agent.told[-1].policy or [])["location"] == 39


def test_a_request_is_told_at_once_and_answered(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        request = device.ask()
        told = agent.next_told(1)
        assert told.policy is None
        ((id_, kind, from_ms, to_ms, limit),) = told.requests
        assert (id_, kind, limit) == (request["id"], "location", request["limit"])
        assert [from_ms, to_ms] == [_ms(request["from"]), _ms(request["to"])]
        agent.deliver(1, block_of("location", fix(45.8, 14.3, ago_s=9)), id_)
        agent.deliver(2, block_of("location", fix(45.8, 14.4)), id_, last=True)
        assert agent.receipt(1).outcome == agent.receipt(2).outcome == "accepted"
    (seen,) = device.account.all(f"{device.path}/pull-requests")
    assert (seen["state"], seen["accepted"]) == ("answered", 2)


def test_open_requests_are_told_to_who_connects_later(device: Device) -> None:
    requests = [device.ask()["id"] for _ in range(3)]
    with PushAgent(device).enter() as agent:
        assert [one[0] for one in agent.told[0].requests] == requests


def test_an_agent_that_cannot_says_so(device: Device) -> None:
    request = device.ask()
    reason = "the list of calls may not be read. " * 20
    with PushAgent(device).enter() as agent:
        agent.connection.cannot(request["id"], reason)
        agent.connection.cannot("nobody-asked-this", "no")
        agent.flush()
        agent.until(lambda: len(agent.closed_requests) == 2, "both are closed")
        assert agent.closed_requests == [(request["id"], True), ("nobody-asked-this", False)]
    (seen,) = device.account.all(f"{device.path}/pull-requests")
    assert (seen["state"], seen["reason"]) == ("failed", reason[:500])


def test_who_is_revoked_is_out_at_once(device: Device) -> None:
    with PushAgent(device).enter() as agent:
        device.account.api.delete(device.path).expect(204)
        assert agent.close_code() == "not_authenticated"
    with PushAgent(device) as agent:
        assert agent.close_code() == "not_authenticated"


def test_a_credential_that_was_replaced_delivers_nothing_more(device: Device) -> None:
    old = device.credential
    with PushAgent(device).enter() as agent:
        device.enrol()
        agent.deliver(1, block_of("location", fix(45.8, 14.3)))
        assert agent.close_code() == "not_authenticated"
        assert agent.receipts == {}
    with PushAgent(device, credential=old) as agent:
        assert agent.close_code() == "not_authenticated"
    with PushAgent(device).enter() as agent:
        assert agent.admitted is not None
    device.account.server.settled()
    assert device.observations("location") == []


@pytest.mark.parametrize("agent_name", ["osmand", "owntracks"])
def test_tokens_of_other_agents_are_not_taken(device: Device, agent_name: str) -> None:
    with PushAgent(device, credential=device.token(agent_name)) as agent:
        assert agent.close_code() == "not_authenticated"


def test_of_too_many_connections_of_a_device_the_oldest_goes(device: Device) -> None:
    agents = [PushAgent(device).enter() for _ in range(9)]
    assert agents[0].close_code() == "unavailable"
    numbers = count(1)
    for agent in agents[1:]:
        number = next(numbers)
        agent.deliver(number, block_of("location", fix(45.8, 14.3, ago_s=number)))
        assert agent.receipt(number).outcome == "accepted"
        agent.stream.close()
    device.account.server.settled()


def test_open_connections_are_counted(own_server: Server) -> None:
    account = Account(own_server)
    device = account.enrolled()

    def shown() -> str:
        text = account.server.http().get("/metrics").body.decode()
        return next(line for line in text.splitlines() if line.startswith("fieldpost_push_conn"))

    with PushAgent(device).enter() as agent:
        assert shown() == "fieldpost_push_connections 1.0"
        agent.connection.close("done", "good bye")
        agent.flush()
        agent.until(lambda: True, "")
    until(lambda: shown() == "fieldpost_push_connections 0.0", "it is counted no more")
    assert account.server.counted("push_connections_opened") == 1
    assert account.server.counted("push_connections_closed", "by_peer") == 1
