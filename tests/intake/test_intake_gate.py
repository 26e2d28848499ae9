"""What is delivered as a block is judged as if the same had come as JSON."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.outbound.native_codec import NativeBlockCodec
from application.delivery import Delivery
from application.device_directory import DeviceAccess
from application.intake_gate import Checked, IntakeGate
from domain.consent import Consent, ConsentGate
from domain.device import Agent
from domain.kinds import Kind
from domain.observations import EARLIEST_TIME_MS, MAX_TIME_AHEAD_MS
from domain.schedule import Schedule
from domain.times import DAY_MS, to_rfc3339
from tests.support.blocks import block_of_json

NOW_MS = 1_790_000_000_000

CODEC = NativeBlockCodec()

times_ms = st.one_of(
    st.integers(NOW_MS - 3 * DAY_MS, NOW_MS),
    st.sampled_from(
        [
            edge + step
            for edge in (EARLIEST_TIME_MS, NOW_MS + MAX_TIME_AHEAD_MS)
            for step in (-DAY_MS, -1, 0, 1, DAY_MS)
        ]
    ),
)

ends_ms = st.none() | st.integers(NOW_MS - 3 * DAY_MS, NOW_MS)

consents = st.builds(
    Consent,
    id=st.just("c"),
    account_id=st.just("account"),
    person_id=st.just("person"),
    kinds=st.sampled_from([(Kind.LOCATION,), (Kind.CALL,), (Kind.CALL, Kind.LOCATION)]),
    granted_at_ms=st.just(0),
    from_ms=ends_ms,
    to_ms=ends_ms,
    schedule=st.none() | st.just(Schedule(("mon", "wed", "sat"), 8 * 60, 20 * 60)),
    revoked_at_ms=st.sampled_from([None, None, None, NOW_MS]),
)


def access(given_consents: list[Consent]) -> DeviceAccess:
    gate = ConsentGate(tuple(given_consents), ZoneInfo("Europe/Ljubljana"))
    return DeviceAccess("account", "device", "person", Agent.FIELDPOST, gate, 1, enrolment=2)


def locations(of_ms: list[int]) -> bytes:
    rows = [{"time": to_rfc3339(one), "lat": n / 100, "lon": 14.3} for n, one in enumerate(of_ms)]
    return json.dumps(rows).encode()


def told(checked: Checked) -> Any:
    """All but the number of what goes to quarantine, whose texts may be written differently."""
    item = checked.not_understood
    if item is None:
        return checked.receipt, checked.batch, list(checked.refused), None
    said = [(one["lat"], one["lon"]) for one in json.loads(item.payload)]
    return checked.receipt, checked.batch, list(checked.refused), (item.reason, item.field, said)


@given(
    of_ms=st.lists(times_ms, min_size=1, max_size=12).map(sorted),
    given_consents=st.lists(consents, max_size=3),
)
@settings(max_examples=400, deadline=None)
def test_a_block_is_judged_as_its_json(of_ms: list[int], given_consents: list[Consent]) -> None:
    body = locations(of_ms)
    as_json = Delivery("location", body, 7)
    as_block = Delivery.of_block(7, block_of_json("location", body))
    one, other = IntakeGate(CODEC).check(access(given_consents), [as_json, as_block], NOW_MS)
    assert told(other) == told(one)


@given(st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=300, deadline=None)
def test_whatever_the_bytes_are_each_has_its_answer(blocks: list[bytes]) -> None:
    good = block_of_json("location", locations([NOW_MS]))
    everything = Consent("c", "account", "person", tuple(Kind), 0)
    deliveries = [Delivery.of_block(n, one) for n, one in enumerate([*blocks, good])]
    checked = IntakeGate(CODEC).check(access([everything]), deliveries, NOW_MS)
    assert [one.receipt.sequence for one in checked] == list(range(len(deliveries)))
    for delivery, one in zip(deliveries, checked, strict=True):
        assert (one.batch is None) == (delivery.block != good)
        if one.batch is None:
            assert one.receipt.reason == "bad_block"
            assert one.not_understood is not None
            assert one.not_understood.payload == delivery.block


def test_long_texts_of_a_block_are_not_all_written_out() -> None:
    row = {"time": to_rfc3339(EARLIEST_TIME_MS - 1), "source": "s", "body": "b" * 60_000}
    body = json.dumps([row] * 60).encode()
    everything = Consent("c", "account", "person", tuple(Kind), 0)
    delivery = Delivery.of_block(1, block_of_json("document", body))
    (checked,) = IntakeGate(CODEC).check(access([everything]), [delivery], NOW_MS)
    assert checked.not_understood is not None
    assert len(checked.not_understood.payload) == 65_536
    assert len(checked.refused) == 60
