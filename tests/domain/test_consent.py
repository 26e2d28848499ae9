"""Consent: what may be kept, and what a device is told to collect."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consent import Consent, ConsentGate
from domain.kinds import Kind
from domain.policy import DEFAULT_INTERVALS_S, Collection, PolicySettings, effective
from domain.schedule import WEEKDAYS, Schedule
from tests.domain.builders import BERLIN, at


def consent(*given_kinds: Kind, **changes: Any) -> Consent:
    base = Consent("consent", "account", "person", given_kinds or (Kind.LOCATION,), at(0))
    return attrs.evolve(base, **changes)


def gate(*consents: Consent) -> ConsentGate:
    return ConsentGate(consents, BERLIN)


def allowed(one: ConsentGate, *minutes: float, kind: Kind = Kind.LOCATION) -> list[bool]:
    return one.allowed(kind, [at(minute) for minute in minutes])


def test_without_consent_nothing_may_be_kept() -> None:
    assert allowed(gate(), 0, 1) == [False, False]
    assert not gate().allows_whole(Kind.LOCATION, at(0), at(1))
    assert gate().kinds() == frozenset()


def test_consent_is_per_kind() -> None:
    assert allowed(gate(consent(Kind.CALL)), 1) == [False]
    assert allowed(gate(consent(Kind.CALL)), 1, kind=Kind.CALL) == [True]


def test_bounds_are_on_event_time_and_the_end_is_excluded() -> None:
    one = gate(consent(from_ms=at(10), to_ms=at(20)))
    assert allowed(one, 9.999, 10, 19.999, 20) == [False, True, True, False]
    assert one.allows_whole(Kind.LOCATION, at(10), at(19))
    assert not one.allows_whole(Kind.LOCATION, at(9), at(19))
    assert not one.allows_whole(Kind.LOCATION, at(10), at(20))


def test_revoked_it_covers_nothing_whatever_the_event_time() -> None:
    one = gate(consent(revoked_at_ms=at(100)))
    assert allowed(one, 1, 200) == [False, False]
    assert one.kinds() == frozenset()
    assert not one.allows_whole(Kind.LOCATION, at(1), at(2))


def test_a_later_consent_holds_beside_a_revoked_one() -> None:
    one = gate(consent(revoked_at_ms=at(100)), consent(Kind.LOCATION, Kind.CALL, from_ms=at(150)))
    assert allowed(one, 120, 160) == [False, True]
    assert one.kinds() == {Kind.LOCATION, Kind.CALL}


def test_hours_are_those_of_the_person() -> None:
    mornings = Schedule(WEEKDAYS, 8 * 60, 12 * 60)
    one = gate(consent(schedule=mornings))
    # Minute 0 of these tests is two in the morning in Berlin.
    assert allowed(one, 5 * 60, 6 * 60, 10 * 60) == [False, True, False]
    assert not one.allows_whole(Kind.LOCATION, at(6 * 60), at(7 * 60)), "needs a closer look"


consents = st.lists(
    st.builds(
        consent,
        st.sampled_from(Kind),
        from_ms=st.none() | st.integers(at(0), at(100)),
        to_ms=st.none() | st.integers(at(0), at(100)),
        revoked_at_ms=st.none() | st.just(at(50)),
        schedule=st.none() | st.just(Schedule(("mon",), 0, 180)),
    ),
    max_size=4,
)


@given(consents, st.sampled_from(Kind), st.lists(st.integers(at(-10), at(110)), min_size=1))
def test_what_is_allowed_as_a_whole_is_allowed_each(
    some: list[Consent], kind: Kind, times: list[int]
) -> None:
    one = gate(*some)
    each = one.allowed(kind, times)
    assert len(each) == len(times)
    if one.allows_whole(kind, min(times), max(times)):
        assert all(each)
    if any(each):
        assert kind in one.kinds()


def test_a_device_is_never_told_to_collect_what_is_not_allowed() -> None:
    settings = PolicySettings("device", "account")
    assert effective(settings, frozenset()) == {}
    assert effective(settings, frozenset({Kind.CALL})) == {
        Kind.CALL: Collection(True, DEFAULT_INTERVALS_S[Kind.CALL])
    }


@pytest.mark.parametrize("kind", Kind)
def test_settings_narrow_further(kind: Kind) -> None:
    chosen = {kind: Collection(True, 7)}
    off = {kind: Collection(False, 7)}
    everything = frozenset(Kind)
    assert effective(PolicySettings("d", "a", chosen), everything)[kind].interval_s == 7
    assert set(effective(PolicySettings("d", "a", off), everything)) == everything - {kind}
