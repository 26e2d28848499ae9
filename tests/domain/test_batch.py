"""Batches and alerts: what identifies them, and how urgent they are."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import LATE_AFTER_MS, Alert, alert_id
from domain.batch import (
    LIVE_WITHIN_MS,
    Batch,
    Lane,
    identity_of_content,
    identity_of_sequence,
)
from domain.kinds import Kind
from domain.rules.rule import Severity
from tests.domain.builders import at


def test_the_same_content_has_the_same_identity() -> None:
    assert identity_of_content(b"block") == identity_of_content(b"block")
    assert identity_of_content(b"block") != identity_of_content(b"blocks")


@given(st.binary(), st.integers(0, 2**53 - 1))
def test_numbers_and_contents_never_collide(block: bytes, sequence: int) -> None:
    assert identity_of_content(block) != identity_of_sequence(sequence)


@given(st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1))
def test_each_number_is_another_batch(one: int, other: int) -> None:
    assert (identity_of_sequence(one) == identity_of_sequence(other)) == (one == other)


@pytest.mark.parametrize(
    ("age_ms", "lane"),
    [
        (-60_000, Lane.LIVE),
        (0, Lane.LIVE),
        (LIVE_WITHIN_MS - 1, Lane.LIVE),
        (LIVE_WITHIN_MS, Lane.BACKLOG),
    ],
)
def test_a_batch_is_as_fresh_as_its_newest_observation(age_ms: int, lane: Lane) -> None:
    received = at(0)
    batch = Batch(
        "account", "device", Kind.CALL, "1", b"", 2, at(-9999), received - age_ms, received
    )
    assert batch.lane is lane


ids = st.text(min_size=1, max_size=8)


@given(ids, ids, st.integers(0, 10**13 - 1), st.integers(0, 10**13 - 1))
def test_alert_ids_are_stable_and_sort_by_time(
    rule: str, device: str, one_ms: int, other_ms: int
) -> None:
    one, other = alert_id(rule, device, one_ms), alert_id(rule, device, other_ms)
    assert one == alert_id(rule, device, one_ms)
    assert (one < other) == (one_ms < other_ms)


def test_an_alert_learned_long_after_it_happened_is_late() -> None:
    alert = Alert(
        id="1",
        account_id="a",
        rule_id="r",
        rule_name="rule",
        device_id="d",
        person_id="p",
        severity=Severity.INFO,
        text="",
        occurred_at_ms=at(0),
        learned_at_ms=at(0) + LATE_AFTER_MS,
    )
    assert not alert.late
    assert attrs.evolve(alert, learned_at_ms=alert.learned_at_ms + 1).late
