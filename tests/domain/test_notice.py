"""When a channel is told of an alert, and what becomes of it when telling fails."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import Alert
from domain.channel import (
    Channel,
    ChannelKind,
    Digest,
    Health,
    channel_errors,
    loud_from,
)
from domain.delivery import Delivery, DeliveryState
from domain.notice import (
    MOST_TRIES,
    PAUSED_AFTER,
    Message,
    Outcome,
    Result,
    after_failure,
    planned,
    settled,
)
from domain.notice_wording import subject, times
from domain.rules.rule import Severity
from domain.schedule import WEEKDAYS, Schedule

ZONE = ZoneInfo("Europe/Ljubljana")
NIGHTS = Schedule(WEEKDAYS, 22 * 60, 7 * 60)
BUSY = Outcome(Result.FAILED_FOR_NOW, "busy")


def at(text: str) -> int:
    """Local time of the channel, in milliseconds."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


def alert(now_ms: int, *, ago_s: float = 0.0, **fields: Any) -> Alert:
    values: dict[str, Any] = {
        "severity": Severity.WARNING,
        "text": "Ana left School",
        "occurred_at_ms": now_ms - round(ago_s * 1000),
        "learned_at_ms": now_ms,
        **fields,
    }
    return Alert("a", "account", "rule", "a rule", "device", "person", **values)


def channel(**fields: Any) -> Channel:
    values = {"time_zone": ZONE.key, **fields}
    return Channel("c", "account", "Ana", ChannelKind.EMAIL, {}, 0, **values)


@pytest.mark.parametrize(
    ("now", "fields", "severity", "due"),
    [
        ("2026-03-02 12:00:00", {}, "warning", "2026-03-02 12:00:30"),
        ("2026-03-02 12:00:00", {}, "critical", "2026-03-02 12:00:05"),
        ("2026-03-02 12:00:00", {"gather_s": 0.0}, "critical", "2026-03-02 12:00:00"),
        ("2026-03-02 22:30:00", {"quiet": NIGHTS}, "warning", "2026-03-03 07:00:00"),
        ("2026-03-02 06:59:50", {"quiet": NIGHTS}, "warning", "2026-03-02 07:00:20"),
        ("2026-03-02 21:59:50", {"quiet": NIGHTS}, "warning", "2026-03-03 07:00:00"),
        ("2026-03-02 22:30:00", {"quiet": NIGHTS}, "critical", "2026-03-02 22:30:05"),
        ("2026-03-28 23:30:00", {"quiet": NIGHTS}, "warning", "2026-03-29 07:00:00"),
        ("2026-03-02 12:20:00", {"digest": Digest.HOURLY}, "info", "2026-03-02 13:00:00"),
        ("2026-03-02 12:20:00", {"digest": Digest.HOURLY}, "critical", "2026-03-02 12:20:05"),
        ("2026-03-02 12:20:00", {"digest": Digest.DAILY}, "info", "2026-03-03 08:00:00"),
        ("2026-03-02 07:20:00", {"digest": Digest.DAILY}, "info", "2026-03-02 08:00:00"),
        ("2026-03-28 09:00:00", {"digest": Digest.DAILY}, "info", "2026-03-29 08:00:00"),
        (
            "2026-03-02 12:00:00",
            {"digest": Digest.DAILY, "digest_hour": 3, "quiet": NIGHTS},
            "info",
            "2026-03-03 07:00:00",
        ),
    ],
)
def test_when_it_is_due(now: str, fields: dict[str, Any], severity: str, due: str) -> None:
    now_ms = at(now)
    delivery = planned(alert(now_ms, severity=Severity(severity)), channel(**fields), now_ms)
    assert delivery.state is DeliveryState.WAITING
    assert delivery.due_at_ms == at(due)


def test_an_hourly_digest_comes_when_the_clock_shows_an_hour_twice() -> None:
    first_ms = at("2026-10-25 02:20:00")
    hourly = channel(digest=Digest.HOURLY)
    due_ms = planned(alert(first_ms), hourly, first_ms).due_at_ms
    assert due_ms - first_ms == 40 * 60_000
    later_ms = first_ms + 3_600_000
    assert planned(alert(later_ms), hourly, later_ms).due_at_ms - later_ms == 40 * 60_000


def test_what_still_goes_on_is_not_late() -> None:
    now_ms = at("2026-03-02 12:00:00")
    old = alert(now_ms, ago_s=3_600)
    assert old.late
    assert attrs.evolve(old, so_until_ms=now_ms - 700_000).late
    assert not attrs.evolve(old, so_until_ms=now_ms - 500_000).late


