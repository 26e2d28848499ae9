"""What is taken at once is stored together, and changes a history as one by one."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.outbound.native_codec import NativeBlockCodec
from application.device_directory import DeviceBriefing
from application.judging import judge_batches
from application.storing import MAX_TOGETHER, blocks_of
from domain.account import Person
from domain.batch import Batch
from domain.device import Device
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.rules.binding import BoundRule, Surroundings
from domain.rules.condition import SpeedOver
from domain.rules.rule import Rule, Scope
from domain.times import DAY_MS
from tests.support.blocks import block_of_json

NOW_MS = 1_790_000_000_000
CODEC = NativeBlockCodec()
ALL_MS = (0, 2**52)

PERSON = Person("person", "account", "Ana", "UTC", 0)
KINDS = (Kind.LOCATION, Kind.PRESENCE)


def batch(number: int, kind: Kind, times_ms: list[int]) -> Batch:
    more = {"lat": number / 100, "lon": 0} if kind is Kind.LOCATION else {"status": "active"}
    rows = [{"time_ms": time_ms, **more} for time_ms in sorted(times_ms)]
    block = block_of_json(kind, json.dumps(rows).encode())
    ends = (min(times_ms), max(times_ms))
    return Batch("account", "device", kind, str(number), block, len(rows), *ends, NOW_MS)


some_batches = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.lists(
            st.integers(NOW_MS - 2 * DAY_MS, NOW_MS + 1_000_000) | st.just(NOW_MS),
            min_size=1,
            max_size=5,
        ),
    ),
    min_size=1,
    max_size=8,
).map(lambda drawn: [batch(number, *one) for number, one in enumerate(drawn)])


def rows(block: bytes) -> list[Any]:
    return [json.loads(row) for row in CODEC.rows_json([block], *ALL_MS)]


def all_rows(blocks: list[bytes]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for one in blocks for row in rows(one))


@given(some_batches)
@settings(max_examples=200, deadline=None)
def test_every_observation_is_stored_once_in_a_block_of_its_day(batches: list[Batch]) -> None:
    stored = blocks_of(CODEC, batches)
    for kind in KINDS:
        went_in = [one.block for one in batches if one.kind is kind]
        came_out = [one.block for one in stored if one.kind is kind]
        assert all_rows(came_out) == all_rows(went_in)
    keys = [(one.kind, one.day_ms, one.identity) for one in stored]
    assert len(set(keys)) == len(keys)
    assert len({(one.kind, one.day_ms) for one in stored}) == len(stored)
    for one in stored:
        times_ms = CODEC.columns(one.block)["time_ms"]
        assert (one.count, one.first_ms, one.last_ms) == (
            len(times_ms),
            times_ms[0],
            times_ms[-1],
        )
        assert one.day_ms <= times_ms[0] <= times_ms[-1] < one.day_ms + DAY_MS
        assert one.identity in {b.identity for b in batches if b.kind is one.kind}


def test_a_block_does_not_grow_beyond_its_bound() -> None:
    batches = [batch(n, Kind.LOCATION, [NOW_MS] * (MAX_TOGETHER // 4)) for n in range(9)]
    batches.insert(5, batch(9, Kind.LOCATION, [NOW_MS] * (MAX_TOGETHER + 1)))
    stored = blocks_of(CODEC, batches)
    assert [one.count for one in stored] == [10_000, 2_500, 10_001, 10_000]
    assert [one.identity for one in stored] == ["0", "4", "9", "5"]


def briefing(*rules: Rule) -> DeviceBriefing:
    device = Device("device", "account", "person", "phone", "android", 0)
    bound = tuple(BoundRule(rule, Surroundings(ZoneInfo("UTC"))) for rule in rules)
    return DeviceBriefing(device, PERSON, bound)


FAST = Rule("rule", "account", "fast", Scope(), SpeedOver(30.0), 0)


@given(batches=some_batches, judged=st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_history_is_the_same_however_many_come_at_once(
    batches: list[Batch], judged: bool
) -> None:
    brief = briefing(*[FAST] * judged)
    start = DeviceHistory("device", "account")
    at_once = judge_batches(CODEC, brief, start, batches, NOW_MS).history
    one_by_one = start
    for one in batches:
        one_by_one = judge_batches(CODEC, brief, one_by_one, [one], NOW_MS).history
    assert at_once.version == 1
    assert attrs.evolve(at_once, version=len(batches)) == one_by_one
    for kind in KINDS:
        of_kind = [one.last_ms for one in batches if one.kind is kind]
        latest = at_once.latest.get(kind)
        assert (latest["time_ms"] if latest else None) == max(of_kind, default=None)


def test_a_batch_that_cannot_be_read_is_not_stored() -> None:
    whole = batch(1, Kind.LOCATION, [NOW_MS])
    broken = attrs.evolve(whole, block=whole.block[:-1])
    with pytest.raises(ValueError, match="checksum"):
        blocks_of(CODEC, [broken])
