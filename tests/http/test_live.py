"""What happens now reaches those who look on, each account its own."""

from collections.abc import Callable, Iterator

import pytest

from domain.account import Role
from tests.support.client import Account, fix, now
from tests.support.events import Events
from tests.support.http_calls import Http
from tests.support.server import Server

Listen = Callable[[Http], Events]


@pytest.fixture
def listen() -> Iterator[Listen]:
    opened: list[Events] = []

    def open_one(api: Http) -> Events:
        opened.append(Events(api))
        return opened[-1]

    yield open_one
    for events in opened:
        events.close()


def test_observations_and_alerts_are_told_as_they_come(account: Account, listen: Listen) -> None:
    device = account.enrolled()
    account.rule({"leaves": account.place(45.8, 14.3)})
    events = listen(account.api)
    device.deliver("location", fix(45.8, 14.3, ago_s=20), fix(45.9, 14.3, ago_s=10))
    told = events.next_of("observations")
    assert (told["device_id"], told["kind"], told["count"]) == (device.id, "location", 2)
    assert told["latest"]["lat"] == 45.9
    alert = events.next_of("alert")
    assert alert == account.alerts()[0]
    account.api.post(f"/api/v1/alerts/{alert['id']}/acknowledge").expect(200)
    assert events.next_of("alert")["state"] == "acknowledged"


def test_what_documents_become_is_told_with_them(account: Account, listen: Listen) -> None:
    rule = {"kind": "location", "fields": {"lat": "lat", "lon": "lon"}}
    body = {"name": "Car", "source": "car", "definition": {"rules": [rule]}}
    account.api.post("/api/v1/mappings", body).expect(201)
    device = account.enrolled()
    events = listen(account.api)
    document = {"time": now(), "source": "car", "body": {"lat": 45.9, "lon": 14.3}}
    device.deliver("document", document)
    told = [events.next_of("observations") for _ in range(2)]
    assert [one["kind"] for one in told] == ["document", "location"]
    assert told[1]["latest"]["lat"] == 45.9


def test_each_account_hears_its_own(account: Account, other: Account, listen: Listen) -> None:
    ours, theirs = account.enrolled(), other.enrolled()
    our_events, their_events = listen(account.api), listen(other.api)
    ours.deliver("location", fix(1, 2))
    account.server.settled()
    theirs.deliver("location", fix(3, 4))
    assert their_events.next_of("observations")["device_id"] == theirs.id
    assert our_events.next_of("observations")["device_id"] == ours.id
    ours.deliver("location", fix(1, 2))
    assert our_events.next_of("observations")["device_id"] == ours.id


def test_everybody_of_an_account_hears_the_same(account: Account, listen: Listen) -> None:
    streams = [listen(account.api), listen(account.user(Role.VIEWER)), listen(account.api)]
    device = account.enrolled()
    device.deliver("location", fix(1, 2))
    told = [events.next_of("observations") for events in streams]
    assert told[0] == told[1] == told[2]


def test_nothing_is_lost_after_the_hello(account: Account, listen: Listen) -> None:
    device = account.enrolled()
    for number in range(20):
        events = listen(account.api)
        device.deliver("device_state", {"time": now(), "battery": number / 20})
        told = events.next_of("observations")
        assert told["latest"]["battery"] == number / 20
        events.close()


def test_a_duplicate_is_not_told_again(account: Account, listen: Listen) -> None:
    device = account.enrolled()
    observation = fix(1, 2, ago_s=5)
    device.deliver("location", observation, sequence=1)
    account.server.settled()
    events = listen(account.api)
    assert device.send("location", observation, sequence=1)["outcome"] == "duplicate"
    device.deliver("location", fix(3, 4), sequence=2)
    assert events.next_of("observations")["latest"]["lat"] == 3


def test_the_stream_is_not_kept_by_anybody_on_the_way(account: Account, listen: Listen) -> None:
    headers = listen(account.api).response.headers
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-store"


def test_nobody_listens_without_signing_in(server: Server) -> None:
    server.http().get("/api/v1/live").expect_problem(401)
    server.http(authorization="Bearer nobody").get("/api/v1/live").expect_problem(401)
