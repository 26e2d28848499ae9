"""What becomes of a payload of a foreign agent: observations, and the parts nobody understood."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import attrs

from domain.kinds import Kind


class Reason(StrEnum):
    """Why a payload, or a part of it, was not understood."""

    NOT_JSON = "not_json"
    NOT_UTF8 = "not_utf8"
    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    NOT_A_TIME = "not_a_time"
    NOT_A_CHOICE = "not_a_choice"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    UNKNOWN_TYPE = "unknown_type"
    ENCRYPTED = "encrypted"
    NOT_DECRYPTABLE = "not_decryptable"


@attrs.frozen
class ForeignObservation:
    """One observation, as far as its agent told it.

    `fields` has the names, SI units and bounds of the kind's class in `domain.observations`, and
    only the fields that are present. `attributes` is what the agent said beyond them, under its
    own names and in its own units: JSON values, bounded as `attributes.bounded` says.
    """

    kind: Kind
    time_ms: int
    fields: Mapping[str, Any]
    attributes: Mapping[str, Any]


@attrs.frozen
class NotUnderstood:
    """A payload for the quarantine: the whole body, or the one message of a batch.

    `field` is the dotted path of the value at fault inside `payload`, in the agent's own names,
    and empty where the whole payload is.
    """

    reason: Reason
    field: str
    payload: bytes


@attrs.frozen
class Reading:
    """All that one body held. `device_id` is what the payload says of itself, and no credential."""

    observations: tuple[ForeignObservation, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()
    device_id: str | None = None


NOTHING = Reading()
"""Valid, and nothing in it to keep."""
