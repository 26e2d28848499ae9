"""A rule: scope, condition, hold and clear, schedule, cooldown, severity and channels."""

from enum import StrEnum

import attrs

from domain.rules.condition import Condition
from domain.schedule import Schedule

MAX_HOLD_S = 7 * 86_400.0
MAX_SCOPE = 200
MAX_NAME = 200
DASHBOARD = "dashboard"
"""The channel that every account has: the page itself."""


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@attrs.frozen
class Scope:
    """Whom a rule is about; a scope that names nobody is about everybody in the account."""

    people: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()

    def covers(self, person_id: str, device_id: str) -> bool:
        if not self.people and not self.devices:
            return True
        return person_id in self.people or device_id in self.devices


@attrs.frozen
class Rule:
    """`hold_s`: how long the condition must last before an alert is raised. `clear_s`: how
    long it must be over before a new alert may follow. `cooldown_s`: the least time between
    two alerts for one device. `version` rises with each change of what is judged, which starts the
    rule anew.
    `also_now`: what is so already when the rule is made counts as well.
    """

    id: str
    account_id: str
    name: str
    scope: Scope
    when: Condition
    created_at_ms: int
    hold_s: float = 0.0
    clear_s: float = 0.0
    schedule: Schedule | None = None
    cooldown_s: float = 0.0
    severity: Severity = Severity.INFO
    channels: tuple[str, ...] = (DASHBOARD,)
    enabled: bool = True
    version: int = 1
    also_now: bool = False
