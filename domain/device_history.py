"""What the platform remembers of a device between two batches: latest values, rule state."""

from collections.abc import Mapping
from typing import Any

import attrs

from domain.kinds import Kind
from domain.rules.judge import Memory
from domain.rules.track import Track


@attrs.frozen
class DeviceHistory:
    """The running state of one device.

    `version` rises with each change; a change is made only on the version that was read.
    `latest` holds the newest observation of each kind by event time, in its JSON form plus
    `time_ms`. `seen_ms` is when the device was last heard of: the newest event time, but
    never later than we received it. `live` and `backfill` are what rules remember in the two
    lines of its `tracks`, `silence` what those about silence remember. `untold` are the ids of
    alerts that were raised and not announced yet. At `silence_due_ms` it is to be looked at
    again, whether anything has come or not.
    """

    device_id: str
    account_id: str
    version: int = 0
    seen_ms: int | None = None
    received_ms: int | None = None
    latest: Mapping[Kind, Mapping[str, Any]] = attrs.field(factory=dict)
    tracks: Mapping[Kind, Track] = attrs.field(factory=dict)
    live: Mapping[str, Memory] = attrs.field(factory=dict)
    backfill: Mapping[str, Memory] = attrs.field(factory=dict)
    silence: Mapping[str, Memory] = attrs.field(factory=dict)
    untold: tuple[str, ...] = ()
    silence_due_ms: int | None = None
