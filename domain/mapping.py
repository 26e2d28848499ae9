"""Mappings: how documents of a source become typed observations."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import attrs

MAX_RULES = 20
MAX_EXPRESSION = 500
"""Characters of one expression."""

MAX_VALUES = 200
"""Entries of one table of values."""

MAX_DEFINITION_BYTES = 32_768
MAX_PER_DOCUMENT = 1_000
"""Observations that one document may become."""

MAX_FAULTS = 20
"""Of one document: whoever mends a mapping needs to see no more at once."""


class Unmapped(StrEnum):
    """Why a document stands in quarantine although it is kept as a document."""

    NOT_MAPPED = "not_mapped"
    """No rule of its source's mapping is about it."""

    MAPPING_FAILED = "mapping_failed"
    """A rule is about it and something in it is not as the rule expects."""


@attrs.frozen
class DocumentMapping:
    """`definition` is declarative, with JMESPath for what is taken from where: docs/mappings.md.
    `version` rises with each change. Of one source one mapping at most is enabled.
    """

    id: str
    account_id: str
    name: str
    source: str
    definition: Mapping[str, Any]
    created_at_ms: int
    enabled: bool = True
    version: int = 1
