"""Overland for iOS (and its Android port): batches of GeoJSON features.

Facts from `GLManager.m` and the README of Overland-iOS, and from overland_android, whose
`battery_state` is a boolean.
"""

from typing import Any

from adapters.inbound.http.foreign.draft import Draft, Fault, Parsed, document, unless_negative
from adapters.inbound.http.foreign.messages import (
    Message,
    decode_object,
    gathered,
    inner_object,
    named_parts,
    parts_of,
    read_part,
)
from adapters.inbound.http.foreign.reading import Reading, Reason
from adapters.inbound.http.foreign.times import from_iso
from domain.kinds import Kind

_CHARGING = {"unknown": None, "unplugged": False, "charging": True, "full": True}
_COORDINATES = "geometry.coordinates"
_LONGEST_ID = 256


def read(body: bytes) -> Reading:
    """Read `{"locations": [..], "current": {..}}`.

    `current` is the newest point of a phone with a long queue and is in none of its batches yet,
    so it is read too: the live position need not wait for the backlog. `trip` describes a trip
    that goes on, repeats with every batch and ends as a feature of its own; it is left out.
    """
    batch = named_parts(body)
    if isinstance(batch, Fault):
        return gathered([(body, batch)])
    if "locations" not in batch:
        return gathered([(body, Fault(Reason.MISSING, "locations"))])
    features = parts_of(batch["locations"])
    if isinstance(features, Fault):
        return gathered([(body, Fault(features.reason, "locations"))])
    current = batch.get("current", b"null")
    if current != b"null":
        features.append(current)
    return gathered(
        [(feature, read_part(feature, _feature)) for feature in features], _id(features)
    )


def _id(features: list[bytes]) -> str | None:
    """The `device_id` set in the app, the same in all its features; "" when none is set."""
    feature = decode_object(features[0]) if features else {}
    properties = feature.get("properties") if isinstance(feature, dict) else None
    said = properties.get("device_id") if isinstance(properties, dict) else None
    return said if isinstance(said, str) and 0 < len(said) <= _LONGEST_ID else None


def _feature(feature: Message) -> Parsed:
    properties = inner_object(feature, "properties", "properties")
    if isinstance(properties, Fault):
        return properties
    time_ms = from_iso(properties.get("timestamp", properties.get("end")))
    if "action" in properties or properties.get("type") == "trip":
        return _event(feature, properties, time_ms)
    coordinates = _coordinates(feature)
    if isinstance(coordinates, Fault):
        return coordinates
    return _fix(coordinates, properties, time_ms)


def _event(feature: Message, properties: Message, time_ms: int | Reason) -> Parsed:
    """Something that the app notes with "include tracking stats": a visit, a trip, a pause.

    Not a fix: its point is the last one known, which may be old, while its time is that of the
    event.
    """
    return document(
        "overland", {**feature, "properties": properties}, time_ms, "properties.timestamp"
    )


def _coordinates(feature: Message) -> list[Any] | Fault:
    """[longitude, latitude], in the order of GeoJSON."""
    geometry = inner_object(feature, "geometry", "geometry")
    if isinstance(geometry, Fault):
        return geometry
    value = geometry.get("coordinates")
    if value.__class__ is not list:
        return Fault(Reason.MISSING if value is None else Reason.WRONG_TYPE, _COORDINATES)
    return value if len(value) >= 2 else Fault(Reason.MISSING, _COORDINATES)


def _fix(coordinates: list[Any], said: Message, time_ms: int | Reason) -> Parsed:
    """`speed` is m/s; `course` degrees; accuracies and `altitude` m; negative is invalid."""
    for used in ("timestamp", "device_id"):
        said.pop(used, None)
    draft = Draft(Kind.LOCATION, said)
    draft.require("lat", coordinates[1], f"{_COORDINATES}.1")
    draft.require("lon", coordinates[0], f"{_COORDINATES}.0")
    value = said.pop("horizontal_accuracy", None)
    draft.offer("accuracy_m", unless_negative(value), "horizontal_accuracy", value)
    value = said.pop("altitude", None)
    draft.offer("altitude_m", value, "altitude", value)
    value = said.pop("speed", None)
    draft.offer("speed_mps", unless_negative(value), "speed", value)
    value = said.pop("course", None)
    draft.offer("bearing_deg", unless_negative(value), "course", value)
    state = _device_state(said)
    location = draft.seal(time_ms, "properties.timestamp")
    return location if isinstance(location, Fault) else state.beside(location)


def _device_state(said: Message) -> Draft:
    """`battery_level` 0..1; `wifi` is the network's name, which stays an attribute."""
    state = Draft(Kind.DEVICE_STATE, said)
    value = said.pop("battery_level", None)
    state.offer("battery", unless_negative(value), "battery_level", value)
    value = said.pop("battery_state", None)
    if value.__class__ is bool:
        state.offer("charging", value, "battery_state", value)
    else:
        state.offer_word("charging", "battery_state", value, _CHARGING)
    if said.get("wifi") and isinstance(said["wifi"], str):
        state.offer("network", "wifi", "wifi", said["wifi"])
    return state