def test_a_late_alert_does_not_ring() -> None:
    now_ms = at("2026-03-02 12:00:00")
    late = alert(now_ms, ago_s=3_600, severity=Severity.CRITICAL)
    delivery = planned(late, channel(), now_ms)
    assert (delivery.state, delivery.detail) == (DeliveryState.NOT_SENT, "late")
    assert delivery.ended_at_ms == now_ms
    digest = planned(late, channel(digest=Digest.HOURLY), now_ms)
    assert digest.state is DeliveryState.WAITING
    assert digest.due_at_ms == at("2026-03-02 13:00:00")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"enabled": False}, "the channel is off"),
        ({"health": Health(paused_at_ms=1)}, "the channel is paused"),
    ],
)
def test_a_channel_that_does_not_send(fields: dict[str, Any], why: str) -> None:
    delivery = planned(alert(1), channel(**fields), 1)
    assert (delivery.state, delivery.detail) == (DeliveryState.NOT_SENT, why)


def test_the_more_failures_the_longer_it_waits() -> None:
    health, now_ms = Health(), 0
    waits_s = []
    while health.paused_at_ms is None:
        health = after_failure(health, BUSY, now_ms)
        waits_s.append((health.retry_at_ms - now_ms) // 1000)
        now_ms = health.retry_at_ms
    assert waits_s == sorted(waits_s)
    assert waits_s[:6] == [5, 60, 300, 1_800, 7_200, 21_600]
    assert len(waits_s) == PAUSED_AFTER
    assert sum(waits_s[: MOST_TRIES - 1]) > 20 * 3_600
    assert (health.failing_since_ms, health.last_error) == (0, "busy")


def test_an_endpoint_may_ask_for_more_time_but_not_for_ever() -> None:
    asked = attrs.evolve(BUSY, retry_after_s=600.0)
    assert after_failure(Health(), asked, 0).retry_at_ms == 600_000
    asked = attrs.evolve(BUSY, retry_after_s=1e9)
    assert after_failure(Health(), asked, 0).retry_at_ms == 43_200_000


def test_an_endpoint_that_is_gone_is_not_tried_again() -> None:
    health = after_failure(Health(), Outcome(Result.GONE, "gone"), 7)
    assert health.paused_at_ms == 7


@pytest.mark.parametrize(
    ("result", "attempts", "state"),
    [
        (Result.SENT, 1, DeliveryState.SENT),
        (Result.SENT, MOST_TRIES, DeliveryState.SENT),
        (Result.FAILED_FOR_NOW, 1, DeliveryState.WAITING),
        (Result.FAILED_FOR_NOW, MOST_TRIES, DeliveryState.FAILED),
        (Result.REFUSED, 1, DeliveryState.FAILED),
        (Result.GONE, 1, DeliveryState.FAILED),
    ],
)
def test_what_becomes_of_a_delivery(result: Result, attempts: int, state: DeliveryState) -> None:
    tried = Delivery("a.c", "account", "c", "a", 0, 0, attempts=attempts, claimed_until_ms=9)
    after = settled(tried, Outcome(result, "why"), 77, 5)
    assert (after.state, after.detail, after.claimed_until_ms) == (state, "why", 9)
    waits = state is DeliveryState.WAITING
    assert (after.due_at_ms, after.ended_at_ms) == ((77, None) if waits else (0, 5))


@given(
    st.integers(1_700_000_000_000, 1_900_000_000_000),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
def test_quiet_hours_end(time_ms: int, days: set[str], start: int, end: int) -> None:
    quiet = Schedule(tuple(days), start, end)
    loud_ms = loud_from(channel(quiet=quiet), time_ms)
    if loud_ms is None:
        assert all(quiet.covers(time_ms + n * 3_600_000, ZONE) for n in range(168))
        return
    assert loud_ms >= time_ms
    assert not quiet.covers(loud_ms, ZONE)
    assert loud_ms == time_ms or quiet.covers(loud_ms - 1, ZONE)


def test_a_channel_that_cannot_work_is_refused_by_field() -> None:
    always = Schedule(WEEKDAYS, 0, 1440)
    wrong = channel(quiet=always, gather_s=-1.0, digest_hour=24)
    wrong = attrs.evolve(wrong, name="")
    fields = [error.field for error in channel_errors(wrong)]
    assert fields == ["name", "gather_s", "digest_hour", "quiet"]
    assert channel_errors(channel(quiet=NIGHTS)) == []


def test_in_words() -> None:
    one = alert(at("2026-09-22 16:30:00"), ago_s=148 * 60)
    assert times(one, ZONE) == "happened 14:02, learned 16:30"
    older = alert(at("2026-09-22 01:30:00"), ago_s=3 * 3_600)
    assert times(older, ZONE) == "happened 21 Sep 22:30, learned 01:30"
    assert subject(Message("m", [one])) == "Ana left School"
    assert subject(Message("m", [one, one, one])) == "3 alerts: Ana left School and 2 more"
    assert "\n" not in subject(Message("m", [attrs.evolve(one, text="a\r\nb")]))
    assert "test" in subject(Message("m"))
