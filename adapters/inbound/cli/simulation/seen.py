"""One thing that one device of the family saw, ready to be sent."""

from typing import Any, NamedTuple

from domain.kinds import Kind
from domain.times import to_rfc3339

Observation = dict[str, Any]


class Seen(NamedTuple):
    """An observation in its JSON form, with its device.

    `time_ms` is its event time. `known_ms` is when the device can know of it: something that
    lasts is known when it is over. `detail` marks a fix that the phone keeps to itself and
    sends only when it is asked for that time.
    """

    time_ms: int
    device: str
    kind: Kind
    observation: Observation
    known_ms: int
    detail: bool = False


def seen(device: str, kind: Kind, time_ms: int, *, detail: bool = False, **fields: Any) -> Seen:
    """Fields that are None are left out."""
    observation = {"time": to_rfc3339(time_ms)}
    observation.update((name, value) for name, value in fields.items() if value is not None)
    known_ms = time_ms + round(1000 * float(fields.get("duration_s") or 0.0))
    return Seen(time_ms, device, kind, observation, known_ms, detail)
