"""A rule as somebody asks for it, in the forms in which the platform takes it."""

from typing import Any

from application.use_cases.manage_rules import RuleDraft
from domain.refusals import FieldError
from domain.rules.parsing import parse_condition
from domain.rules.rule import Scope, Severity
from domain.schedule import Schedule
from features.drivers.values import Denial, Denied, Hours, RuleWish


def draft_of(wish: RuleWish) -> RuleDraft:
    """Raises Denied for a condition that is none."""
    condition = parse_condition(wish.when)
    if isinstance(condition, FieldError):
        raise Denied(Denial.A_MISTAKE, condition.reason)
    return RuleDraft(
        name="a rule",
        scope=Scope(people=wish.people),
        when=condition,
        hold_s=wish.hold_s,
        clear_s=0.0,
        schedule=schedule_of(wish.hours),
        cooldown_s=wish.cooldown_s,
        severity=Severity(wish.severity),
        channels=("dashboard",),
        enabled=True,
    )


def body_of(wish: RuleWish) -> dict[str, Any]:
    return {
        "name": "a rule",
        "scope": {"people": list(wish.people)},
        "when": dict(wish.when),
        "hold_s": wish.hold_s,
        "cooldown_s": wish.cooldown_s,
        "schedule": hours_body(wish.hours),
        "severity": wish.severity,
    }


def schedule_of(hours: Hours | None) -> Schedule | None:
    if hours is None:
        return None
    return Schedule(hours.days, _minutes(hours.start), _minutes(hours.end))


def hours_body(hours: Hours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    return {"days": list(hours.days), "from": hours.start, "to": hours.end}


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
