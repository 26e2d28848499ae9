"""What a Fieldpost agent may send wrongly: each is refused with a reason, and counted."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.http.bodies import BATCHES, LIMIT, NOT_JSON, PACKED_BADLY, announce, in_chunks
from tests.support.client import Account, Device, Quarantine, fix, now, upload
from tests.support.http_calls import Reply
from tests.support.server import Server

CALLS = ("/agent/v1/batches", "/agent/v1/enrol", "/agent/v1/pull-requests/x/failure")


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def post(device: Device, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
    return device.agent.call("POST", "/agent/v1/batches", body, headers)


def one_batch(**changes: Any) -> dict[str, Any]:
    batch: dict[str, Any] = {"kind": "location", "sequence": 1, "observations": [fix(1, 2)]}
    return {"batches": [{**batch, **changes}]}


@pytest.mark.parametrize("case", PACKED_BADLY)
def test_badly_packed_bodies(device: Device, case: str) -> None:
    body, headers, status = PACKED_BADLY[case]
    counted = device.account.server.counted("agent_errors", str(status))
    post(device, body, headers).expect_problem(status)
    assert device.account.server.counted("agent_errors", str(status)) == counted + 1


def test_a_body_that_says_it_is_too_large_is_not_waited_for(device: Device, server: Server) -> None:
    reply = announce(server.port, "/agent/v1/batches", LIMIT + 1, device.agent.headers)
    reply.expect_problem(413)


def test_a_body_that_does_not_say_it_is_too_large(device: Device) -> None:
    try:
        reply = device.agent.call("POST", "/agent/v1/batches", in_chunks(2 * LIMIT))
    except ConnectionError:
        return  # answered and hung up while it was still being sent
    reply.expect_problem(413)


def test_the_largest_body_that_is_allowed(device: Device) -> None:
    padding = b" " * (LIMIT - len(BATCHES))
    post(device, BATCHES + padding).expect(200)
    post(device, BATCHES + padding + b" ").expect_problem(413)


@pytest.mark.parametrize("case", NOT_JSON)
@pytest.mark.parametrize("call", CALLS)
def test_bodies_that_are_not_json(device: Device, call: str, case: str) -> None:
    reply = device.agent.call("POST", call, NOT_JSON[case])
    assert reply.status in (400, 422), str(reply)
    reply.expect_problem(reply.status)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (None, ""),
        ([], ""),
        (1, ""),
        ("x", ""),
        ({}, "batches"),
        ({"batches": None}, "batches"),
        ({"batches": {}}, "batches"),
        ({"batches": [1]}, "batches[0]"),
        ({"batches": [], "more": 1}, "more"),
        ({"batches": [], "complete": "yes"}, "complete"),
        ({"batches": [one_batch()["batches"][0]] * 65}, "batches"),
        ({"batches": [{"sequence": 1, "observations": []}]}, "batches[0].kind"),
        ({"batches": [{"kind": "location", "observations": []}]}, "batches[0].sequence"),
        ({"batches": [{"kind": "location", "sequence": 1}]}, "batches[0].observations"),
        (one_batch(kind=1), "batches[0].kind"),
        (one_batch(kind=None), "batches[0].kind"),
        (one_batch(kind=["location"]), "batches[0].kind"),
        (one_batch(kind="x" * 65), "batches[0].kind"),
        (one_batch(sequence=-1), "batches[0].sequence"),
        (one_batch(sequence=2**53), "batches[0].sequence"),
        (one_batch(sequence=10**400), "batches[0].sequence"),
        (one_batch(sequence=1.5), "batches[0].sequence"),
        (one_batch(sequence="1"), "batches[0].sequence"),
        (one_batch(sequence=True), "batches[0].sequence"),
        (one_batch(sequence=None), "batches[0].sequence"),
        (one_batch(priority=1), "batches[0].priority"),
    ],
)
def test_uploads_of_the_wrong_shape_name_the_field(device: Device, body: Any, field: str) -> None:
    counted = device.account.server.counted("agent_errors", "422")
    post(device, json.dumps(body).encode()).expect_problem(422, field)
    assert device.account.server.counted("agent_errors", "422") == counted + 1
    assert device.observations("location") == []


@pytest.mark.parametrize(
    ("kind", "observations", "reason"),
    [
        ("weather", [], "unknown_kind"),
        ("", [], "unknown_kind"),
        ("Location", [], "unknown_kind"),
        ("location", [], "no_observations"),
        ("location", {}, "malformed"),
        ("location", None, "malformed"),
        ("location", "x", "malformed"),
        ("location", [fix(1, 2)] * 5_001, "too_many_observations"),
        ("location", [fix(1, 2)] * 10_000, "too_many_observations"),
        ("location", [1], "nothing_valid"),
    ],
)
def test_batches_that_are_refused_as_a_whole(
    device: Device, kind: str, observations: Any, reason: str
) -> None:
    counted = device.account.server.counted("refused_batches", reason)
    body = {"batches": [{"kind": kind, "sequence": 1, "observations": observations}]}
    receipt = post(device, body).expect(200)["receipts"][0]
    assert (receipt["outcome"], receipt["reason"], receipt["accepted"]) == ("refused", reason, 0)
    assert (receipt["kind"], receipt["sequence"]) == (kind, 1)
    assert device.account.server.counted("refused_batches", reason) == counted + 1
    # A number that was refused is still free.
    device.deliver("location", fix(1, 2), sequence=1)


def test_nothing_is_kept_of_a_kind_without_consent(account: Account) -> None:
    device = account.enrolled(kinds=["device_state"])
    counted = account.server.counted("refused_batches", "no_consent")
    receipt = device.send("location", fix(1, 2))
    assert (receipt["outcome"], receipt["reason"]) == ("refused", "no_consent")
    assert account.server.counted("refused_batches", "no_consent") == counted + 1
    account.server.settled()
    assert device.observations("location") == [] == Quarantine(device).items()


@pytest.mark.parametrize("nesting", [65, 500, 900, 950, 990, 1_000, 100_000])
def test_a_document_that_is_nested_too_deeply(device: Device, nesting: int) -> None:
    text = b'{"batches":[{"kind":"document","sequence":1,"observations":[%s, %s]}]}'
    deep = b"[" * nesting + b"]" * nesting
    document = b'{"time":"%s","source":1,"body":%s}' % (now().encode(), deep)
    reply = post(device, text % (document, document))
    if reply.status == 200:
        assert reply.json["receipts"][0]["outcome"] == "refused", str(reply)
    else:
        reply.expect_problem(400)


def test_numbers_with_thousands_of_digits(device: Device) -> None:
    text = b'{"batches":[{"kind":"location","sequence":1,"observations":[%s]}]}'
    row = b'{"time":"%s","lat":%s,"lon":1}' % (now().encode(), b"1" * 5_000)
    receipt = post(device, text % row).expect(200)["receipts"][0]
    assert receipt["refused"] == [{"index": 0, "field": "lat", "reason": "out_of_range"}]


def test_every_refused_observation_is_counted_also_beyond_those_that_are_named(
    device: Device,
) -> None:
    counted = device.account.server.counted("refused_observations", "out_of_range")
    receipt = device.send("location", *[fix(91, 2)] * 250, fix(1, 2))
    assert (receipt["outcome"], receipt["accepted"]) == ("accepted", 1)
    assert len(receipt["refused"]) == 100
    assert device.account.server.counted("refused_observations", "out_of_range") == counted + 250


def test_the_good_observations_of_a_batch_are_kept_and_the_others_are_in_quarantine(
    device: Device,
) -> None:
    receipt = device.send("location", fix(1, 2, ago_s=5), fix(91, 2), fix(3, 4))
    assert (receipt["outcome"], receipt["accepted"]) == ("accepted", 2)
    assert receipt["refused"] == [{"index": 1, "field": "lat", "reason": "out_of_range"}]
    device.account.server.settled()
    assert [one["lat"] for one in device.observations("location")] == [1, 3]
    (item,) = Quarantine(device).items()
    assert (item["reason"], item["field"]) == ("out_of_range", "lat")
    assert json.loads(item["payload"])[0]["lat"] == 91


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer nobody", "Basic eDp5"])
@pytest.mark.parametrize("call", ["batches", "check-in", "pull-requests/x/batches"])
def test_calls_without_a_credential(server: Server, call: str, header: str | None) -> None:
    counted = server.counted("refused_uploads", "not_authenticated")
    headers = {} if header is None else {"authorization": header}
    reply = server.http().call("POST", f"/agent/v1/{call}", upload("location", 1), headers)
    reply.expect_problem(401)
    assert reply.headers["www-authenticate"].startswith("Bearer")
    assert server.counted("refused_uploads", "not_authenticated") == counted + 1


@pytest.mark.parametrize("state", [{"battery": 2}, {"mood": "good"}, {"battery": "x"}])
def test_a_check_in_with_a_bad_device_state_is_answered_and_the_state_is_in_quarantine(
    device: Device, state: dict[str, Any]
) -> None:
    assert device.check_in(device_state=state)["next_check_in_s"] > 0
    (item,) = Quarantine(device).items()
    assert item["field"] == next(iter(state))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"wait_s": -1}, "wait_s"),
        ({"wait_s": 1e9}, "wait_s"),
        ({"wait_s": "1"}, "wait_s"),
        ({"policy_version": "1"}, "policy_version"),
        ({"device_state": []}, "device_state"),
        ({"hello": 1}, "hello"),
    ],
)
def test_bad_check_ins(device: Device, body: Any, field: str) -> None:
    device.agent.post("/agent/v1/check-in", body).expect_problem(422, field)


def test_calls_that_do_not_exist(device: Device) -> None:
    device.agent.post("/agent/v1/nothing").expect_problem(404)
    device.agent.post("/agent/v1/pull-requests/x/nothing", {}).expect_problem(404)
    device.agent.get("/agent/v1/batches").expect_problem(405)
