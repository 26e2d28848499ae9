"""All that the push gateway calls, and its bounds; handed over by the composition root."""

from collections.abc import Mapping
from typing import Any

import attrs

from application.device_directory import DeviceDirectory
from application.faults import Refused
from application.ports.clock import Clock
from application.ports.device_bell import DeviceBell
from application.ports.tally import Tally
from application.use_cases.accept_batches import AcceptBatches
from application.use_cases.check_in import CheckIn
from application.use_cases.request_data import AnswerRequest


@attrs.frozen
class PushServices:
    accept_batches: AcceptBatches
    answer_request: AnswerRequest
    check_in: CheckIn

    bell: DeviceBell
    clock: Clock
    directory: DeviceDirectory
    tally: Tally


@attrs.frozen
class PushLimits:
    """What one connection may cost, and all of them together.

    Beyond `max_calls` of a connection under way, or `max_bytes` of batches that wait to become
    durable on all connections, nothing more is read. A peer that takes nothing of what it is
    told for `stalled_s` is cut off.
    """

    max_connections: int = 20_000
    max_connections_of_device: int = 8
    max_calls: int = 8
    max_bytes: int = 64 * 1024 * 1024
    max_looks: int = 32
    stalled_s: float = 60.0
    idle_s: int = 300
    handshake_s: int = 10
    refresh_s: float = 15.0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "PushLimits":
        """FIELDPOST_PUSH_MAX_CONNECTIONS and so on, where they are set. Raises Refused."""
        given: dict[str, Any] = {}
        for field in attrs.fields(cls):
            name = f"FIELDPOST_PUSH_{field.name.upper()}"
            if name in environment:
                given[field.name] = _positive(name, environment[name], type(field.default))
        return cls(**given)


def _positive(name: str, text: str, number: type[int] | type[float]) -> float:
    try:
        value = number(text)
    except ValueError:
        value = 0
    if not 0 < value < 2**53:
        raise Refused(f"{name} must be a number above 0, not {text}")
    return value
