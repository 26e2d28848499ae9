"""The family: four invented people and what they carry."""

import attrs

from domain.kinds import Kind

_PHONE = frozenset(Kind) - {Kind.DOCUMENT, Kind.PRESENCE}
_COMPUTER = frozenset(
    {
        Kind.APP_USE,
        Kind.WEB_VISIT,
        Kind.PRESENCE,
        Kind.TRAFFIC,
        Kind.DEVICE_STATE,
        Kind.DOCUMENT,
    }
)
_TABLET = frozenset({Kind.APP_USE, Kind.WEB_VISIT, Kind.DEVICE_STATE})


@attrs.frozen
class Person:
    """`home` names a spot; `wakes` and `sleeps` are hours of a weekday's local clock.

    `apps` are what this person opens, the first ones most; `messages` and `calls` are how
    many there are on an ordinary day.
    """

    key: str
    name: str
    home: str
    wakes: float
    sleeps: float
    apps: tuple[str, ...]
    messages: int
    calls: int


@attrs.frozen
class Device:
    """`agent` is the program that speaks for it; only these `kinds` come from it."""

    key: str
    person: str
    name: str
    platform: str
    agent: str
    kinds: frozenset[Kind]
    os_version: str

    @property
    def is_phone(self) -> bool:
        return Kind.LOCATION in self.kinds


MOTHER = Person(
    "mother", "Mira", "home", 6.4, 22.8,
    ("Messages", "Browser", "Camera", "Recipes", "News Reader", "Bank"), 22, 4,
)  # fmt: skip
FATHER = Person(
    "father", "Tomo", "home", 6.1, 22.6,
    ("Messages", "Maps", "Browser", "Mail", "Football Scores"), 14, 5,
)  # fmt: skip
DAUGHTER = Person(
    "daughter", "Neli", "home", 6.7, 22.1,
    ("Messages", "Clips", "Music", "Puzzle Garden", "Browser", "Homework"), 38, 2,
)  # fmt: skip
GRANDFATHER = Person(
    "grandfather", "Grandfather Ivo", "grandfather", 5.8, 21.5, ("Weather", "Camera"), 3, 2,
)  # fmt: skip

PEOPLE: tuple[Person, ...] = (MOTHER, FATHER, DAUGHTER, GRANDFATHER)

DEVICES: tuple[Device, ...] = (
    Device("mother-phone", "mother", "Mira's phone", "android", "fieldpost", _PHONE, "Android 16"),
    Device("father-phone", "father", "Tomo's phone", "android", "fieldpost", _PHONE, "Android 15"),
    Device("daughter-phone", "daughter", "Neli's phone", "ios", "fieldpost", _PHONE, "iOS 26.1"),
    Device(
        "grandfather-phone", "grandfather", "Ivo's phone", "android", "owntracks",
        frozenset({Kind.LOCATION}), "Android 13",
    ),
    Device(
        "computer", "mother", "Mira's computer", "linux", "fieldpost", _COMPUTER, "Debian 13",
    ),
    Device("tablet", "daughter", "Old tablet", "android", "fieldpost", _TABLET, "Android 11"),
)  # fmt: skip

LATE_DEVICE = "mother-phone"
"""It has had no network for half a day when the demo starts, and delivers soon after."""
LATE_BY_MS = 12 * 3_600_000

SILENT_DEVICE = "tablet"
"""Nothing has come from it for longer than a day when the demo starts."""
SILENT_FOR_MS = 30 * 3_600_000


def person(key: str) -> Person:
    return next(person for person in PEOPLE if person.key == key)


def device(key: str) -> Device:
    return next(device for device in DEVICES if device.key == key)


def devices_of(person_key: str) -> tuple[Device, ...]:
    return tuple(device for device in DEVICES if device.person == person_key)
