"""One timeline per person, joining places, apps, sites, messages and calls of all devices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from domain.consolidation.carrying import Carried, Conflict, Witness, carried, conflicts
from domain.consolidation.cleaning import Cleaned
from domain.consolidation.columns import Columns
from domain.consolidation.intervals import Interval, union, without
from domain.consolidation.movements import Gap, Movement, Stay, Stop, Trip, movements
from domain.consolidation.naming import Spot, spot_json, spots_of
from domain.consolidation.sessions import (
    Call,
    Message,
    PlaceTransition,
    Presence,
    Session,
    Visit,
    app_sessions,
    calls,
    messages,
    place_transitions,
    presences,
    web_visits,
)
from domain.consolidation.usage import ABSENT
from domain.kinds import Kind
from domain.place import Place
from domain.times import to_rfc3339

Event = Movement | Conflict | Session | Visit | Presence | Message | Call | PlaceTransition

_TYPES: dict[type[Event], str] = {
    Stay: "stay",
    Trip: "trip",
    Gap: "gap",
    Conflict: "conflict",
    Session: "session",
    Visit: "visit",
    Presence: "presence",
    Message: "message",
    Call: "call",
    PlaceTransition: "place_transition",
}
_MOMENTS = (Message, PlaceTransition)
"""What has no duration."""


@attrs.frozen
class Item:
    """Something that went on, and the device that saw it; of a conflict the first of the two.

    `spots` are where: that of a stay, start and end of a trip, those of the devices in conflict.
    """

    device_id: str
    event: Event
    spots: tuple[Spot, ...] = ()


@attrs.frozen
class Timeline:
    """`carried` says which device the person had when. `left_out` tells by device id how many of
    its fixes say nothing about where it was.
    """

    items: list[Item]
    carried: list[Carried]
    left_out: Mapping[str, Cleaned]


def timeline(
    devices: Mapping[str, Mapping[Kind, Columns]],
    places: Sequence[Place],
    from_ms: int,
    to_ms: int,
    now_ms: int,
) -> list[Item]:
    """The items of `whole_timeline`."""
    return whole_timeline(devices, places, from_ms, to_ms, now_ms).items


def whole_timeline(
    devices: Mapping[str, Mapping[Kind, Columns]],
    places: Sequence[Place],
    from_ms: int,
    to_ms: int,
    now_ms: int,
) -> Timeline:
    """All that went on in [from_ms, to_ms), by device id and kind, in order of its beginning.

    At most two items for each observation. The columns should reach beyond both ends as for
    `movements`. Only while the range is not over does the answer depend on `now_ms`.
    """
    items: list[Item] = []
    left_out: dict[str, Cleaned] = {}
    witnesses: dict[str, Witness] = {}
    for device_id, kinds in devices.items():
        moved = movements(kinds.get(Kind.LOCATION, {}), from_ms, to_ms, now_ms)
        left_out[device_id] = moved.cleaned
        items += (Item(device_id, one, spots_of(one, places)) for one in moved.items)
        events = list(_events(kinds, from_ms, to_ms))
        items += (Item(device_id, one) for one in events)
        witnesses[device_id] = Witness(moved.items, _active(events))
    items += (Item(one.device_ids[0], one, spots_of(one, places)) for one in conflicts(witnesses))
    return Timeline(sorted(items, key=_order), carried(witnesses), left_out)


def _events(kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int) -> Iterable[Event]:
    def of(kind: Kind) -> tuple[Columns, int, int]:
        return kinds.get(kind, {}), from_ms, to_ms

    yield from app_sessions(*of(Kind.APP_USE))
    yield from web_visits(*of(Kind.WEB_VISIT))
    yield from presences(*of(Kind.PRESENCE))
    yield from messages(*of(Kind.MESSAGE))
    yield from calls(*of(Kind.CALL))
    yield from place_transitions(*of(Kind.PLACE_TRANSITION))


def _active(events: Sequence[Event]) -> list[Interval]:
    """When somebody used the device, as `use_of` has it."""
    used, absent = [], []
    for one in events:
        if isinstance(one, Presence) and one.status in ABSENT:
            absent.append((one.from_ms, one.to_ms))
        elif isinstance(one, Session | Visit | Presence):
            used.append((one.from_ms, one.to_ms))
    return without(union(used), union(absent))


def _order(item: Item) -> tuple[int, int, str, str]:
    event = item.event
    return event.from_ms, event.to_ms, item.device_id, _TYPES[type(event)]


def item_json(item: Item) -> dict[str, Any]:
    """One item of the answer to `GET /api/v1/people/{id}/timeline`."""
    event = item.event
    span: dict[str, Any] = {"from": to_rfc3339(event.from_ms), "to": to_rfc3339(event.to_ms)}
    if not isinstance(event, _MOMENTS):
        span["duration_s"] = (event.to_ms - event.from_ms) / 1000
    return {
        "type": _TYPES[type(event)],
        **span,
        **_details(item),
        "device_id": item.device_id,
    }


def _details(item: Item) -> dict[str, Any]:
    event = item.event
    match event:
        case Stay():
            return {**spot_json(item.spots[0]), "open": event.open}
        case Trip():
            start, end = item.spots
            top_mps = event.top_speed_mps
            return {
                "distance_m": round(event.distance_m, 1),
                "average_speed_mps": round(event.average_speed_mps, 2),
                "top_speed_mps": None if top_mps is None else round(top_mps, 2),
                "start": spot_json(start),
                "end": spot_json(end),
                "stops": [_stop_json(stop) for stop in event.stops],
                "began_before": event.began_before,
                "goes_on": event.goes_on,
            }
        case Conflict():
            here, there = item.spots
            return {
                "other_device_id": event.device_ids[1],
                "here": spot_json(here),
                "there": spot_json(there),
            }
        case _:
            return {name: getattr(event, name) for name in _OTHER_FIELDS[type(event)]}


def carried_json(spell: Carried) -> dict[str, Any]:
    return {
        "device_id": spell.device_id,
        "from": to_rfc3339(spell.from_ms),
        "to": to_rfc3339(spell.to_ms),
    }


def _stop_json(stop: Stop) -> dict[str, Any]:
    return {
        "from": to_rfc3339(stop.from_ms),
        "to": to_rfc3339(stop.to_ms),
        "duration_s": (stop.to_ms - stop.from_ms) / 1000,
        "lat": round(stop.lat, 7),
        "lon": round(stop.lon, 7),
    }


_OTHER_FIELDS: dict[type[Event], list[str]] = {
    cls: [field.name for field in attrs.fields(cls) if field.name not in ("from_ms", "to_ms")]
    for cls in (Gap, Session, Visit, Presence, Message, Call, PlaceTransition)
}
