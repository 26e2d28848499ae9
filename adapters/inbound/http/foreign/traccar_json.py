"""Traccar Client 9: the OsmAnd protocol as JSON, one location per request.

The app embeds transistorsoft's background-geolocation; the shape is that library's, and -1 in it
means unknown. Facts from Traccar Client 9.5.3.
"""

from typing import Any

from adapters.inbound.http.foreign.draft import Draft, Fault, Parsed, unless_negative
from adapters.inbound.http.foreign.messages import Message, decode_object, gathered
from adapters.inbound.http.foreign.osmand_values import device_id_of, protocol_time
from adapters.inbound.http.foreign.reading import Reading, Reason
from domain.kinds import Kind
from domain.observations import MOCK

_UNKNOWN = -1


def read_json(body: bytes, *, received_ms: int) -> Reading:
    """Read `{"device_id": .., "location": {..}}`; a body without coordinates is a heartbeat.

    `received_ms` is the event time where no `timestamp` is given, as in the query form.
    """
    message = decode_object(body)
    if isinstance(message, Fault):
        return gathered([(body, message)])
    device_id = device_id_of(message.pop("device_id", None))
    return gathered([(body, _read(message, received_ms))], device_id)


def _read(message: Message, received_ms: int) -> Parsed:
    location = _object(message, "location", "location")
    if isinstance(location, Fault):
        return location
    coords = _object(location, "coords", "location.coords")
    if isinstance(coords, Fault):
        return coords
    said = {**message, **location}
    time_ms = protocol_time(said.pop("timestamp", None), received_ms)
    state = _device_state(said)
    if coords:
        return _fix(coords, said, state, time_ms)
    if not state.fields:
        return ()
    heartbeat = state.seal(time_ms, "location.timestamp")
    return heartbeat if isinstance(heartbeat, Fault) else (heartbeat,)


def _object(message: Message, name: str, path: str) -> Message | Fault:
    """Take out a part that a heartbeat may leave out."""
    value: Any = message.pop(name, None)
    if value is None:
        return {}
    return value if value.__class__ is dict else Fault(Reason.WRONG_TYPE, path)


def _fix(coords: Message, said: Message, state: Draft, time_ms: int | Reason) -> Parsed:
    """`speed` is m/s here, unlike in the query; `accuracy` and `altitude` are m."""
    draft = Draft(Kind.LOCATION, coords)
    draft.require("lat", coords.pop("latitude", None), "location.coords.latitude")
    draft.require("lon", coords.pop("longitude", None), "location.coords.longitude")
    value = coords.pop("accuracy", None)
    draft.offer("accuracy_m", unless_negative(value), "accuracy", value)
    value = coords.pop("altitude", None)
    draft.offer("altitude_m", None if value == _UNKNOWN else value, "altitude", value)
    value = coords.pop("speed", None)
    draft.offer("speed_mps", unless_negative(value), "speed", value)
    value = coords.pop("heading", None)
    draft.offer("bearing_deg", unless_negative(value), "heading", value)
    if said.get("mock") is True:
        draft.offer("source", MOCK, "source", MOCK)
    if coords:
        said["coords"] = coords
    draft.rest = said
    location = draft.seal(time_ms, "location.timestamp")
    return location if isinstance(location, Fault) else state.beside(location)


def _device_state(said: Message) -> Draft:
    """`battery`: `level` 0..1, -1 when unknown, and `is_charging`."""
    battery = said.pop("battery", None)
    if battery.__class__ is not dict:
        if battery is not None:
            said["battery"] = battery
        return Draft(Kind.DEVICE_STATE, said)
    state = Draft(Kind.DEVICE_STATE, battery)
    value = battery.pop("level", None)
    state.offer("battery", unless_negative(value), "level", value)
    value = battery.pop("is_charging", None)
    state.offer("charging", value, "is_charging", value)
    if battery:
        said["battery"] = battery
    state.rest = said
    return state
