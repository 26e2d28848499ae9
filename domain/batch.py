"""A batch: observations of one device and one kind in time order, and what identifies it.

It is the unit that travels, queues and is stored. A Fieldpost agent numbers its batches per
device and kind; a batch of a foreign agent is identified by its content.
"""

import hashlib
from enum import StrEnum

import attrs

from domain.kinds import Kind
from domain.quarantine import Quarantined
from domain.refusals import Refusal

MAX_OBSERVATIONS = 5_000
MAX_TEXT_BYTES = 4 * 1024 * 1024
"""All texts of a batch, each counted as often as it stands: a block repeats them for nothing."""

MAX_BATCHES_PER_UPLOAD = 64
MAX_SEQUENCE = 2**53 - 1


class Lane(StrEnum):
    """Fresh data is processed before a backlog, so that the live position never waits."""

    LIVE = "live"
    BACKLOG = "backlog"


LIVE_WITHIN_MS = 15 * 60 * 1000
"""A batch whose newest observation is younger than this travels in the live lane."""


# Not frozen, like all that is made for each batch: that would take four times as long to make.
@attrs.define
class Batch:
    """An encoded batch (its block) that intake has accepted.

    `identity` is unique within the device and kind. `first_ms` and `last_ms` are the event
    times at its ends, `received_ms` is our time. `left_out` is what was not understood of it; it
    is kept when the batch is new, so that a batch that is sent again leaves nothing more.
    """

    account_id: str
    device_id: str
    kind: Kind
    identity: str
    block: bytes
    count: int
    first_ms: int
    last_ms: int
    received_ms: int
    left_out: Quarantined | None = None

    @property
    def lane(self) -> Lane:
        fresh = self.received_ms - self.last_ms < LIVE_WITHIN_MS
        return Lane.LIVE if fresh else Lane.BACKLOG


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@attrs.define
class Receipt:
    """What became of one batch: how many observations are kept and why others are not."""

    kind: str
    outcome: Outcome
    sequence: int | None = None
    accepted: int = 0
    refused: tuple[Refusal, ...] = ()
    reason: str | None = None


def identity_of_sequence(sequence: int, enrolment: int = 1) -> str:
    """`enrolment` counts the device's enrolments: an agent that is set up anew numbers anew."""
    return str(sequence) if enrolment == 1 else f"{enrolment}.{sequence}"


def identity_of_content(block: bytes) -> str:
    """Two batches of the same observations have the same block, hence the same identity."""
    return "~" + hashlib.blake2b(block, digest_size=12).hexdigest()
