"""What could not be understood: kept, visible, replayable."""

import attrs

MAX_PAYLOAD_BYTES = 65_536
MAX_BLOCK_BYTES = 256 * 1024
"""A block that is larger is cut like everything else, and cannot be processed again."""

MAX_PER_DEVICE = 10_000


@attrs.frozen
class Quarantined:
    """`source` is the agent whose words these are; `reason` and `field` say what was wrong.

    `payload` is what came, cut at MAX_PAYLOAD_BYTES. A batch that could not be processed says its
    `kind`; its payload is then the whole block, which can be processed again.
    """

    id: str
    account_id: str
    device_id: str
    received_ms: int
    source: str
    reason: str
    field: str
    payload: bytes
    kind: str = ""
