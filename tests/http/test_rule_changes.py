"""What a change of a rule starts anew, and what it lets go on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.client import Account, Device


def battery(device: Device, minutes_ago: float, level: float) -> None:
    time = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    device.deliver("device_state", {"time": f"{time:%Y-%m-%dT%H:%M:%SZ}", "battery": level})
    device.account.server.settled()


@pytest.mark.parametrize(
    ("change", "goes_on"),
    [
        ({"cooldown_s": 60}, True),
        ({"channels": []}, True),
        ({"name": "another name", "severity": "critical"}, True),
        ({"when": {"battery_below": 0.2}}, False),
        ({"hold_s": 30}, False),
    ],
)
def test_only_what_is_judged_starts_a_rule_anew(
    account: Account, change: dict[str, Any], goes_on: bool
) -> None:
    device = account.enrolled()
    rule_id = account.rule({"battery_below": 0.15}, channels=["dashboard"])
    battery(device, 9, 0.5)
    battery(device, 8, 0.1)
    assert len(account.alerts()) == 1
    account.api.patch(f"/api/v1/rules/{rule_id}", change).expect(200)
    battery(device, 6, 0.12)
    battery(device, 4, 0.6)
    (alert,) = account.alerts()
    assert (alert["cleared_at"] is not None) is goes_on
