"""The health of a device over HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.client import Account

DAY = date.today() - timedelta(days=2)


def test_battery_and_silence_by_day(account: Account) -> None:
    device = account.enrolled()
    device.deliver(
        "device_state",
        *(
            {"time": f"{DAY}T{hour:02d}:00:00Z", "battery": 1 - hour / 100, "os_version": "14"}
            for hour in range(20)
        ),
    )
    account.server.settled()
    path = f"{device.path}/health"
    found = account.api.get(path, from_=DAY, to=DAY, max_points=6).expect(200)
    assert len(found["battery"]["time"]) == len(found["battery"]["level"]) <= 6
    assert found["lowest"] == {"time": f"{DAY}T19:00:00Z", "battery": 0.81}
    assert found["discharge_per_h"] == 0.01
    assert found["versions"][0]["last"] == f"{DAY}T19:00:00Z"
    assert found["days"] == [{"date": DAY.isoformat(), "observations": 20, "silent_s": 18_000.0}]
    before = DAY - timedelta(days=1)
    quiet = account.api.get(path, from_=before, to=before).expect(200)
    assert quiet["silences"] == [], "it was not there yet"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from_": DAY, "to": DAY - timedelta(days=1)}, "to"),
        ({"from_": DAY - timedelta(days=92), "to": DAY}, "to"),
        ({"from_": DAY, "to": DAY, "max_points": 3}, "max_points"),
        ({"from_": DAY, "to": DAY, "max_points": 2_001}, "max_points"),
        ({"from_": "9999-12-31", "to": "9999-12-31"}, "from"),
    ],
)
def test_what_cannot_be_asked(account: Account, query: dict[str, Any], field: str) -> None:
    account.api.get(f"{account.device().path}/health", **query).expect_problem(422, field)
