"""One of each thing that people configure, with and without what is optional."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from domain.access import ApiToken, AuditEntry, WebSession
from domain.account import Account, Person, Role, User
from domain.calendar import Calendar, DayRange
from domain.categories import Category, CategorySet
from domain.channel import Channel, ChannelKind, Digest, Health
from domain.consent import Consent
from domain.contact import Contact
from domain.device import Agent, AgentInfo, Credential, Device, DeviceStatus, Enrolment
from domain.job import Job, JobKind, JobState
from domain.kinds import Kind
from domain.mapping import DocumentMapping
from domain.place import Circle, Place, Polygon
from domain.policy import Collection, PolicySettings
from domain.pull_request import PullRequest, PullState
from domain.rules.condition import (
    BatteryBelow,
    Condition,
    Enters,
    Inside,
    Leaves,
    Outside,
    SilentFor,
    SpeedOver,
)
from domain.rules.rule import Rule, Scope, Severity
from domain.schedule import Schedule
from tests.contracts.builders import ACCOUNT, NOW_MS


@attrs.frozen
class Entity:
    """`key` is what `get` asks for; `unique` the field that `by_unique` knows."""

    entity: Any
    key: str
    unique: str | None = None


def person(ident: str, *, account: str = ACCOUNT, name: str = "Ana") -> Person:
    return Person(ident, account, name, "UTC", NOW_MS)


_SCHEDULE = Schedule(("mon", "sun"), 480, 900)
_WHENS: tuple[Condition, ...] = (
    Inside("place"),
    Outside("place"),
    Enters("place"),
    Leaves("place"),
    SpeedOver(36.5),
    BatteryBelow(0.15),
    SilentFor(3_600.0),
)

_BY_ID: Mapping[str, Sequence[Any]] = {
    "accounts": [Account(ACCOUNT, "The family 👪", NOW_MS)],
    "users": [User("u", ACCOUNT, "ana@example.org", "$argon2id$x", Role.VIEWER, NOW_MS)],
    "api_tokens": [ApiToken("t", ACCOUNT, "u", "digest", NOW_MS)],
    "sessions": [WebSession("s", ACCOUNT, "u", "digest", "csrf", NOW_MS, NOW_MS + 1)],
    "people": [person("p", name="Žan 'x' \\ \n é")],
    "devices": [
        Device("d", ACCOUNT, "p", "phone", "android", NOW_MS),
        Device(
            "e",
            ACCOUNT,
            "p",
            "watch",
            "ios",
            NOW_MS,
            DeviceStatus.RETIRED,
            AgentInfo("agent", "1.0", "ios"),
            7,
        ),
    ],
    "enrolments": [
        Enrolment("e", ACCOUNT, "d", "digest", NOW_MS, NOW_MS + 1),
        Enrolment("f", ACCOUNT, "d", "digest-2", NOW_MS, NOW_MS + 1, NOW_MS),
    ],
    "credentials": [
        Credential("c", ACCOUNT, "d", Agent.FIELDPOST, "digest", NOW_MS),
        Credential("d", ACCOUNT, "d", Agent.OSMAND, "digest-2", NOW_MS, NOW_MS + 1),
    ],
    "consents": [
        Consent("c", ACCOUNT, "p", (Kind.LOCATION, Kind.CALL), NOW_MS),
        Consent("d", ACCOUNT, "p", (Kind.CALL,), NOW_MS, 2, 1, NOW_MS, _SCHEDULE, NOW_MS),
    ],
    "places": [
        Place("p", ACCOUNT, "School", Circle(45.8, 14.3, 100.0), NOW_MS),
        Place("q", ACCOUNT, "Park", Polygon(((45.0, 14.0), (45.1, 14.0), (45.0, 14.1))), NOW_MS),
    ],
    "rules": [
        Rule(f"r{number}", ACCOUNT, "a rule", Scope(), when, NOW_MS)
        for number, when in enumerate(_WHENS)
    ]
    + [
        Rule(
            "whole",
            ACCOUNT,
            "a rule",
            Scope(("p",), ("d", "e")),
            Leaves("place"),
            NOW_MS,
            600.5,
            60.0,
            _SCHEDULE,
            3_600.0,
            Severity.CRITICAL,
            (),
            False,
            9,
        )
    ],
    "calendars": [
        Calendar("c", ACCOUNT, "Holidays", (DayRange("2026-12-24", "2027-01-02"),), NOW_MS)
    ],
    "contacts": [
        Contact("c", ACCOUNT, "Žan", ("+386 1 234", "zan@example.org"), NOW_MS),
        Contact("d", ACCOUNT, "Eva", (), NOW_MS, "p"),
    ],
    "mappings": [
        DocumentMapping("m", ACCOUNT, "Meter", "meter", {"kind": "device_state"}, NOW_MS),
        DocumentMapping("n", ACCOUNT, "Meter", "meter", {}, NOW_MS, False, 7),
    ],
    "channels": [
        Channel("c", ACCOUNT, "Ana", ChannelKind.EMAIL, {"to": "ana@example.org"}, NOW_MS),
        Channel(
            "d",
            ACCOUNT,
            "x",
            ChannelKind.WEBHOOK,
            {},
            NOW_MS,
            False,
            0.5,
            _SCHEDULE,
            "UTC",
            Digest.DAILY,
            18,
            Health(3, NOW_MS, NOW_MS + 1, "no answer", NOW_MS + 2, NOW_MS + 3),
        ),
    ],
    "pull_requests": [
        PullRequest("r", ACCOUNT, "d", Kind.LOCATION, 1, NOW_MS, 5_000, NOW_MS),
        PullRequest(
            "s", ACCOUNT, "d", Kind.CALL, 1, 2, 3, 4, PullState.FAILED, 5, NOW_MS, "no room"
        ),
    ],
    "jobs": [
        Job("j", ACCOUNT, JobKind.REPLAY_QUARANTINE, NOW_MS),
        Job(
            "k",
            ACCOUNT,
            JobKind.REPLAY_QUARANTINE,
            NOW_MS,
            {"from_ms": NOW_MS, "name": "é"},
            JobState.FAILED,
            1 / 3,
            "given up",
            5,
            "worker-1",
            NOW_MS,
            NOW_MS + 1,
            {"alerts": [{"text": "é"}]},
        ),
    ],
    "audit": [AuditEntry("a", ACCOUNT, NOW_MS, "ana@example.org", "person.add", "p", "Žan")],
}

_UNIQUE = {
    "users": "email",
    "api_tokens": "digest",
    "sessions": "digest",
    "enrolments": "code_digest",
    "credentials": "digest",
}

ENTITIES: Mapping[str, Sequence[Entity]] = {
    **{
        name: [Entity(one, one.id, _UNIQUE.get(name)) for one in some]
        for name, some in _BY_ID.items()
    },
    "category_sets": [
        Entity(
            CategorySet(ACCOUNT, (Category("games", ("chess*",), ("play.example",)),), 3, NOW_MS),
            ACCOUNT,
        )
    ],
    "policies": [
        Entity(PolicySettings("d", ACCOUNT), "d"),
        Entity(
            PolicySettings(
                "e", ACCOUNT, {Kind.CALL: Collection(False, 7), Kind.LOCATION: Collection()}
            ),
            "e",
        ),
    ],
}
CATALOGS = tuple(ENTITIES)
