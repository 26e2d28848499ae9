"""What people find out about a rule before they make it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from features.drivers.values import Owner, RuleWish


@attrs.frozen
class TrialAlert:
    """What the rule would have said, and when that happened; `over` when it ended, if it did."""

    text: str
    happened: datetime
    over: datetime | None


class BacktestPeople(ABC):
    @abstractmethod
    def try_rule(self, owner: Owner, wish: RuleWish, days: int) -> list[TrialAlert]:
        """What it would have said in so many days; returns when that is known. Raises Denied."""


def trial_alerts(job: Mapping[str, Any]) -> list[TrialAlert]:
    """Of a job that has ended, as the platform shows it."""
    assert job["state"] == "done", job
    return [
        TrialAlert(
            one["text"],
            datetime.fromisoformat(one["occurred_at"]),
            datetime.fromisoformat(one["cleared_at"]) if one["cleared_at"] else None,
        )
        for one in job["result"]["alerts"]
    ]
