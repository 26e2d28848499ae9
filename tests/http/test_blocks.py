"""Batches that an agent has encoded itself, over HTTP: as good as JSON, and as little trusted."""

import gzip
import json
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.bodies import PACKED_BADLY
from tests.support.blocks import MEDIA_TYPE, block, block_of_json, frame, post_blocks, varint
from tests.support.client import Account, Device, Quarantine, expect_receipts, fix, now
from tests.support.server import Server

GOOD = block("location", fix(45.8, 14.3))
ONE_FIELD = b'{"time":"%s","lat":1,"lon":2}' % now().encode()
DAY_S = 86_400

BAD_BLOCKS = {
    "nothing": b"",
    "a byte": b"x",
    "cut off": GOOD[:-1],
    "more than a block": GOOD + b"\0",
    "zeros": bytes(100),
    "a wrong checksum": GOOD[:-4] + bytes(4),
}

BADLY_FRAMED: dict[str, tuple[bytes, int, str | None]] = {
    "a sequence too large": (frame(2**53, GOOD), 422, "batches[0].sequence"),
    "too many batches": (frame(1, GOOD) * 65, 422, "batches"),
    "no length": (varint(1), 400, None),
    "no block": (varint(1) + varint(2), 400, None),
    "a block cut off": (frame(1, GOOD)[:-1], 400, None),
    "something after it": (frame(1, GOOD) + b"\x01", 400, None),
    "a varint above 64 bits": (b"\xff" * 9 + b"\x02", 400, None),
    "an endless varint": (b"\xff" * 20, 400, None),
    "a varint cut off": (b"\x80", 400, None),
    "an impossible length": (b"\x01" + b"\xff" * 9 + b"\x01", 400, None),
    "JSON": (b'{"batches": []}', 400, None),
}


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def send(device: Device, *blocks: bytes) -> list[Any]:
    """Their receipts, numbered from 1."""
    framed = [frame(number, one) for number, one in enumerate(blocks, 1)]
    return expect_receipts(post_blocks(device, *framed))


def test_blocks_are_accepted_once(device: Device) -> None:
    calls = block("call", {"time": now(), "direction": "sent", "counterpart": "+1",
                           "outcome": "missed"})  # fmt: skip
    receipts = send(device, GOOD, calls)
    assert [(r["kind"], r["sequence"], r["outcome"], r["accepted"]) for r in receipts] == [
        ("location", 1, "accepted", 1),
        ("call", 2, "accepted", 1),
    ]
    again = send(device, GOOD, calls, GOOD)
    assert [r["outcome"] for r in again] == ["duplicate", "duplicate", "accepted"]
    device.account.server.settled()
    assert [one["lat"] for one in device.observations("location")] == [45.8, 45.8]
    assert [one["outcome"] for one in device.observations("call")] == ["missed"]


def test_a_number_is_the_same_in_either_form(device: Device) -> None:
    device.deliver("location", fix(1, 2), sequence=1)
    assert send(device, GOOD)[0]["outcome"] == "duplicate"


@pytest.mark.parametrize(
    ("encoding", "packed"), [("gzip", gzip.compress), ("zstd", zstandard.compress)]
)
def test_a_packed_body(device: Device, encoding: str, packed: Any) -> None:
    reply = post_blocks(device, packed(frame(7, GOOD)), headers={"content-encoding": encoding})
    assert expect_receipts(reply)[0]["outcome"] == "accepted"


@pytest.mark.parametrize("case", PACKED_BADLY)
def test_badly_packed_bodies(device: Device, case: str) -> None:
    body, headers, status = PACKED_BADLY[case]
    post_blocks(device, body, headers=headers).expect_problem(status)


def test_media_types_may_have_parameters(device: Device) -> None:
    said = {"content-type": f"{MEDIA_TYPE.upper()}; v=1"}
    assert expect_receipts(post_blocks(device, frame(1, GOOD), headers=said))


def test_an_upload_without_batches(device: Device) -> None:
    assert expect_receipts(post_blocks(device)) == []


def test_a_block_answers_a_request(device: Device) -> None:
    path = f"/agent/v1/pull-requests/{device.ask()['id']}/batches"
    expect_receipts(post_blocks(device, frame(1, GOOD), path=path))
    (request,) = device.account.all(f"{device.path}/pull-requests")
    assert (request["state"], request["accepted"]) == ("open", 1)
    expect_receipts(post_blocks(device, frame(2, GOOD), path=f"{path}?complete=true"))
    (request,) = device.account.all(f"{device.path}/pull-requests")
    assert (request["state"], request["accepted"]) == ("answered", 2)
    post_blocks(device, path=f"{path}?complete=1").expect_problem(422, "complete")
    other = device.account.enrolled()
    post_blocks(other, frame(1, GOOD), path=path).expect_problem(404)


@pytest.mark.parametrize("case", BAD_BLOCKS)
def test_a_bad_block_is_refused_alone_and_stands_in_quarantine(device: Device, case: str) -> None:
    counted = device.account.server.counted("refused_batches", "bad_block")
    good, refused = send(device, GOOD, BAD_BLOCKS[case])
    assert good["outcome"] == "accepted"
    assert (refused["outcome"], refused["reason"], refused["sequence"]) == (
        "refused",
        "bad_block",
        2,
    )
    (item,) = Quarantine(device).items()
    assert (item["reason"], item["field"]) == ("bad_block", "block")
    assert device.account.server.counted("refused_batches", "bad_block") == counted + 1
    # A number that was refused is still free.
    assert send(device, GOOD, GOOD)[1]["outcome"] == "accepted"


