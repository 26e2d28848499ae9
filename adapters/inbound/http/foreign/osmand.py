"""The "OsmAnd protocol": Traccar Client, OsmAnd, GPSLogger and many home-made scripts.

Keys and rules from Traccar's `OsmAndProtocolDecoder.java`. The values come in the query (Traccar
Client Android 7.9, OsmAnd, GPSLogger) or as a form body (Traccar Client 10), and as JSON from
Traccar Client 9, which `traccar_json` reads.
"""

import re
from typing import Any
from urllib.parse import unquote_plus

from adapters.inbound.http.foreign.draft import Draft, Fault, Parsed, scaled, unless_negative
from adapters.inbound.http.foreign.messages import gathered
from adapters.inbound.http.foreign.osmand_values import (
    CHARGING,
    attribute,
    device_id_of,
    number,
    protocol_time,
)
from adapters.inbound.http.foreign.reading import NOTHING, Reading, Reason
from adapters.inbound.http.foreign.traccar_json import read_json
from domain.kinds import Kind
from domain.observations import MOCK

__all__ = ["read_json", "read_query"]

MAX_PAIRS = 256

_KNOT = (1852, 3600)
"""In m/s: a nautical mile is 1852 m."""

_YES = ("true", "1")

_ESCAPED = re.compile("[%+]")


def read_query(query: bytes, *, received_ms: int) -> Reading:
    """Read a query string (without its "?") or a form body.

    Of a repeated key the first value counts; a key without a value says nothing. Nothing of use
    in it is a valid heartbeat. `received_ms` is the event time where no `timestamp` is given.
    """
    pairs = _pairs(query)
    if isinstance(pairs, Reason):
        return gathered([(query, Fault(pairs))])
    if not pairs:
        return NOTHING
    ids = [device_id_of(pairs.pop(name, None)) for name in ("id", "deviceid")]
    return gathered([(query, _read(pairs, received_ms))], ids[0] or ids[1])


def _pairs(query: bytes) -> dict[str, str] | Reason:
    try:
        text = query.decode()
    except UnicodeDecodeError:
        return Reason.NOT_UTF8
    parts = text.split("&", MAX_PAIRS)
    if len(parts) > MAX_PAIRS:
        return Reason.TOO_MANY
    pairs: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition("=")
        if value:
            pairs.setdefault(_unescaped(name), _unescaped(value))
    return pairs


def _unescaped(text: str) -> str:
    return unquote_plus(text) if _ESCAPED.search(text) else text


def _read(said: dict[str, Any], received_ms: int) -> Parsed:
    time_ms = protocol_time(said.pop("timestamp", None), received_ms)
    lat, lon, lat_as, lon_as = _coordinates(said)
    draft = Draft(Kind.LOCATION, said)
    state = _device_state(said)
    if lat is None and lon is None:
        return _heartbeat(state, time_ms)
    draft.require("lat", number(lat), lat_as)
    draft.require("lon", number(lon), lon_as)
    _offer_motion(draft, said)
    _read_attributes(said)
    location = draft.seal(time_ms, "timestamp")
    return location if isinstance(location, Fault) else state.beside(location)


def _coordinates(said: dict[str, Any]) -> tuple[str | None, str | None, str, str]:
    """Latitude and longitude as said, from `lat` and `lon` or from `location=lat,lon`."""
    if "location" in said and "lat" not in said and "lon" not in said:
        lat, _, lon = said.pop("location").partition(",")
        return lat, lon, "location", "location"
    return said.pop("lat", None), said.pop("lon", None), "lat", "lon"


def _offer_motion(draft: Draft, said: dict[str, Any]) -> None:
    """`speed` is in knots; negative is unknown. `accuracy` and `altitude` are m."""
    value = said.pop("accuracy", None)
    draft.offer("accuracy_m", unless_negative(number(value)), "accuracy", value)
    value = said.pop("altitude", None)
    draft.offer("altitude_m", number(value), "altitude", value)
    value = said.pop("speed", None)
    draft.offer("speed_mps", scaled(unless_negative(number(value)), *_KNOT), "speed", value)
    name = "bearing" if "bearing" in said else "heading"
    value = said.pop(name, None)
    draft.offer("bearing_deg", unless_negative(number(value)), name, value)
    if said.get("mock") in _YES:
        draft.offer("source", MOCK, "source", MOCK)


def _device_state(said: dict[str, Any]) -> Draft:
    """`batt` in percent and `charge`, beside a fix or alone."""
    state = Draft(Kind.DEVICE_STATE, said)
    value = said.pop("batt", None)
    state.offer("battery", scaled(unless_negative(number(value)), 1, 100), "batt", value)
    state.offer_word("charging", "charge", said.pop("charge", None), CHARGING)
    return state


def _heartbeat(state: Draft, time_ms: int | Reason) -> Parsed:
    """Traccar Client 10 without a fix: the state of the device, or just that it is alive."""
    if not state.fields:
        return ()
    _read_attributes(state.rest)
    sealed = state.seal(time_ms, "timestamp")
    return sealed if isinstance(sealed, Fault) else (sealed,)


def _read_attributes(said: dict[str, Any]) -> None:
    for name, value in said.items():
        said[name] = attribute(name, value)
