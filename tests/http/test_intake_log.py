"""The intake log over HTTP."""

from typing import Any

import pytest

from tests.support.client import Account, fix
from tests.support.waiting import until


def test_what_came_in_is_told_by_day_and_kind(account: Account) -> None:
    device = account.enrolled(kinds=["location"])
    started = fix(1, 2)
    device.deliver("location", fix(1, 2, ago_s=60), started)
    device.agent.post(
        "/agent/v1/batches",
        {"batches": [{"kind": "call", "sequence": 1, "observations": [{"time": started["time"]}]}]},
    ).expect(200)
    path = f"{device.path}/intake"

    def lines() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = account.api.get(path, days=2).expect(200)["items"]
        return found

    until(lambda: len(lines()) == 2, "both are in the log", 30.0)
    call, location = sorted(lines(), key=lambda line: str(line["kind"]))
    assert (location["accepted_batches"], location["accepted"]) == (1, 2)
    assert (call["refused_batches"], call["reason"]) == (1, "no_consent")
    assert location["first_at"] == location["last_at"] >= started["time"]
    assert location["first_at"][:10] == location["date"]


@pytest.mark.parametrize("days", [0, 32, "all"])
def test_days_that_cannot_be(account: Account, days: Any) -> None:
    device = account.enrolled()
    account.api.get(f"{device.path}/intake", days=days).expect_problem(422, "days")
