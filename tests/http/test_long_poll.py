"""A check-in that waits is answered the moment there is something for it."""

import signal
import threading
import time
from typing import Any

import pytest

from tests.support.client import Account, Device
from tests.support.events import Events
from tests.support.http_calls import Reply
from tests.support.server import Server

_AT_ONCE_S = 3.0
_STOP_S = 10.0


class Poll:
    """A check-in that waits, made in a thread of its own."""

    def __init__(self, device: Device, wait_s: float = 25.0) -> None:
        version = device.check_in()["policy_version"]
        self._body = {"wait_s": wait_s, "policy_version": version}
        self._agent = device.agent.again()
        self._reply: Reply | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def told(self, within_s: float = _AT_ONCE_S) -> Any:
        """What it is answered; fails when it is not within the time."""
        self._thread.join(within_s)
        waits = self._thread.is_alive()
        self._thread.join()
        assert not waits, f"the check-in was not answered within {within_s} s"
        if self._error is not None:
            raise self._error
        assert self._reply is not None
        return self._reply.expect(200)

    def _run(self) -> None:
        try:
            self._reply = self._agent.post("/agent/v1/check-in", self._body)
        except BaseException as error:
            self._error = error


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def test_a_request_for_data_wakes_it(device: Device) -> None:
    poll = Poll(device)
    request = device.ask()
    told = poll.told()
    assert [one["id"] for one in told["pull_requests"]] == [request["id"]]
    assert told["policy"] is None
    assert told["next_check_in_s"] > 0


def test_a_change_of_the_policy_wakes_it(device: Device) -> None:
    poll = Poll(device)
    body = {"kinds": {"location": {"interval_s": 7}, "call": {"enabled": False}}}
    device.account.api.put(f"{device.path}/policy", body).expect(200)
    told = poll.told()
    assert told["policy"]["kinds"]["location"]["interval_s"] == 7
    assert "call" not in told["policy"]["kinds"]
    assert told["policy_version"] == told["policy"]["version"]


def test_a_consent_that_is_revoked_wakes_it_with_a_policy_that_obeys(device: Device) -> None:
    path = f"/api/v1/people/{device.person_id}/consents"
    (all_kinds,) = device.account.all(path)
    device.account.api.post(path, {"kinds": ["device_state"]}).expect(201)
    poll = Poll(device)
    device.account.api.delete(f"{path}/{all_kinds['id']}").expect(204)
    told = poll.told()
    assert list(told["policy"]["kinds"]) == ["device_state"]


def test_a_new_consent_wakes_it_with_a_policy_that_has_the_kind(account: Account) -> None:
    device = account.enrolled(kinds=["device_state"])
    poll = Poll(device)
    path = f"/api/v1/people/{device.person_id}/consents"
    account.api.post(path, {"kinds": ["location"]}).expect(201)
    assert set(poll.told()["policy"]["kinds"]) == {"device_state", "location"}


def test_a_device_that_is_handed_on_follows_the_consents_of_who_carries_it_now(
    account: Account,
) -> None:
    device = account.enrolled(kinds=["location"])
    poll = Poll(device)
    another = account.person(kinds=["call"])
    account.api.patch(device.path, {"person_id": another}).expect(200)
    assert list(poll.told()["policy"]["kinds"]) == ["call"]


def test_what_came_before_it_is_told_at_once(device: Device) -> None:
    request = device.ask()
    told = Poll(device).told()
    assert [one["id"] for one in told["pull_requests"]] == [request["id"]]


def test_it_waits_as_long_as_it_said_when_there_is_nothing(device: Device) -> None:
    started = time.monotonic()
    told = Poll(device, wait_s=1.0).told(within_s=5)
    assert time.monotonic() - started >= 1.0
    assert told["pull_requests"] == [] and told["policy"] is None


def test_what_is_for_another_device_does_not_wake_it(device: Device) -> None:
    another = device.account.enrolled()
    poll = Poll(device, wait_s=1.0)
    another.ask()
    assert poll.told(within_s=5)["pull_requests"] == []


def test_a_request_is_handed_out_until_it_is_answered(device: Device) -> None:
    request = device.ask()
    for _ in range(2):
        assert [one["id"] for one in device.check_in()["pull_requests"]] == [request["id"]]
    path = f"/agent/v1/pull-requests/{request['id']}/batches"
    device.agent.post(path, {"batches": [], "complete": True}).expect(200)
    assert device.check_in()["pull_requests"] == []
    (seen,) = device.account.all(f"{device.path}/pull-requests")
    assert seen["state"] == "answered"


def test_sigterm_answers_those_who_wait_and_ends_with_0(own_server: Server) -> None:
    account = Account(own_server)
    person = account.person()
    polls = [Poll(account.enrolled(person), wait_s=300) for _ in range(5)]
    streams = [Events(account.api) for _ in range(3)]
    started = time.monotonic()
    code = own_server.stop()
    took_s = time.monotonic() - started
    assert code == 0, own_server.log_tail()
    assert took_s < _STOP_S, f"it took {took_s:.1f} s to stop\n{own_server.log_tail()}"
    for poll in polls:
        assert poll.told()["pull_requests"] == []
    for events in streams:
        assert events.next() is None


def test_agents_that_call_again_at_once_do_not_hold_up_the_end(own_server: Server) -> None:
    account = Account(own_server)
    person = account.person()
    devices = [account.enrolled(person) for _ in range(4)]

    def call_again_and_again(device: Device) -> None:
        version = device.check_in()["policy_version"]
        body = {"wait_s": 300, "policy_version": version}
        try:
            while device.agent.post("/agent/v1/check-in", body).status == 200:
                pass
        except OSError:
            pass  # the server has gone

    threads = [threading.Thread(target=call_again_and_again, args=(one,)) for one in devices]
    for thread in threads:
        thread.start()
    account.api.get("/api/v1/people").expect(200)
    started = time.monotonic()
    own_server.signal(signal.SIGTERM)
    code = own_server.ended()
    took_s = time.monotonic() - started
    for thread in threads:
        thread.join()
    assert code == 0, own_server.log_tail()
    assert took_s < _STOP_S, f"it took {took_s:.1f} s to stop\n{own_server.log_tail()}"
