"""Which device a person had, and where two of them contradict each other."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.carrying import (
    MIN_CONFLICT_MS,
    Conflict,
    Witness,
    carried,
    conflicts,
)
from domain.consolidation.intervals import both, length_ms, union, without
from domain.consolidation.movements import Movement, Stay, Trip
from tests.domain.builders import MINUTE_MS, at, position

HOME, SCHOOL = position(0.0), position(5_000.0)


def stay(start: float, end: float, where: tuple[float, float]) -> Stay:
    return Stay(at(start), at(end), *where)


def trip(start: float, end: float, begins: tuple[float, float], ends: tuple[float, float]) -> Trip:
    return Trip(at(start), at(end), 5_000.0, 10.0, None, begins, ends)


def witness(*movements: Movement, used: Sequence[tuple[float, float]] = ()) -> Witness:
    return Witness(movements, union((at(start), at(end)) for start, end in used))


DAY_OF_PHONE = (
    stay(0, 60, HOME),
    trip(60, 80, HOME, SCHOOL),
    stay(80, 300, SCHOOL),
    trip(300, 320, SCHOOL, HOME),
    stay(320, 600, HOME),
)


def spells(devices: dict[str, Witness]) -> list[tuple[str, float, float]]:
    return [
        (one.device_id, (one.from_ms - at(0)) / MINUTE_MS, (one.to_ms - at(0)) / MINUTE_MS)
        for one in carried(devices)
    ]


def test_what_travels_was_carried_and_what_lies_at_home_was_not() -> None:
    phone = witness(*DAY_OF_PHONE, used=[(90, 100)])
    tablet = witness(stay(0, 600, HOME))
    assert spells({"phone": phone, "tablet": tablet}) == [("phone", 60, 320)]
    assert conflicts({"phone": phone, "tablet": tablet}) == []


def test_what_is_used_in_between_is_had_in_between() -> None:
    phone = witness(*DAY_OF_PHONE)
    tablet = witness(stay(0, 600, HOME), used=[(10, 20), (330, 400)])
    assert spells({"phone": phone, "tablet": tablet}) == [
        ("tablet", 10, 20),
        ("phone", 60, 320),
        ("tablet", 330, 400),
    ]
    assert conflicts({"phone": phone, "tablet": tablet}) == []


def test_two_phones_in_one_pocket_travel_once() -> None:
    phone, other = witness(*DAY_OF_PHONE), witness(trip(62, 79, HOME, SCHOOL))
    assert spells({"a": other, "b": phone}) == [("b", 60, 320)]
    assert conflicts({"a": other, "b": phone}) == []


def test_a_tablet_that_is_used_at_home_while_the_phone_is_used_at_school() -> None:
    phone = witness(*DAY_OF_PHONE, used=[(100, 200)])
    tablet = witness(stay(0, 600, HOME), used=[(150, 250)])
    (found,) = conflicts({"phone": phone, "tablet": tablet})
    assert found == Conflict(at(150), at(200), ("phone", "tablet"), (SCHOOL, HOME))


def test_a_moment_is_no_conflict() -> None:
    phone = witness(*DAY_OF_PHONE, used=[(100, 200)])
    tablet = witness(stay(0, 600, HOME), used=[(196, 250)])
    assert conflicts({"phone": phone, "tablet": tablet}) == []


def test_who_sets_out_from_where_the_other_is_used_contradicts_nobody() -> None:
    phone = witness(*DAY_OF_PHONE)
    tablet = witness(stay(0, 600, HOME), used=[(60, 80)])
    assert conflicts({"phone": phone, "tablet": tablet}) == []


spans_st = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60)), max_size=6).map(
    lambda some: [(start, start + length) for start, length in some]
)


@st.composite
def witnesses(draw: st.DrawFn) -> Witness:
    """Stays and trips one after the other, and some use."""
    times = sorted(draw(st.sets(st.integers(0, 500), min_size=2, max_size=8)))
    movements: list[Movement] = []
    where = HOME
    for number, (start, end) in enumerate(pairwise(times)):
        if number % 2:
            to = position(draw(st.floats(-9_000, 9_000)))
            movements.append(trip(start, end, where, to))
            where = to
        else:
            movements.append(stay(start, end, where))
    return witness(*movements, used=draw(spans_st))


devices_st = st.dictionaries(st.sampled_from(["phone", "tablet", "watch"]), witnesses())


@given(devices_st)
def test_one_device_at_a_time_and_none_without_a_reason(devices: dict[str, Witness]) -> None:
    found = carried(devices)
    assert all(one.to_ms <= other.from_ms for one, other in pairwise(found))
    assert all(one.device_id != other.device_id for one, other in pairwise(found))
    evidence = union(span for one in devices.values() for span in one.carried())
    told = union((one.from_ms, one.to_ms) for one in found)
    assert without(evidence, told) == []
    for one in found:
        own = devices[one.device_id].carried()
        assert any(start <= one.from_ms < end for start, end in own)
        assert any(start < one.to_ms <= end for start, end in own)


@given(devices_st)
def test_conflicts_need_evidence_on_both_sides(devices: dict[str, Witness]) -> None:
    for one in conflicts(devices):
        here, there = (devices[device_id].carried() for device_id in one.device_ids)
        assert length_ms(both(both(here, there), [(one.from_ms, one.to_ms)])) >= MIN_CONFLICT_MS
        assert one.device_ids[0] < one.device_ids[1]


@given(devices_st)
def test_the_order_of_devices_does_not_matter(devices: dict[str, Witness]) -> None:
    turned = dict(reversed(devices.items()))
    assert (carried(turned), conflicts(turned)) == (carried(devices), conflicts(devices))


@given(spans_st, spans_st)
def test_both_is_what_is_left_of_one_without_what_is_not_in_the_other(
    ones: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    one, other = union(ones), union(others)
    assert both(one, other) == without(one, without(one, other))
    assert both(one, other) == both(other, one)
