"""Why something was refused: an enumerated reason and the field at fault, as a value."""

from enum import StrEnum

import attrs


class Reason(StrEnum):
    """Every reason for which a batch or an observation may be refused."""

    UNKNOWN_KIND = "unknown_kind"
    NO_CONSENT = "no_consent"
    NO_OBSERVATIONS = "no_observations"
    TOO_MANY_OBSERVATIONS = "too_many_observations"
    NOTHING_VALID = "nothing_valid"
    MALFORMED = "malformed"
    KIND_MISMATCH = "kind_mismatch"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    BAD_BLOCK = "bad_block"
    TOO_MUCH_TEXT = "too_much_text"
    UNKNOWN_FIELD = "unknown_field"


@attrs.frozen
class Refusal:
    """`index` is the observation's place in its batch; None when the whole was refused."""

    reason: str
    field: str = ""
    index: int | None = None


@attrs.frozen
class FieldError:
    """A value of a request that cannot be, in words for the person who sent it."""

    field: str
    reason: str
