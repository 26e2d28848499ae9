"""Devices that are never heard of again."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.client import Account, Device
from tests.support.waiting import until


def last_seen(device: Device, seconds_ago: float) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    device.deliver("device_state", {"time": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "battery": 0.5})
    device.account.server.settled()


def test_a_rule_watches_from_the_moment_at_which_it_is_made(account: Account) -> None:
    soon, long_ago, never = (account.enrolled() for _ in range(3))
    last_seen(soon, 57)
    last_seen(long_ago, 3_600)
    account.rule({"silent_for_s": 60})
    alert = until(lambda: first(account), "an alert", 40)
    assert alert["device_id"] == soon.id
    assert not alert["late"]
    time.sleep(6)
    assert {one["device_id"] for one in account.alerts()} == {soon.id}, "silent when it was made"
    assert never.id


def test_what_is_silent_already_is_told_where_that_is_wanted(account: Account) -> None:
    device = account.enrolled()
    last_seen(device, 3_600)
    account.rule({"silent_for_s": 600}, also_now=True)
    alert = until(lambda: first(account), "an alert", 40)
    assert alert["device_id"] == device.id


def test_an_open_alert_is_cleared_after_a_change_of_its_rule(account: Account) -> None:
    device = account.enrolled()
    last_seen(device, 3_600)
    rule_id = account.rule({"silent_for_s": 600}, also_now=True)
    until(lambda: first(account), "an alert", 40)
    account.api.patch(f"/api/v1/rules/{rule_id}", {"when": {"silent_for_s": 900}}).expect(200)
    time.sleep(6)
    (alert,) = account.alerts()
    assert alert["cleared_at"] is None
    last_seen(device, 0)
    until(lambda: account.alerts()[0]["cleared_at"], "it is over")


def first(account: Account) -> Any:
    return next(iter(account.alerts()), None)
