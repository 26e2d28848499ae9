"""One timeline per person, joining places, apps, sites, messages and calls of all devices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from domain.consolidation.columns import Columns
from domain.consolidation.movements import Gap, Movement, Stay, Trip, movements
from domain.consolidation.naming import name_stay
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
from domain.kinds import Kind
from domain.place import Place
from domain.times import to_rfc3339

Event = Movement | Session | Visit | Presence | Message | Call | PlaceTransition

_TYPES: dict[type[Event], str] = {
    Stay: "stay",
    Trip: "trip",
    Gap: "gap",
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
    """Something that went on, and the device that saw it; `place` is that of a stay."""

    device_id: str
    event: Event
    place: Place | None = None


def timeline(
    devices: Mapping[str, Mapping[Kind, Columns]],
    places: Sequence[Place],
    from_ms: int,
    to_ms: int,
    now_ms: int,
) -> list[Item]:
    """All that went on in [from_ms, to_ms), by device id and kind, in order of its beginning.

    At most two items for each observation. The columns should reach beyond both ends as for
    `movements`. Only while the range is not over does the answer depend on `now_ms`.
    """
    items = [
        Item(device_id, event, name_stay(event, places) if isinstance(event, Stay) else None)
        for device_id, kinds in devices.items()
        for event in _events(kinds, from_ms, to_ms, now_ms)
    ]
    return sorted(items, key=_order)


def _events(
    kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int, now_ms: int
) -> Iterable[Event]:
    def of(kind: Kind) -> tuple[Columns, int, int]:
        return kinds.get(kind, {}), from_ms, to_ms

    yield from movements(*of(Kind.LOCATION), now_ms).items
    yield from app_sessions(*of(Kind.APP_USE))
    yield from web_visits(*of(Kind.WEB_VISIT))
    yield from presences(*of(Kind.PRESENCE))
    yield from messages(*of(Kind.MESSAGE))
    yield from calls(*of(Kind.CALL))
    yield from place_transitions(*of(Kind.PLACE_TRANSITION))


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
            return {
                "lat": round(event.lat, 7),
                "lon": round(event.lon, 7),
                "place_id": item.place.id if item.place else None,
                "place_name": item.place.name if item.place else None,
                "open": event.open,
            }
        case Trip():
            top_mps = event.top_speed_mps
            return {
                "distance_m": round(event.distance_m, 1),
                "average_speed_mps": round(event.average_speed_mps, 2),
                "top_speed_mps": None if top_mps is None else round(top_mps, 2),
            }
        case _:
            fields = attrs.asdict(event)
            return {name: value for name, value in fields.items() if name not in _SPAN}


_SPAN = ("from_ms", "to_ms")
