"""Late data fills in history, and raises only what has really happened in it."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.client import Account, Device, fix, now

HOME = (45.8, 14.3)
AWAY = (45.9, 14.3)
HOUR_S = 3_600.0
DAY_S = 86_400.0


@pytest.fixture
def device(account: Account) -> Device:
    device = account.enrolled()
    place = account.place(*HOME, name="Home")
    account.rule({"leaves": place}, name="left")
    account.rule({"enters": place}, name="entered")
    return device


def stay(where: tuple[float, float], from_ago_s: float, to_ago_s: float) -> list[dict[str, Any]]:
    """A fix every ten minutes."""
    count = int((from_ago_s - to_ago_s) / 600)
    return [fix(*where, ago_s=from_ago_s - 600 * number) for number in range(count)]


def raised(device: Device) -> list[str]:
    """The names of the rules that have raised an alert, in the order in which it happened."""
    device.account.server.settled()
    return [alert["rule_name"] for alert in reversed(device.account.alerts())]


def test_three_days_without_a_network_raise_nothing_that_did_not_happen(device: Device) -> None:
    device.deliver("location", *stay(HOME, 4 * DAY_S, 3 * DAY_S))
    device.deliver("location", fix(*HOME))  # back in the network: the live position first
    backlog = stay(HOME, 3 * DAY_S, HOUR_S)
    for start in range(0, len(backlog), 50):
        device.deliver("location", *backlog[start : start + 50])
    assert raised(device) == []
    assert len(device.observations("location")) == len(stay(HOME, 4 * DAY_S, HOUR_S)) + 1


def test_a_backlog_from_elsewhere_does_not_mean_that_the_device_has_just_left(
    device: Device,
) -> None:
    device.deliver("location", fix(*HOME, ago_s=60))
    device.deliver("location", *stay(AWAY, 3 * DAY_S, 2 * DAY_S))
    device.deliver("location", fix(*HOME))
    assert raised(device) == []


def test_what_happened_in_the_backlog_is_raised_as_late(device: Device) -> None:
    device.deliver("location", fix(*AWAY))
    left_s = 2 * DAY_S
    device.deliver("location", *stay(HOME, 3 * DAY_S, left_s), *stay(AWAY, left_s, DAY_S))
    assert raised(device) == ["left"]
    (alert,) = device.account.alerts()
    assert alert["late"] is True
    happened = datetime.fromisoformat(alert["occurred_at"])
    learned = datetime.fromisoformat(alert["learned_at"])
    assert abs((datetime.now(UTC) - happened).total_seconds() - left_s) < 60
    assert (datetime.now(UTC) - learned).total_seconds() < 60
    assert alert["observation"]["time"] == alert["occurred_at"]


def test_what_happens_now_is_not_late(device: Device) -> None:
    device.deliver("location", fix(*HOME, ago_s=20), fix(*AWAY, ago_s=10))
    assert raised(device) == ["left"]
    assert device.account.alerts()[0]["late"] is False


def test_the_live_position_stays_what_it_is_while_a_backlog_comes_in(device: Device) -> None:
    backlog = stay(AWAY, 6 * DAY_S, HOUR_S)
    device.deliver("location", *backlog[:400])
    device.deliver("location", fix(*HOME))
    device.account.server.settled()
    assert device.latest("location")["lat"] == HOME[0]
    device.deliver("location", *backlog[400:])
    device.account.server.settled()
    assert device.latest("location")["lat"] == HOME[0]


def test_a_backlog_in_any_order_is_one_history(device: Device) -> None:
    rows = stay(HOME, 3 * DAY_S, 2 * DAY_S)
    parts = [rows[start : start + 12] for start in range(0, len(rows), 12)]
    random.Random(3).shuffle(parts)
    for part in parts:
        random.Random(4).shuffle(part)
        device.deliver("location", *part)
    device.account.server.settled()
    found = [one["time"] for one in device.observations("location")]
    assert len(found) == len(rows)
    assert found == sorted(found)
    assert raised(device) == []


def test_a_backlog_that_is_sent_twice_raises_its_alerts_once(device: Device) -> None:
    rows = [*stay(HOME, 3 * DAY_S, 2 * DAY_S), *stay(AWAY, 2 * DAY_S, DAY_S)]
    device.deliver("location", fix(*AWAY))
    device.deliver("location", *rows, sequence=100)
    assert device.send("location", *rows, sequence=100)["outcome"] == "duplicate"
    assert raised(device) == ["left"]


def test_a_clock_that_runs_ahead_is_borne_for_a_day(device: Device) -> None:
    device.deliver("location", fix(*HOME, ago_s=-23 * HOUR_S))
    receipt = device.send("location", fix(*HOME, ago_s=-25 * HOUR_S))
    assert receipt["refused"] == [{"index": 0, "field": "time", "reason": "too_late"}]
    receipt = device.send("location", {"time": "1999-12-31T23:59:59Z", "lat": 1, "lon": 2})
    assert receipt["refused"] == [{"index": 0, "field": "time", "reason": "too_early"}]
    device.deliver("location", {"time": "2000-01-01T00:00:00Z", "lat": 1, "lon": 2})
    assert now() < device.latest("location")["time"]
