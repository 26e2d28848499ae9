"""
Batches of observations as compact blocks, and back (native/FORMAT.md).
"""

from collections.abc import Sequence
from typing import Any

class Malformed(ValueError):
    pass

class TooMany(ValueError):
    pass

class BadBlock(ValueError):
    pass

class Encoded:
    """What `encode_json` kept, and what it refused."""

    @property
    def block(self) -> bytes:
        """The block; b"" when nothing is kept."""

    @property
    def count(self) -> int:
        """Observations in the block."""

    @property
    def first_ms(self) -> int:
        """Event time of the first; 0 when none."""

    @property
    def last_ms(self) -> int:
        """Event time of the last; 0 when none."""

    @property
    def order(self) -> list[int]:
        """
        Where each observation of the block stood among the kept ones as they came;
        empty when they came in time order.
        """

    @property
    def refused(self) -> list[tuple[int, str, str]]:
        """(index, field, reason) of the first refused."""

    @property
    def refused_count(self) -> int:
        """All that were refused."""

def encode_json(
    kind: str,
    observations: bytes,
    earliest_ms: int,
    latest_ms: int,
    *,
    max_observations: int = 5000,
    foreign: bool = False,
    max_refusals: int = 100,
) -> Encoded:
    """
    Encode a JSON array of observations, UTF-8, as one block in time order.

    Each observation is judged on its own: one that is not valid is refused by index, field and
    reason, the others are kept. `foreign` also accepts `time_ms` in place of `time`, and
    `attributes`, a JSON object. Raises Malformed, TooMany, or ValueError for an unknown kind.
    """

def schema() -> list[tuple[str, list[tuple[Any, ...]]]]:
    """
    Each kind and its fields: name, type, required, low, high, resolution, max_length, choices.
    """

def info(block: bytes) -> tuple[str, int, int, int]:
    """Kind, count, first and last event time, after verifying the checksum."""

def validate(block: bytes) -> None:
    """Raise BadBlock unless all of the block is valid."""

def decode_columns(block: bytes) -> dict[str, list[Any]]:
    """
    `time_ms` and each field that any observation has, None where one has not.
    """

def decode_rows_json(block: bytes, from_ms: int, to_ms: int) -> list[bytes]:
    """Each observation with from_ms <= time < to_ms as a JSON object."""

def merge(blocks: Sequence[bytes]) -> bytes:
    """
    One block of all observations, by time; of equal times in the order of the blocks.
    """

def slice(block: bytes, from_ms: int, to_ms: int) -> bytes:
    """
    The observations with from_ms <= time < to_ms; b"" when there are none.
    """

def keep(block: bytes, indices: Sequence[int]) -> bytes:
    """
    The observations at these positions, each once; b"" when there are none.
    """

def admit(
    blocks: Sequence[bytes], *, max_observations: int, max_text_bytes: int
) -> list[tuple[str, int, int, int, str]]:
    """
    Of each block its kind, count, first and last event time, and why it is not taken.

    All of each block is checked. The reason is "" for one that is good, or bad_block,
    too_many_observations, too_much_text (in bytes, each text counted as often as it stands), or
    unknown_field for attributes. Then the numbers need not be right, and the kind is the one that
    the block claims, or "".
    """

def simplify(lat: Sequence[float], lon: Sequence[float], max_points: int) -> list[int]:
    """
    Indices of at most `max_points` points that keep a track's first, last and shape.

    Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", The
    Cartographic Journal 30 (1993), with the distance from the remaining line as a point's size.
    """
