"""A rule: scope, condition, hold and clear, schedule, cooldown, severity and channels."""

from collections.abc import Mapping
from enum import StrEnum

import attrs

from domain.refusals import FieldError
from domain.rules.condition import Condition, place_of
from domain.schedule import Schedule

MAX_HOLD_S = 7 * 86_400.0
MAX_SCOPE = 200
MAX_NAME = 200
CHANNELS = ("dashboard",)


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
    two alerts for one device. `version` rises with each change, which starts the rule anew.
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
    channels: tuple[str, ...] = CHANNELS
    enabled: bool = True
    version: int = 1
    also_now: bool = False


def rule_errors(rule: Rule, place_names: Mapping[str, str]) -> list[FieldError]:
    """Why a rule cannot work; `place_names` are the account's places by id."""
    errors = []
    if not 1 <= len(rule.name) <= MAX_NAME:
        errors.append(FieldError("name", f"must have 1 to {MAX_NAME} characters"))
    for field in ("hold_s", "clear_s", "cooldown_s"):
        if not 0.0 <= getattr(rule, field) <= MAX_HOLD_S:
            errors.append(FieldError(field, f"must be between 0 and {MAX_HOLD_S:.0f}"))
    place_id = place_of(rule.when)
    if place_id is not None and place_id not in place_names:
        errors.append(FieldError("when", f"there is no place {place_id}"))
    for channel in rule.channels:
        if channel not in CHANNELS:
            errors.append(FieldError("channels", f"there is no channel {channel}"))
    if len(rule.scope.people) + len(rule.scope.devices) > MAX_SCOPE:
        errors.append(FieldError("scope", f"may name {MAX_SCOPE} people and devices at most"))
    return errors
