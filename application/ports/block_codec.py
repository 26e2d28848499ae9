"""Between observations and blocks, the encoded form that travels, queues and is stored."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs

from domain.kinds import Kind
from domain.refusals import Refusal

Columns = Mapping[str, Sequence[Any]]
"""`time_ms` and each field that any observation has, all of one length, None where absent."""


@attrs.frozen
class Encoded:
    """`block` is empty when `count` is 0. Observations are in order of their event time.

    `refused` names the first of the observations that were left out, `refused_count` counts all.
    `positions` are the indices in the input by place in the block; None where they are equal.
    """

    block: bytes
    count: int
    first_ms: int
    last_ms: int
    refused: Sequence[Refusal]
    refused_count: int
    positions: Sequence[int] | None = None

    def index_at(self, position: int) -> int:
        """Where the observation at this place in the block stood in the input."""
        return position if self.positions is None else self.positions[position]


Description = tuple[str, int, int, int, str]
"""Of a block: kind, count, first and last event time in ms, and why it is not taken or "".

Plain, because they come by the thousand.
"""


class MalformedObservations(ValueError):
    """Not a JSON array at all; the message says where."""


class TooManyObservations(ValueError):
    """More observations than a batch may have."""


class BlockCodec(Protocol):
    def encode_json(
        self, kind: Kind, observations: bytes, earliest_ms: int, latest_ms: int, *, foreign: bool
    ) -> Encoded:
        """Check and encode a JSON array of observations; each stands or falls on its own.

        `foreign` observations may carry `time_ms` and `attributes`.
        Raises MalformedObservations, TooManyObservations.
        """
        ...

    def describe(self, blocks: Sequence[bytes]) -> list[Description]:
        """Check all of each block that an agent sent, down to the last value.

        Not taken is `bad_block`, `too_many_observations`, `too_much_text` and, where there are
        attributes, `unknown_field`. Then the numbers mean nothing, and the kind is the one that
        the block claims to be of, or "".
        """
        ...

    def columns(self, block: bytes) -> Columns:
        """The observations of a block as columns, in time order."""
        ...

    def merged_columns(self, blocks: Sequence[bytes], from_ms: int, to_ms: int) -> Columns:
        """The observations of some blocks of one kind in [from_ms, to_ms), in time order."""
        ...

    def rows_json(self, blocks: Sequence[bytes], from_ms: int, to_ms: int) -> list[bytes]:
        """Each observation in [from_ms, to_ms) as one JSON object, in time order."""
        ...

    def track_json(
        self, blocks: Sequence[bytes], from_ms: int, to_ms: int, max_points: int
    ) -> bytes:
        """The locations of some blocks in [from_ms, to_ms) as one JSON object of columns.

        It has `time` (RFC 3339), `lat`, `lon` and `speed_mps`, null where absent, in time order;
        of more than `max_points` (at least 2) those that keep the shape of the track.
        """
        ...

    def keep(self, block: bytes, indices: Sequence[int]) -> bytes:
        """A block with the observations at these positions only."""
        ...

    def by_day(self, block: bytes) -> list[tuple[int, bytes]]:
        """Cut at UTC midnights: (start of the day in ms, block of that day), in order.

        Raises where the block is not whole; one of a single day is not looked into any further.
        """
        ...

    def merge(self, blocks: Sequence[bytes]) -> bytes:
        """One block with the observations of all, which are of one kind."""
        ...
