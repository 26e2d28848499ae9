"""What could not be understood: kept, visible, replayable."""

import attrs

MAX_PAYLOAD_BYTES = 65_536
MAX_PER_DEVICE = 10_000


@attrs.frozen
class Quarantined:
    """`source` is the agent whose words these are; `reason` and `field` say what was wrong.

    `payload` is what came, cut at MAX_PAYLOAD_BYTES.
    """

    id: str
    account_id: str
    device_id: str
    received_ms: int
    source: str
    reason: str
    field: str
    payload: bytes