def test_attributes_are_for_foreign_agents(device: Device) -> None:
    (receipt,) = send(device, block("location", fix(1, 2, attributes={"motion": "walking"})))
    assert (receipt["outcome"], receipt["reason"]) == ("refused", "unknown_field")
    assert receipt["refused"] == [{"index": None, "field": "attributes", "reason": "unknown_field"}]
    assert [item["field"] for item in Quarantine(device).items()] == ["attributes"]
    device.account.server.settled()
    assert device.observations("location") == []


def test_bounds_of_a_block(device: Device) -> None:
    most = block_of_json("location", b"[" + b",".join([ONE_FIELD] * 5_000) + b"]")
    more = block_of_json("location", b"[" + b",".join([ONE_FIELD] * 5_001) + b"]")
    long = {"time": now(), "url": "u" * 4_096}
    fits, long_texts = (block("web_visit", *[long] * count) for count in (1_024, 1_025))
    receipts = send(device, most, more, fits, long_texts)
    assert [(r["accepted"], r["reason"]) for r in receipts] == [
        (5_000, None),
        (0, "too_many_observations"),
        (1_024, None),
        (0, "too_much_text"),
    ]
    assert Quarantine(device).items() == []


def test_times_that_cannot_be_are_left_out_one_by_one(device: Device) -> None:
    early, late = fix(1, 2, ago_s=40 * 366 * DAY_S), fix(3, 4, ago_s=-2 * DAY_S)
    (receipt,) = send(device, block("location", early, fix(45.8, 14.3), late, late))
    assert (receipt["outcome"], receipt["accepted"]) == ("accepted", 1)
    assert receipt["refused"] == [
        {"index": 0, "field": "time", "reason": "too_early"},
        {"index": 2, "field": "time", "reason": "too_late"},
        {"index": 3, "field": "time", "reason": "too_late"},
    ]
    (item,) = Quarantine(device).items()
    assert (item["reason"], item["field"]) == ("too_early", "time")
    assert [one["lat"] for one in json.loads(item["payload"])] == [1, 3, 3]
    device.account.server.settled()
    assert [one["lat"] for one in device.observations("location")] == [45.8]
    (nothing,) = expect_receipts(post_blocks(device, frame(9, block("location", late))))
    assert (nothing["outcome"], nothing["reason"]) == ("refused", "nothing_valid")


def test_what_is_sent_again_leaves_nothing_more_in_quarantine(device: Device) -> None:
    partly = block("location", fix(1, 2, ago_s=40 * 366 * DAY_S), fix(45.8, 14.3))
    for outcome in ("accepted", "duplicate", "duplicate"):
        assert send(device, partly)[0]["outcome"] == outcome
    for _ in range(3):
        device.send("location", fix(91, 2), fix(1, 2), sequence=2)
    assert len(Quarantine(device).items()) == 2


def test_nothing_is_kept_of_a_block_without_consent(account: Account) -> None:
    device = account.enrolled(kinds=["device_state"])
    damaged = GOOD[:-1] + bytes([GOOD[-1] ^ 1])
    old = block("location", fix(1, 2, ago_s=40 * 366 * DAY_S))
    for receipt in send(device, GOOD, damaged, old):
        assert (receipt["outcome"], receipt["reason"]) == ("refused", "no_consent")
    account.server.settled()
    assert device.observations("location") == [] == Quarantine(device).items()


@pytest.mark.parametrize("case", BADLY_FRAMED)
def test_bodies_that_are_badly_framed_keep_nothing(device: Device, case: str) -> None:
    body, status, field = BADLY_FRAMED[case]
    counted = device.account.server.counted("agent_errors", str(status))
    post_blocks(device, body).expect_problem(status, *([field] if field else []))
    assert device.account.server.counted("agent_errors", str(status)) == counted + 1
    assert device.observations("location") == [] == Quarantine(device).items()


@given(
    st.one_of(
        st.binary(max_size=64),
        st.lists(
            st.builds(
                lambda sequence, one, cut: frame(sequence, one[cut:]),
                st.integers(0, 2**64 - 1),
                st.one_of(st.just(GOOD), st.binary(max_size=40)),
                st.integers(0, 3),
            ),
            max_size=4,
        ).map(b"".join),
    )
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_are_answered(server: Server, body: bytes) -> None:
    device = _any_device(server)
    reply = post_blocks(device, body)
    if reply.status == 200:
        assert {r["outcome"] for r in reply.json["receipts"]} <= {
            "accepted",
            "refused",
            "duplicate",
        }
    else:
        assert reply.status in (400, 422), str(reply)
        reply.expect_problem(reply.status)


_devices: dict[int, Device] = {}


def _any_device(server: Server) -> Device:
    """One device for all the examples of a server."""
    if server.port not in _devices:
        _devices[server.port] = Account(server).enrolled()
    return _devices[server.port]
