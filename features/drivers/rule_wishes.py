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
        reasons = {condition.field: condition.reason}
        raise Denied(Denial.A_MISTAKE, condition.reason, reasons)
    return RuleDraft(
        name=wish.name,
        scope=Scope(people=wish.people),
        when=condition,
        hold_s=wish.hold_s,
        clear_s=wish.clear_s,
        schedule=schedule_of(wish.hours),
        cooldown_s=wish.cooldown_s,
        severity=Severity(wish.severity),
        channels=("dashboard",),
        enabled=True,
        also_now=wish.also_now,
    )


def body_of(wish: RuleWish) -> dict[str, Any]:
    return {
        "name": wish.name,
        "scope": {"people": list(wish.people)},
        "when": dict(wish.when),
        "hold_s": wish.hold_s,
        "clear_s": wish.clear_s,
        "cooldown_s": wish.cooldown_s,
        "schedule": hours_body(wish.hours),
        "severity": wish.severity,
        "also_now": wish.also_now,
    }


def schedule_of(hours: Hours | None) -> Schedule | None:
    if hours is None:
        return None
    start, end = _minutes(hours.start), _minutes(hours.end)
    return Schedule(hours.days, start, end, hours.calendar)


def hours_body(hours: Hours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    body: dict[str, Any] = {"days": list(hours.days), "from": hours.start, "to": hours.end}
    return {**body, "except": hours.calendar} if hours.calendar else body


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
