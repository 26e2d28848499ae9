"""Agents that people already have are never told of an error that would block their queue:
what cannot be understood is answered as a success and kept in quarantine.
"""

import base64
import gzip
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.http.bodies import DEEP, LIMIT
from tests.support.client import Account, Device, Quarantine, now
from tests.support.http_calls import Http, Reply
from tests.support.server import Server

Call = Callable[[Device, bytes], Reply]


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


@pytest.fixture
def device(account: Account) -> Device:
    return account.device()


def _owntracks(device: Device, body: bytes) -> Reply:
    secret = base64.b64encode(f"{device.id}:{device.token('owntracks')}".encode()).decode()
    return _http(device, authorization=f"Basic {secret}").post("/agent/owntracks", body)


def _osmand(device: Device, body: bytes) -> Reply:
    return _http(device).post(f"/agent/osmand/{device.token('osmand')}", body)


def _overland(device: Device, body: bytes) -> Reply:
    return _http(device).post(f"/agent/overland/{device.token('overland')}", body)


def _activitywatch(device: Device, body: bytes) -> Reply:
    token = device.token("activitywatch")
    path = f"/agent/activitywatch/{token}/api/0/buckets/aw-watcher-window_laptop/events"
    return _http(device).post(path, body)


def _http(device: Device, **headers: str) -> Http:
    return device.account.server.http(**headers)


CALLS: dict[str, Call] = {
    "owntracks": _owntracks,
    "osmand": _osmand,
    "overland": _overland,
    "activitywatch": _activitywatch,
}
ANSWERS: dict[str, Any] = {
    "owntracks": [],
    "osmand": {},
    "overland": {"result": "ok"},
    "activitywatch": None,
}

NONSENSE: dict[str, bytes] = {
    "words": b"{hello",
    "a number": b"[1]",
    "cut off": b'{"_type": "location", "lat": 1',
    "nested deeply": b'{"locations": ' + DEEP + b"}",
    "nested as far as possible": b'{"_type":"card","tst":1700000000,"x":%s}'
    % (b"[" * 990 + b"]" * 990),
    "invalid UTF-8": b'{"_type": "\xff\xfe"}',
    "a lone surrogate": b'{"_type": "\\ud800"}',
    "NaN": b'{"_type": "location", "lat": NaN, "lon": 1, "tst": 1}',
    "a huge number": b'{"_type": "location", "lat": 1%s, "lon": 1, "tst": 1}' % (b"0" * 5_000),
    "a huge number in a document": b'{"_type":"card","tst":1700000000,"location":1,"x":%s}'
    % (b"9" * 400),
    "a latitude of 91": json.dumps(
        {
            "_type": "location",
            "lat": 91,
            "lon": 1,
            "tst": 1_700_000_000,
            "locations": [
                {
                    "geometry": {"coordinates": [1, 91]},
                    "properties": {"timestamp": "2024-01-01T00:00:00Z"},
                }
            ],
            "location": {"coords": {"latitude": 91, "longitude": 1}},
        }
    ).encode(),
    "wrong types": json.dumps(
        {"_type": ["location"], "locations": {"a": 1}, "location": "here", "timestamp": []}
    ).encode(),
    "a huge text": b'{"_type": "' + b"x" * 1_000_000 + b'", "locations": 1, "location": 1}',
    "bytes": random.Random(1).randbytes(5_000),
}


@pytest.mark.parametrize("case", NONSENSE)
@pytest.mark.parametrize("agent", CALLS)
def test_nonsense_is_answered_well_and_kept(device: Device, agent: str, case: str) -> None:
    reply = CALLS[agent](device, NONSENSE[case])
    assert reply.expect(200) == ANSWERS[agent]
    assert reply.media_type == "application/json"
    items = Quarantine(device).items()
    device.account.server.settled()
    kept = [row for kind in ("location", "document") for row in device.observations(kind)]
    assert items or kept, "an acknowledged payload has left no trace"
    for item in items:
        assert item["source"] == agent
        assert item["reason"]


@pytest.mark.parametrize("agent", ["owntracks", "osmand"])
def test_an_empty_body_means_nothing(device: Device, agent: str) -> None:
    assert CALLS[agent](device, b"").expect(200) == ANSWERS[agent]
    assert Quarantine(device).items() == []


@pytest.mark.parametrize("agent", CALLS)
def test_a_body_that_is_too_large_is_refused_as_such(device: Device, agent: str) -> None:
    """Nothing of it was read: this is the one thing that no agent should send again."""
    body = gzip.compress(b" " * (LIMIT + 1))
    path = f"/agent/{agent}" + ("" if agent == "owntracks" else "/token")
    _http(device, content_encoding="gzip").post(path, body).expect_problem(413)


@pytest.mark.parametrize("agent", CALLS)
def test_only_a_bad_credential_is_unauthorised(device: Device, agent: str) -> None:
    other = next(name for name in CALLS if name != agent)
    token = device.token(other)
    secret = base64.b64encode(f"{device.id}:{token}".encode()).decode()
    path = "" if agent == "owntracks" else f"/{token}"
    rest = "/api/0/info" if agent == "activitywatch" else ""
    method = "GET" if agent == "activitywatch" else "POST"
    client = _http(device, authorization=f"Basic {secret}")
    client.call(method, f"/agent/{agent}{path}{rest}", b"{}").expect_problem(401)


@pytest.mark.parametrize("agent", ["owntracks", "overland"])
def test_what_has_no_consent_is_not_even_in_quarantine(server: Server, agent: str) -> None:
    device = Account(server).device(kinds=["call"])
    location = {"lat": 1, "lon": 2, "tst": 1_700_000_000, "_type": "location"}
    feature = {
        "geometry": {"coordinates": [1, 2]},
        "properties": {"timestamp": now(), "battery_level": 0.5},
    }
    body = {**location, "batt": 50, "locations": [feature]}
    reply = CALLS[agent](device, json.dumps(body).encode())
    assert reply.expect(200) == ANSWERS[agent]
    server.settled()
    assert Quarantine(device).items() == []
    assert device.observations("location") == [] == device.observations("device_state")


def test_osmand_queries_that_cannot_be_read(device: Device) -> None:
    path = f"/agent/osmand/{device.token('osmand')}"
    client = _http(device)
    queries = [
        "lat=91&lon=1",
        "lat=x&lon=1",
        "lat=1",
        "lat=1&lon=1&timestamp=yesterday",
        "lat=1&lon=1&timestamp=1",
        "lat=nan&lon=inf",
        "%FF=%FF&lat=1&lon=200",
        "&".join(f"a{n}=1" for n in range(300)),
    ]
    for query in queries:
        client.get(f"{path}?{query}").expect(200)
    assert len(Quarantine(device).items()) == len(queries)
