"""The vocabulary between steps and the platform: what people, agents and time can do.

A driver is three objects, so that another way in for agents can be put beside the same people.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from features.drivers.backtests import BacktestPeople
from features.drivers.channels import ChannelPeople
from features.drivers.days import DayPeople
from features.drivers.mappings import MappingPeople
from features.drivers.movements import MovementPeople
from features.drivers.rule_making import RulePeople
from features.drivers.seen import (
    AlertSeen,
    DeviceSeen,
    IntakeSeen,
    QuarantineSeen,
    RequestSeen,
)
from features.drivers.values import (
    Agent,
    AppAccess,
    Hours,
    Observation,
    Owner,
    Receipt,
    RuleWish,
    Told,
)


class Ability(StrEnum):
    """What not every driver can do. The values are the tags of scenarios that need it."""

    MOVES_CLOCK = "moves-clock"
    HOLDS_PROCESSING = "holds-processing"
    OWN_APPS = "own-apps"


class Platform(ABC):
    """The platform as a whole, and its time."""

    abilities: frozenset[Ability]

    @abstractmethod
    def now(self) -> datetime: ...

    @abstractmethod
    def let_pass(self, duration: timedelta) -> None:
        """Needs MOVES_CLOCK."""

    @abstractmethod
    def open_account(self, name: str) -> Owner: ...

    @abstractmethod
    def await_processing(self) -> None:
        """Return when all that was acknowledged has had its effects. Raises TimeoutError."""

    @abstractmethod
    def hold_processing(self) -> None:
        """Acknowledge, and process nothing until `resume_processing`. Needs HOLDS_PROCESSING."""

    @abstractmethod
    def resume_processing(self) -> None: ...

    @abstractmethod
    def look_for_silence(self) -> None:
        """Have silence noticed now where that can be done; elsewhere it takes its time."""

    @abstractmethod
    def crash(self) -> None:
        """End at once, whatever is under way, and start again on the same data."""

    @abstractmethod
    def close(self) -> None: ...


class People(
    DayPeople, MovementPeople, BacktestPeople, ChannelPeople, MappingPeople, RulePeople, ABC
):
    """What the people of an account do and see. Every call may raise Denied."""

    @abstractmethod
    def add_person(self, owner: Owner, name: str) -> str: ...

    @abstractmethod
    def move(self, owner: Owner, person_id: str, time_zone: str) -> None: ...

    @abstractmethod
    def add_device(self, owner: Owner, person_id: str, name: str) -> str: ...

    @abstractmethod
    def retire_device(self, owner: Owner, device_id: str) -> None: ...

    @abstractmethod
    def issue_code(self, owner: Owner, device_id: str) -> str: ...

    @abstractmethod
    def issue_token(self, owner: Owner, device_id: str, app: str) -> AppAccess: ...

    @abstractmethod
    def revoke_token(self, owner: Owner, access: AppAccess) -> None: ...

    @abstractmethod
    def allow(
        self,
        owner: Owner,
        person_id: str,
        kinds: Sequence[str],
        start: datetime | None = None,
        hours: Hours | None = None,
    ) -> str:
        """Record a consent; its id."""

    @abstractmethod
    def withdraw(self, owner: Owner, person_id: str, consent_id: str) -> None: ...

    @abstractmethod
    def draw_circle(
        self, owner: Owner, name: str, lat: float, lon: float, radius_m: float
    ) -> str: ...

    @abstractmethod
    def make_rule(self, owner: Owner, wish: RuleWish) -> str: ...

    @abstractmethod
    def remove_rule(self, owner: Owner, rule_id: str) -> None: ...

    @abstractmethod
    def ask_device(
        self, owner: Owner, device_id: str, kind: str, start: datetime, end: datetime
    ) -> str:
        """Make a request for data; its id."""

    @abstractmethod
    def requests(self, owner: Owner, device_id: str) -> list[RequestSeen]: ...

    @abstractmethod
    def device(self, owner: Owner, device_id: str) -> DeviceSeen: ...

    @abstractmethod
    def kept(self, owner: Owner, device_id: str, kind: str) -> list[Observation]:
        """All observations of a kind, in time order."""

    @abstractmethod
    def alerts(self, owner: Owner) -> list[AlertSeen]:
        """Oldest first by when they happened."""

    @abstractmethod
    def acknowledge(self, owner: Owner, alert_id: str) -> None: ...

    @abstractmethod
    def quarantine(self, owner: Owner) -> list[QuarantineSeen]: ...

    @abstractmethod
    def intake_log(self, owner: Owner, device_id: str) -> list[IntakeSeen]:
        """What the device brought lately, in the order of kinds. It may be seconds behind."""

    @abstractmethod
    def names(self, owner: Owner) -> dict[str, list[str]]:
        """The names of all `people`, `devices` and `places` of the account."""


class Agents(ABC):
    """What programs on devices do. Every call may raise Denied."""

    @abstractmethod
    def enrol(self, code: str) -> Agent: ...

    @abstractmethod
    def deliver(
        self, agent: Agent, kind: str, sequence: int, observations: Sequence[Observation]
    ) -> Receipt: ...

    @abstractmethod
    def check_in(self, agent: Agent, policy_version: int | None = None) -> Told: ...

    @abstractmethod
    def wait_for_news(self, agent: Agent, policy_version: int) -> "Future[Told]":
        """Wait, without holding up the caller, until there is news for the agent."""

    @abstractmethod
    def answer(
        self,
        agent: Agent,
        request_id: str,
        delivery: tuple[str, int, Sequence[Observation]],
        complete: bool,
    ) -> Receipt:
        """Answer a request with one batch: its kind, number and observations."""

    @abstractmethod
    def give_up(self, agent: Agent, request_id: str, reason: str) -> None: ...

    @abstractmethod
    def send_words(self, access: AppAccess, words: bytes) -> None:
        """What an app says, in its own format. Needs OWN_APPS."""


@attrs.frozen
class Driver:
    """One way in."""

    platform: Platform
    people: People
    agents: Agents
