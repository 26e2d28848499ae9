"""The bodies that the dashboard API takes, with their bounds."""

from datetime import datetime
from typing import Annotated, Any, Literal

import attrs
import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from application.faults import Invalid
from domain.device import Agent
from domain.kinds import Kind
from domain.place import MAX_CORNERS, Circle, Polygon
from domain.refusals import FieldError
from domain.rules.rule import Severity
from domain.schedule import WEEKDAYS, Schedule
from domain.times import CALENDAR_MS, from_datetime

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Moment = Annotated[datetime, Meta(tz=True)]
ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Platform = Literal["android", "ios", "windows", "macos", "linux", "other"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Body(Struct, forbid_unknown_fields=True):
    """A JSON object in which a field that is not known is an error."""


class SignInBody(Body):
    email: Annotated[str, Meta(max_length=300)]
    password: Annotated[str, Meta(max_length=200)]


class WelcomeBody(Body):
    code: Annotated[str, Meta(max_length=64)]
    account_name: Name
    email: Annotated[str, Meta(max_length=300)]
    password: Annotated[str, Meta(max_length=200)]


class PersonBody(Body):
    name: Name
    time_zone: Annotated[str, Meta(max_length=64)] = "UTC"


class PersonChange(Body):
    name: Name | None = None
    time_zone: Annotated[str, Meta(max_length=64)] | None = None


class ScheduleBody(Body):
    """Local hours in the person's time zone; `to` at or before `from` is on the next day."""

    days: Annotated[list[Weekday], Meta(min_length=1, max_length=7)] = field(
        default_factory=lambda: list(WEEKDAYS)  # type: ignore[arg-type]
    )
    start: ClockTime = field(name="from", default="00:00")
    end: ClockTime = field(name="to", default="24:00")

    def schedule(self) -> Schedule:
        days = tuple(day for day in WEEKDAYS if day in self.days)
        return Schedule(days, _minutes(self.start), _minutes(self.end))


class RuleScheduleBody(ScheduleBody):
    """Hours on days that are not exceptions: those of the calendar `except`."""

    exceptions: Id | None = field(name="except", default=None)

    def schedule(self) -> Schedule:
        return attrs.evolve(super().schedule(), calendar_id=self.exceptions)


class ConsentBody(Body):
    kinds: Annotated[list[Kind], Meta(min_length=1, max_length=20)]
    start: Moment | None = field(name="from", default=None)
    end: Moment | None = field(name="to", default=None)
    schedule: ScheduleBody | None = None


class DeviceBody(Body):
    person_id: Id
    name: Name
    platform: Platform = "other"


class DeviceChange(Body):
    name: Name | None = None
    person_id: Id | None = None


class TokenBody(Body):
    agent: Agent


class PullRequestBody(Body):
    kind: Kind
    start: Moment = field(name="from")
    end: Moment = field(name="to")
    limit: int = 5_000


class CollectionBody(Body):
    enabled: bool = True
    interval_s: int = 300


class PolicyBody(Body):
    kinds: dict[Kind, CollectionBody]


class CircleBody(Body):
    lat: float
    lon: float
    radius_m: float


Corners = Annotated[list[tuple[float, float]], Meta(max_length=MAX_CORNERS)]


class PlaceBody(Body):
    name: Name
    circle: CircleBody | None = None
    polygon: Corners | None = None


class PlaceChange(Body):
    name: Name | None = None
    circle: CircleBody | None = None
    polygon: Corners | None = None


class ScopeBody(Body):
    """Whom the rule is about; nobody named means everybody."""

    people: Annotated[list[Id], Meta(max_length=200)] = field(default_factory=list)
    devices: Annotated[list[Id], Meta(max_length=200)] = field(default_factory=list)


class RuleBody(Body):
    name: Name
    when: dict[str, Any]
    scope: ScopeBody = field(default_factory=ScopeBody)
    hold_s: float = 0
    clear_s: float = 0
    schedule: RuleScheduleBody | None = None
    cooldown_s: float = 0
    severity: Severity = Severity.INFO
    channels: Annotated[list[str], Meta(max_length=20)] = field(
        default_factory=lambda: ["dashboard"]
    )
    enabled: bool = True
    also_now: bool = False


class BacktestBody(Body):
    """One rule, or several. `wait_s`: how long the answer may wait for the end; the job goes on
    by itself.
    """

    rule: RuleBody | None = None
    rules: Annotated[list[RuleBody], Meta(min_length=1, max_length=20)] | None = None
    days: Annotated[int, Meta(ge=1, le=90)] = 7
    wait_s: Annotated[float, Meta(ge=0, le=20)] = 0


class RuleChange(Body):
    """What is left out stays as it is; `schedule: null` takes the schedule away."""

    name: Name | UnsetType = UNSET
    when: dict[str, Any] | UnsetType = UNSET
    scope: ScopeBody | UnsetType = UNSET
    hold_s: float | UnsetType = UNSET
    clear_s: float | UnsetType = UNSET
    schedule: RuleScheduleBody | None | UnsetType = UNSET
    cooldown_s: float | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    channels: Annotated[list[str], Meta(max_length=20)] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    also_now: bool | UnsetType = UNSET


def moment_ms(moment: datetime, field: str) -> int:
    """Raises Invalid for what an offset takes out of the calendar in UTC."""
    moment_ms = from_datetime(moment)
    if moment_ms not in CALENDAR_MS:
        raise Invalid.of([FieldError(field, "is beyond the calendar")])
    return moment_ms


def shape_of(body: PlaceBody | PlaceChange, *, needed: bool) -> Circle | Polygon | None:
    """Raises Invalid unless there is one shape (none, where it is not needed)."""
    if body.circle is not None and body.polygon is not None:
        raise Invalid.of([FieldError("polygon", "a place is a circle or a polygon, not both")])
    if body.circle is not None:
        return Circle(**msgspec.structs.asdict(body.circle))
    if body.polygon is not None:
        return Polygon(tuple((lat, lon) for lat, lon in body.polygon))
    if needed:
        raise Invalid.of([FieldError("circle", "give a circle or a polygon")])
    return None


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
