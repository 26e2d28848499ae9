"""Mappings: how documents of a source become typed observations."""

from collections.abc import Mapping
from typing import Any

import attrs


@attrs.frozen
class DocumentMapping:
    """`definition` is declarative, with JMESPath for what is taken from where. `version` rises
    with each change.
    """

    id: str
    account_id: str
    name: str
    source: str
    definition: Mapping[str, Any]
    created_at_ms: int
    enabled: bool = True
    version: int = 1
