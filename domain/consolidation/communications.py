"""With whom a person was in touch: messages and calls by counterpart and channel."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from domain.consolidation.columns import Columns, rows_between
from domain.contact import Contact, plain_address
from domain.kinds import Kind
from domain.times import local, to_rfc3339

CALLS = "call"
"""The channel of calls; those of messages have the names that devices give them."""

MAX_LISTED = 500
"""Counterparts in an answer: those with most messages and calls."""

_MAX_ADDRESSES = 20


@attrs.frozen
class Exchange:
    """One message or call. `outcome` and `duration_s` are those of a call, `text` of a message:
    two of one moment are two when they say something else.
    """

    time_ms: int
    channel: str
    direction: str
    counterpart: str
    outcome: str = ""
    duration_s: float = 0.0
    text: str = ""


@attrs.frozen
class Channel:
    """What went through one channel. `missed` are received calls that nobody took."""

    channel: str
    sent: int
    received: int
    missed: int
    talked_s: float


@attrs.frozen
class Counterpart:
    """Somebody, by all addresses that belong to a contact or by a stranger's single one.

    `first_ever_ms` is the first time that is known at all; `first_ms` and `last_ms` are in the
    range. `hours` counts by the hour of the day, 24 of them, in the person's time zone.
    """

    contact: Contact | None
    addresses: tuple[str, ...]
    channels: tuple[Channel, ...]
    first_ms: int
    last_ms: int
    first_ever_ms: int
    hours: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(one.sent + one.received for one in self.channels)


def exchanges(
    devices: Iterable[Mapping[Kind, Columns]], from_ms: int, to_ms: int
) -> list[Exchange]:
    """All in [from_ms, to_ms), in time order; what more than one device tells of is there once."""
    found: set[Exchange] = set()
    for kinds in devices:
        messages = rows_between(kinds.get(Kind.MESSAGE, {}), MESSAGE_FIELDS, from_ms, to_ms)
        found.update(
            Exchange(time_ms, channel, direction, counterpart, text=text or "")
            for time_ms, direction, channel, counterpart, text in messages
        )
        calls = rows_between(kinds.get(Kind.CALL, {}), CALL_FIELDS, from_ms, to_ms)
        found.update(
            Exchange(time_ms, CALLS, direction, counterpart, outcome, duration_s or 0.0)
            for time_ms, direction, counterpart, outcome, duration_s in calls
        )
    return sorted(found, key=attrs.astuple)


def counterparts(
    found: Sequence[Exchange],
    earlier: Mapping[str, int],
    contacts: Mapping[str, Contact],
    zone: ZoneInfo,
) -> list[Counterpart]:
    """By counterpart, the one with most of them first.

    `earlier` are the first times by plain address before the range, `contacts` come by plain
    address.
    """
    groups: dict[str, list[Exchange]] = {}
    for one in found:
        address = plain_address(one.counterpart)
        contact = contacts.get(address)
        groups.setdefault(f"c {contact.id}" if contact else f"a {address}", []).append(one)
    made = [_counterpart(group, earlier, contacts, zone) for group in groups.values()]
    return sorted(made, key=lambda one: (-one.count, -one.last_ms, one.addresses))


def first_times(found: Iterable[Exchange]) -> dict[str, int]:
    """When each plain address was first there; the exchanges come in time order."""
    times: dict[str, int] = {}
    for one in found:
        times.setdefault(plain_address(one.counterpart), one.time_ms)
    return times


def counterpart_json(one: Counterpart) -> dict[str, Any]:
    """One item of the answer to `GET /api/v1/people/{id}/communications`."""
    return {
        "name": one.contact.name if one.contact else None,
        "contact_id": one.contact.id if one.contact else None,
        "stranger": one.contact is None,
        "addresses": list(one.addresses[:_MAX_ADDRESSES]),
        "count": one.count,
        "channels": [attrs.asdict(channel) for channel in one.channels],
        "first": to_rfc3339(one.first_ms),
        "last": to_rfc3339(one.last_ms),
        "first_ever": to_rfc3339(one.first_ever_ms),
        "new": one.first_ever_ms == one.first_ms,
        "hours": list(one.hours),
    }


MESSAGE_FIELDS = ("direction", "channel", "counterpart", "text")
CALL_FIELDS = ("direction", "counterpart", "outcome", "duration_s")


def _counterpart(
    group: Sequence[Exchange],
    earlier: Mapping[str, int],
    contacts: Mapping[str, Contact],
    zone: ZoneInfo,
) -> Counterpart:
    contact = contacts.get(plain_address(group[0].counterpart))
    plain = {plain_address(one.counterpart) for one in group}
    if contact is not None:
        plain |= {plain_address(address) for address in (contact.name, *contact.addresses)}
    before = [earlier[address] for address in plain if address in earlier]
    hours = [0] * 24
    for one in group:
        hours[local(one.time_ms, zone).hour] += 1
    return Counterpart(
        contact=contact,
        addresses=tuple(dict.fromkeys(one.counterpart for one in group)),
        channels=_channels(group),
        first_ms=group[0].time_ms,
        last_ms=group[-1].time_ms,
        first_ever_ms=min(before, default=group[0].time_ms),
        hours=tuple(hours),
    )


def _channels(group: Sequence[Exchange]) -> tuple[Channel, ...]:
    by_channel: dict[str, list[Exchange]] = {}
    for one in group:
        by_channel.setdefault(one.channel, []).append(one)
    return tuple(
        Channel(
            channel=channel,
            sent=sum(one.direction == "sent" for one in some),
            received=sum(one.direction == "received" for one in some),
            missed=sum(
                channel == CALLS and one.direction == "received" and one.outcome == "missed"
                for one in some
            ),
            talked_s=round(sum(one.duration_s for one in some), 3),
        )
        for channel, some in sorted(by_channel.items())
    )
