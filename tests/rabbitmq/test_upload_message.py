"""Uploads as messages: what one version writes every other reads, and nothing else passes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.rabbitmq.upload_message import (
    BadMessage,
    from_message,
    owner_of,
    to_message,
    upload_name,
)
from application.ports.intake_queue import Intake
from domain.batch import Batch
from domain.kinds import Kind
from domain.quarantine import Quarantined
from tests.contracts.builders import batch, quarantined

NUMBERS = st.integers(0, 2**53)


def remains(owner: tuple[str, str]) -> st.SearchStrategy[Quarantined]:
    account, device = owner
    return st.builds(
        Quarantined,
        st.text(),
        st.just(account),
        st.just(device),
        NUMBERS,
        st.text(),
        st.text(),
        st.text(),
        st.binary(),
        st.text(),
    )


def uploads(owner: tuple[str, str]) -> st.SearchStrategy[Intake]:
    account, device = owner
    batches = st.builds(
        Batch,
        st.just(account),
        st.just(device),
        st.sampled_from(Kind),
        st.text(),
        st.binary(),
        NUMBERS,
        st.integers(-(2**53), 2**53),
        st.integers(-(2**53), 2**53),
        NUMBERS,
        st.none() | remains(owner),
    )
    both = st.tuples(st.lists(batches, max_size=3), st.lists(remains(owner), max_size=3))
    return both.filter(any).map(lambda some: Intake(*some))


some_uploads = st.tuples(st.text(), st.text()).flatmap(uploads)


@given(some_uploads)
def test_what_was_written_is_read(upload: Intake) -> None:
    read = from_message(to_message(upload))
    assert read == Intake(list(upload.batches), list(upload.quarantined))
    assert owner_of(read) == owner_of(upload)
    assert upload_name(read) == upload_name(upload)


@given(st.binary() | st.binary().map(lambda some: b"\x01" + some))
def test_what_is_no_message_is_said_to_be_bad(body: bytes) -> None:
    try:
        from_message(body)
    except BadMessage:
        return
    assert body[:1] == b"\x01"


@given(some_uploads, st.data())
def test_a_message_that_was_damaged_is_bad_or_another(upload: Intake, data: st.DataObject) -> None:
    body = bytearray(to_message(upload))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    for damaged in (bytes(body), bytes(body[:cut])):
        try:
            from_message(damaged)
        except BadMessage:
            continue
        assert damaged[:1] == b"\x01"


def test_what_a_later_version_adds_is_passed_over() -> None:
    upload = Intake([batch(1, left_out=quarantined(1))], [quarantined(2)])
    account, device, batches, others = msgspec.msgpack.decode(to_message(upload)[1:])
    batches[0][-1].append("added to what was left out")
    batches[0] += ["added", {"to": "a batch"}]
    others[0].append(b"added")
    later = msgspec.msgpack.encode([account, device, batches, others, "added", 7])
    assert from_message(b"\x01" + later) == upload


def test_what_an_earlier_version_did_not_have_is_empty() -> None:
    upload = Intake([batch(1)], [quarantined(2)])
    account, device, batches, others = msgspec.msgpack.decode(to_message(upload)[1:])
    assert (batches[0].pop(), others[0].pop()) == (None, "")
    earlier = msgspec.msgpack.encode([account, device, batches, others])
    assert from_message(b"\x01" + earlier) == upload


@pytest.mark.parametrize("version", [b"", b"\x00", b"\x02", b"{"])
def test_another_version_is_bad(version: bytes) -> None:
    with pytest.raises(BadMessage, match="version"):
        from_message(version + to_message(Intake([batch(1)]))[1:] if version else b"")


@pytest.mark.parametrize(
    "content",
    [
        ["account", "device", []],
        ["account", "device", [["no kind", "1", b"", 1, 0, 0, 0]], []],
        ["account", "device", [["location", "1", "no bytes", 1, 0, 0, 0]], []],
        ["account", b"device", [], []],
        {"account_id": "account"},
    ],
)
def test_what_has_another_form_is_bad(content: object) -> None:
    with pytest.raises(BadMessage):
        from_message(b"\x01" + msgspec.msgpack.encode(content))


def test_what_is_nested_too_deeply_is_bad() -> None:
    fields: list[object] = ["account", "device", [], []]
    parts = [msgspec.msgpack.encode(one) for one in fields]
    with pytest.raises(BadMessage):
        from_message(b"\x01\x95" + b"".join(parts) + b"\x91" * 100_000 + b"\xc0")


def test_the_same_upload_has_the_same_name_and_no_other_has() -> None:
    uploads = [
        Intake([batch(1)]),
        Intake([batch(2)]),
        Intake([batch(1), batch(2)]),
        Intake([batch(1, kind=Kind.CALL)]),
        Intake([batch(1, device="device-2")]),
    ]
    assert len({upload_name(one) for one in uploads}) == len(uploads)
    assert upload_name(Intake([batch(1)])) == upload_name(Intake([batch(1, block=b"again")]))
