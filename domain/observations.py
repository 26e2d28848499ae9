"""What a device saw: one class per kind, with the unit in the name and the bounds beside it.

`time_ms` is the event time everywhere: milliseconds since 1970-01-01T00:00:00Z.
"""

from typing import Any

import attrs

from domain.fields import choice, flag, integer, json_value, number, text
from domain.kinds import Kind

EARLIEST_TIME_MS = 946_684_800_000
"""2000-01-01T00:00:00Z: before that no device of ours existed, the clock is wrong."""

MAX_TIME_AHEAD_MS = 24 * 3600 * 1000
"""How far ahead of ours a device's clock may run before its observations are refused."""

MOCK = "mock"
"""The `source` of a location that an app made up: it did not come from the device's receivers."""

_A_DAY_S = 86_400.0
_MAX_BYTES = 2**53 - 1
_DURATION = {"low": 0.0, "high": _A_DAY_S, "resolution": 0.001}


@attrs.frozen
class Location:
    time_ms: int
    lat: float = number(-90.0, 90.0, resolution=1e-7)
    lon: float = number(-180.0, 180.0, resolution=1e-7)
    accuracy_m: float | None = number(0.0, 1_000_000.0, resolution=0.1, optional=True)
    altitude_m: float | None = number(-12_000.0, 100_000.0, resolution=0.1, optional=True)
    speed_mps: float | None = number(0.0, 1_000.0, resolution=0.01, optional=True)
    bearing_deg: float | None = number(0.0, 360.0, resolution=0.1, optional=True)
    source: str | None = text(64, optional=True)


@attrs.frozen
class PlaceTransition:
    time_ms: int
    place: str = text(200)
    event: str = choice("enter", "leave")


@attrs.frozen
class WebVisit:
    time_ms: int
    url: str = text(4_096)
    title: str | None = text(1_024, optional=True)
    browser: str | None = text(64, optional=True)
    duration_s: float | None = number(**_DURATION, optional=True)


@attrs.frozen
class AppUse:
    time_ms: int
    app: str = text(256)
    title: str | None = text(1_024, optional=True)
    duration_s: float | None = number(**_DURATION, optional=True)


@attrs.frozen
class Presence:
    time_ms: int
    status: str = choice("active", "away", "locked")
    duration_s: float | None = number(**_DURATION, optional=True)


@attrs.frozen
class Message:
    time_ms: int
    direction: str = choice("sent", "received")
    channel: str = text(64)
    counterpart: str = text(256)
    size_bytes: int | None = integer(0, _MAX_BYTES, optional=True)
    text: str | None = text(16_384, optional=True)


@attrs.frozen
class Call:
    time_ms: int
    direction: str = choice("sent", "received")
    counterpart: str = text(256)
    outcome: str = choice("answered", "missed", "rejected")
    duration_s: float | None = number(**_DURATION, optional=True)


@attrs.frozen
class Traffic:
    time_ms: int
    interface: str = choice("wifi", "mobile", "ethernet")
    sent_bytes: int = integer(0, _MAX_BYTES)
    received_bytes: int = integer(0, _MAX_BYTES)
    app: str | None = text(256, optional=True)
    duration_s: float | None = number(**_DURATION, optional=True)


@attrs.frozen
class DeviceState:
    time_ms: int
    battery: float | None = number(0.0, 1.0, resolution=0.001, optional=True)
    charging: bool | None = flag(optional=True)
    network: str | None = text(64, optional=True)
    storage_free_bytes: int | None = integer(0, _MAX_BYTES, optional=True)
    os_version: str | None = text(64, optional=True)
    agent_version: str | None = text(64, optional=True)


@attrs.frozen
class Document:
    time_ms: int
    source: str = text(64)
    body: Any = json_value(65_536)


Observation = (
    Location
    | PlaceTransition
    | WebVisit
    | AppUse
    | Presence
    | Message
    | Call
    | Traffic
    | DeviceState
    | Document
)

OBSERVATION_CLASSES: dict[Kind, type[Any]] = {
    Kind.LOCATION: Location,
    Kind.PLACE_TRANSITION: PlaceTransition,
    Kind.WEB_VISIT: WebVisit,
    Kind.APP_USE: AppUse,
    Kind.PRESENCE: Presence,
    Kind.MESSAGE: Message,
    Kind.CALL: Call,
    Kind.TRAFFIC: Traffic,
    Kind.DEVICE_STATE: DeviceState,
    Kind.DOCUMENT: Document,
}
