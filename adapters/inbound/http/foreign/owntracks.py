"""OwnTracks in HTTP mode: JSON, one message per request.

Facts from the apps' sources: Android 2.6.0 (`MessageLocation.kt`, kotlinx.serialization, which
leaves out what equals its default) and iOS; types and units from the OwnTracks booklet.
"""

from typing import Any

import attrs

from adapters.inbound.http.foreign import owntracks_secret
from adapters.inbound.http.foreign.draft import (
    Draft,
    Fault,
    Parsed,
    document,
    scaled,
    unless_negative,
)
from adapters.inbound.http.foreign.messages import Message, decode_object, read_each
from adapters.inbound.http.foreign.reading import NOTHING, Reading, Reason
from adapters.inbound.http.foreign.times import from_epoch_seconds
from domain.kinds import Kind

_KEPT_AS_DOCUMENT = frozenset({"waypoint", "waypoints", "status", "steps", "lwt", "card"})

# `dump` and `configuration` hold the app's settings, its passwords among them: never kept.
_NOT_KEPT = frozenset({"cmd", "dump", "configuration", "request", "beacon", "msg", "clear"})

# `bs`: 3 is full, which a battery is only on external power.
_CHARGING = {0: None, 1: False, 2: True, 3: True}
_NETWORK = {"w": "wifi", "o": "offline", "m": "mobile"}


@attrs.frozen
class _Sender:
    """What has to be known beside the body. Android 2.6.0 does not send a number that is 0."""

    omits_zeros: bool
    received_ms: int | None
    key: bytes | None


def read(
    body: bytes, *, user_agent: str, received_ms: int | None = None, key: bytes | None = None
) -> Reading:
    """Read one message, an array of them, or the empty body that the apps also send.

    `received_ms` is the event time of messages that have none of their own (`status` and `card`
    of Android); without it they give nothing. `key` is the passphrase in UTF-8 of a device that
    sends `encrypted` messages.
    """
    if not body or body.isspace():
        return NOTHING
    agent = user_agent.lower()
    sender = _Sender("owntracks" in agent and "android" in agent, received_ms, key)
    return read_each(body, lambda message: _read_message(message, sender))


def _read_message(message: Message, sender: _Sender) -> Parsed:
    type_ = message.get("_type")
    if type_ == "location":
        return _location(message, sender)
    if type_ == "transition":
        return _transition(message)
    if type_ == "encrypted":
        return _encrypted(message, sender)
    if type_.__class__ is not str:
        return Fault(Reason.MISSING if type_ is None else Reason.WRONG_TYPE, "_type")
    if type_ in _KEPT_AS_DOCUMENT:
        return _document(message, sender)
    return () if type_ in _NOT_KEPT else Fault(Reason.UNKNOWN_TYPE, "_type")


def _location(message: Message, sender: _Sender) -> Parsed:
    """A fix. `tst` is its time in s; `acc` and `alt` are m, `vel` km/h, `cog` degrees.

    An absent `lat` or `lon` is exactly 0.0 in HTTP mode. An absent `acc`, `vel` or `cog` is 0 from
    Android only; iOS leaves out, or sends as -1, what it does not know.
    """
    take = message.pop
    del message["_type"]
    unsaid = 0 if sender.omits_zeros else None
    draft = Draft(Kind.LOCATION, message)
    draft.require("lat", take("lat", 0.0), "lat")
    draft.require("lon", take("lon", 0.0), "lon")
    said = take("acc", unsaid)
    draft.offer("accuracy_m", unless_negative(said), "acc", said)
    said = take("alt", None)
    draft.offer("altitude_m", said, "alt", said)
    said = take("vel", unsaid)
    draft.offer("speed_mps", scaled(unless_negative(said), 1000, 3600), "vel", said)
    said = take("cog", unsaid)
    draft.offer("bearing_deg", unless_negative(said), "cog", said)
    said = take("source", None)
    draft.offer("source", said, "source", said)
    state = _device_state(message)
    location = draft.seal(from_epoch_seconds(take("tst", None)), "tst")
    return location if isinstance(location, Fault) else state.beside(location)


def _device_state(message: Message) -> Draft:
    """`batt` in percent, `bs` and `conn`, which every location carries along."""
    state = Draft(Kind.DEVICE_STATE, message)
    said = message.pop("batt", None)
    state.offer("battery", scaled(unless_negative(said), 1, 100), "batt", said)
    state.offer_word("charging", "bs", message.pop("bs", None), _CHARGING)
    state.offer_word("network", "conn", message.pop("conn", None), _NETWORK)
    return state


def _transition(message: Message) -> Parsed:
    """Entering or leaving a region of the app's own; `desc` is its name.

    `lat`, `lon` and `acc` say where the phone was and stay attributes: the app publishes the same
    fix as a location too.
    """
    del message["_type"]
    draft = Draft(Kind.PLACE_TRANSITION, message)
    draft.require("place", message.pop("desc", None), "desc")
    draft.require("event", message.pop("event", None), "event")
    sealed = draft.seal(from_epoch_seconds(message.pop("tst", None)), "tst")
    return sealed if isinstance(sealed, Fault) else (sealed,)


def _document(message: Message, sender: _Sender) -> Parsed:
    time_ms: int | Reason | None = sender.received_ms
    said_as = ""
    for name in ("tst", "created_at"):
        if message.get(name) is not None:
            time_ms, said_as = from_epoch_seconds(message[name]), name
            break
    return () if time_ms is None else document("owntracks", message, time_ms, said_as)


def _encrypted(message: Message, sender: _Sender) -> Parsed:
    if sender.key is None:
        return Fault(Reason.ENCRYPTED)
    opened = owntracks_secret.opened(message.get("data"), sender.key)
    if opened is None:
        return Fault(Reason.NOT_DECRYPTABLE, "data")
    inner: Any = decode_object(opened)
    if isinstance(inner, Fault):
        return Fault(inner.reason, "data")
    # Without the key inside: the apps do not encrypt twice, and nobody may make us dig.
    result = _read_message(inner, attrs.evolve(sender, key=None))
    return Fault(result.reason, "data") if isinstance(result, Fault) else result
