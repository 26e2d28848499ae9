"""What a rule asks of a device, as typed values. `parsing` has the form in which people write it.

A condition is one of three things:

- a *state* lasts: is outside School, has less than 15 % battery;
- a *transition* is the beginning of a state that was seen not to be: enters, leaves;
- an *event* happens at a moment and is over: a word was written, a stranger has called.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

import attrs

from domain.kinds import Kind

STRANGER = "stranger"
ANYBODY = "anybody"


class Nature(StrEnum):
    STATE = "state"
    TRANSITION = "transition"
    EVENT = "event"


@attrs.frozen
class Inside:
    """The device is inside the place."""

    place_id: str


@attrs.frozen
class Outside:
    """The device is outside the place."""

    place_id: str


@attrs.frozen
class Enters:
    """The device was seen outside the place, and now is inside."""

    place_id: str


@attrs.frozen
class Leaves:
    """The device was seen inside the place, and now is outside."""

    place_id: str


@attrs.frozen
class Dwells:
    """The device has been inside the place for so long."""

    place_id: str
    seconds: float


@attrs.frozen
class SpeedOver:
    mps: float


@attrs.frozen
class BatteryBelow:
    """`level` is a fraction of the full charge."""

    level: float


@attrs.frozen
class Charging:
    """The device is on its charger, or is not."""

    on: bool


@attrs.frozen
class PresenceIs:
    """Somebody is at the device (active), or has left it (away), or has locked it."""

    status: str


@attrs.frozen
class SilentFor:
    """Nothing of any kind has been seen for so long. Noticed by time passing."""

    seconds: float


@attrs.frozen
class Subject:
    """What is used: an `app`, a `site` (with all its hosts) or a `category` of both."""

    what: str
    name: str


@attrs.frozen
class Uses:
    """It is in the foreground. `via` is the one kind by which that is seen: a category has two."""

    subject: Subject
    via: Kind | None = None


@attrs.frozen
class UsedOver:
    """It was used for longer than `per_day_s` since local midnight. `warn_at_s` are remainders
    at which there is an early warning, e.g. 900 for a quarter of an hour left.
    """

    subject: Subject
    per_day_s: float
    warn_at_s: tuple[float, ...] = ()


@attrs.frozen
class Keyword:
    """One of the words was read or written: in a page's `url` or `title`, an app's `title`, a
    message's `text`. Whole words, whatever their case.
    """

    words: tuple[str, ...]
    fields: tuple[str, ...]


@attrs.frozen
class Communicates:
    """A message or a call with somebody: STRANGER is who is no contact, ANYBODY anyone, and
    everything else an address or a contact's name.
    """

    counterpart: str
    by: tuple[Kind, ...] = (Kind.MESSAGE, Kind.CALL)
    direction: str | None = None


@attrs.frozen
class TrafficOver:
    """More than so many bytes, sent and received, since the local day or month began."""

    bytes: int
    per: str
    interface: str | None = None
    app: str | None = None


@attrs.frozen
class Expression:
    """True by the checked expression language; it speaks of one kind."""

    text: str


@attrs.frozen
class AllOf:
    parts: tuple["Condition", ...]


@attrs.frozen
class AnyOf:
    parts: tuple["Condition", ...]


@attrs.frozen
class Not:
    part: "Condition"


PlaceCondition = Inside | Outside | Enters | Leaves | Dwells
Combination = AllOf | AnyOf | Not
Leaf = (
    PlaceCondition
    | SpeedOver
    | BatteryBelow
    | Charging
    | PresenceIs
    | SilentFor
    | Uses
    | UsedOver
    | Keyword
    | Communicates
    | TrafficOver
    | Expression
)
Condition = Leaf | Combination

_EVENTS = (Keyword, Communicates)
_TRANSITIONS = (Enters, Leaves)
_SPOKEN_OF = re.compile(rf"\b({'|'.join(kind.value for kind in Kind)})\.")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")


def nature(condition: Condition) -> Nature:
    """Of a combination that `structure_errors` has no fault to find with."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            natures = {nature(part) for part in parts}
            return Nature.STATE if natures == {Nature.STATE} else Nature.EVENT
        case Not():
            return Nature.STATE
        case Enters() | Leaves():
            return Nature.TRANSITION
        case _:
            return Nature.EVENT if isinstance(condition, _EVENTS) else Nature.STATE


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The conditions of which it is made, from left to right."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def categories_named(condition: Condition) -> set[str]:
    uses = (leaf for leaf in leaves(condition) if isinstance(leaf, Uses | UsedOver))
    return {leaf.subject.name for leaf in uses if leaf.subject.what == "category"}


def kinds_of(leaf: Leaf) -> frozenset[Kind]:
    """The kinds of observations that say something about it; silence asks for none."""
    match leaf:
        case Inside() | Outside() | Enters() | Leaves() | Dwells() | SpeedOver():
            return frozenset({Kind.LOCATION})
        case BatteryBelow() | Charging():
            return frozenset({Kind.DEVICE_STATE})
        case PresenceIs():
            return frozenset({Kind.PRESENCE})
        case Uses(subject, via):
            return frozenset({via}) if via else _used_kinds(subject)
        case UsedOver(subject):
            return _used_kinds(subject)
        case Keyword(_, fields):
            return frozenset(kind for field in fields for kind in KEYWORD_KINDS[field])
        case Communicates(_, by):
            return frozenset(by)
        case TrafficOver():
            return frozenset({Kind.TRAFFIC})
        case Expression(text):
            return expression_kinds(text)
        case SilentFor():
            return frozenset()


def expression_kinds(text: str) -> frozenset[Kind]:
    """The kinds whose fields an expression names, outside of its texts."""
    return frozenset(map(Kind, _SPOKEN_OF.findall(_QUOTED.sub("''", text))))


def _used_kinds(subject: Subject) -> frozenset[Kind]:
    return frozenset(_USED_BY[subject.what])


_USED_BY = {
    "app": (Kind.APP_USE,),
    "site": (Kind.WEB_VISIT,),
    "category": (Kind.APP_USE, Kind.WEB_VISIT),
}
SUBJECTS = tuple(_USED_BY)
KEYWORD_KINDS = {
    "url": (Kind.WEB_VISIT,),
    "title": (Kind.WEB_VISIT, Kind.APP_USE),
    "text": (Kind.MESSAGE,),
}


def spelled_out(condition: Condition) -> Condition:
    """With a condition for each kind where one kind must not end what another has begun."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(map(spelled_out, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(spelled_out, parts)))
        case Not(part):
            return Not(spelled_out(part))
        case Uses(subject, None) if len(_USED_BY[subject.what]) > 1:
            return AnyOf(tuple(Uses(subject, kind) for kind in _USED_BY[subject.what]))
        case _:
            return condition


def place_ids(condition: Condition) -> tuple[str, ...]:
    """The places it asks about, each once."""
    ids = (leaf.place_id for leaf in leaves(condition) if isinstance(leaf, PlaceCondition))
    return tuple(dict.fromkeys(ids))
