"""What scenarios and drivers hand to each other.

Observations are mappings with the names and units of the outer contract and a `time`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import attrs

Observation = Mapping[str, Any]


class Denial(StrEnum):
    NOT_KNOWN = "turned away: not known"
    NOT_FOUND = "nowhere to be found"
    NOT_POSSIBLE = "not possible as things stand"
    A_MISTAKE = "refused as a mistake"


class Denied(Exception):
    """The platform does not do what was asked."""

    def __init__(
        self, denial: Denial, detail: str, reasons: Mapping[str, str] | None = None
    ) -> None:
        """`reasons` are by the field that is at fault."""
        super().__init__(f"{denial}: {detail}")
        self.denial = denial
        self.reasons = reasons or {}


@attrs.frozen
class Owner:
    """Who signs in to an account, and by which secret they are known."""

    email: str
    secret: str


@attrs.frozen
class Agent:
    """A program on a device, known by its credential."""

    device_id: str
    credential: str


@attrs.frozen
class AppAccess:
    """What the settings of an agent that people already have are filled in with."""

    app: str
    device_id: str
    token_id: str
    token: str
    address: str


@attrs.frozen
class Hours:
    """Weekly hours, `start` and `end` as HH:MM in the person's time zone. The days of the
    calendar with this id are exceptions to the hours of a rule.
    """

    days: tuple[str, ...]
    start: str
    end: str
    calendar: str | None = None


@attrs.frozen
class RuleWish:
    """A rule as somebody asks for it; `when` is the condition in the contract's form."""

    when: Mapping[str, Any]
    people: tuple[str, ...] = ()
    hold_s: float = 0.0
    cooldown_s: float = 0.0
    hours: Hours | None = None
    severity: str = "info"
    clear_s: float = 0.0
    also_now: bool = False
    name: str = "a rule"


@attrs.frozen
class RefusedPart:
    index: int | None
    field: str
    reason: str


@attrs.frozen
class Receipt:
    outcome: str
    accepted: int
    refused: tuple[RefusedPart, ...]
    reason: str | None


@attrs.frozen
class Task:
    """A request for data as the agent is told of it."""

    id: str
    kind: str
    start: datetime
    end: datetime


@attrs.frozen
class Told:
    """What an agent hears when it checks in; `collect` is None when it knows that already."""

    policy_version: int
    collect: frozenset[str] | None
    tasks: tuple[Task, ...]

    @property
    def news(self) -> bool:
        return self.collect is not None or bool(self.tasks)
