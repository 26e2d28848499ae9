"""A rule as JSON and back, for work that is handed to another process."""

from collections.abc import Mapping
from typing import Any

import attrs

from domain.refusals import FieldError
from domain.rules.parsing import condition_json, parse_condition
from domain.rules.rule import Rule, Scope, Severity
from domain.schedule import Schedule


def rule_json(rule: Rule) -> dict[str, Any]:
    return {
        **attrs.asdict(rule),
        "severity": rule.severity.value,
        "when": condition_json(rule.when),
    }


def rule_of_json(fields: Mapping[str, Any]) -> Rule:
    """Raises ValueError for what is no rule, or one of a later version."""
    when = parse_condition(fields["when"])
    if isinstance(when, FieldError):
        raise ValueError(f"{when.field}: {when.reason}")
    schedule = fields["schedule"]
    return Rule(
        **{
            **fields,
            "when": when,
            "scope": Scope(**{name: tuple(ids) for name, ids in fields["scope"].items()}),
            "schedule": schedule and Schedule(**{**schedule, "days": tuple(schedule["days"])}),
            "severity": Severity(fields["severity"]),
            "channels": tuple(fields["channels"]),
        }
    )
