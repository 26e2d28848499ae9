"""What a scenario has set up so far, and what became of what it did last."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from features.drivers.backtests import TrialAlert
from features.drivers.base import Driver
from features.drivers.mappings import Trial
from features.drivers.seen import AlertSeen
from features.drivers.values import Agent, AppAccess, Denied, Observation, Owner, Receipt, Told
from features.steps import wording

SPOTS = {"Home": (45.800, 14.360), "School": (45.900, 14.360)}
"""The middle of each place that scenarios know; ten kilometres apart."""

_M_PER_DEGREE = math.radians(1) * 6_371_008.8


@attrs.define
class Carried:
    """A device, its agent, and what the agent remembers of its deliveries."""

    id: str
    person: str
    codes: list[str] = attrs.field(factory=list)
    agent: Agent | None = None
    earlier: Agent | None = None
    numbers: dict[str, int] = attrs.field(factory=dict)
    last: tuple[str, int, Sequence[Observation]] | None = None
    policy_version: int = 0
    waiting: "Future[Told] | None" = None
    apps: dict[str, AppAccess] = attrs.field(factory=dict)

    def speaking(self) -> Agent:
        assert self.agent is not None, "the device is not enrolled"
        return self.agent


@attrs.define
class World:
    """One account and all that the scenario knows of it, by the names in its sentences."""

    driver: Driver
    owner: Owner
    now: datetime
    """The scenario's own now: every `ago` counts from here."""
    people: dict[str, str] = attrs.field(factory=dict)
    zones: dict[str, ZoneInfo] = attrs.field(factory=dict)
    consents: dict[str, list[str]] = attrs.field(factory=dict)
    devices: dict[str, Carried] = attrs.field(factory=dict)
    places: dict[str, str] = attrs.field(factory=dict)
    radii_m: dict[str, float] = attrs.field(factory=dict)
    calendars: dict[str, str] = attrs.field(factory=dict)
    rules: list[str] = attrs.field(factory=list)
    requests: list[str] = attrs.field(factory=list)
    receipt: Receipt | None = None
    denied: Denied | None = None
    neighbour: Owner | None = None
    mappings: dict[str, str] = attrs.field(factory=dict)
    trial: Trial | None = None
    backtest: list[TrialAlert] = attrs.field(factory=list)
    movements: list[Mapping[str, Any]] = attrs.field(factory=list)
    track: Mapping[str, Any] = attrs.field(factory=dict)

    @classmethod
    def of(cls, driver: Driver, name: str) -> "World":
        owner = driver.platform.open_account(name)
        return cls(driver, owner, driver.platform.now().replace(microsecond=0))

    def device(self, name: str) -> Carried:
        return self.devices[name]

    def moment(self, text: str, person: str) -> datetime:
        return wording.moment(text, self.now, self.zones.get(person, ZoneInfo("UTC")))

    def attempt(self, what: Callable[[], object]) -> None:
        """Do it and remember whether it was denied."""
        self.denied = None
        try:
            what()
        except Denied as denied:
            self.denied = denied

    def settled(self) -> None:
        self.driver.platform.await_processing()

    def kept(self, name: str, kind: str) -> list[Observation]:
        self.settled()
        return self.driver.people.kept(self.owner, self.device(name).id, kind)

    def alerts(self) -> list[AlertSeen]:
        self.settled()
        return self.driver.people.alerts(self.owner)

    def last_receipt(self) -> Receipt:
        assert self.receipt is not None, "nothing has been delivered"
        return self.receipt

    def position(self, where: str) -> tuple[float, float]:
        """`at Home`, `500 m from School`, `10 m beyond School's edge`, `nowhere on earth`."""
        if where == "nowhere on earth":
            return 123.4, 14.36
        words = where.split(" ")
        name = words[-2].removesuffix("'s") if words[-1] == "edge" else words[-1]
        lat, lon = SPOTS[name]
        if words[0] == "at":
            return lat, lon
        distance_m = float(words[0]) + (self.radii_m[name] if words[-1] == "edge" else 0.0)
        return round(lat + distance_m / _M_PER_DEGREE, 7), lon


def observed(at: datetime, **fields: object) -> Observation:
    """An observation in the contract's form; what is None is not said."""
    said: Mapping[str, object] = {k: v for k, v in fields.items() if v is not None}
    return {"time": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), **said}
