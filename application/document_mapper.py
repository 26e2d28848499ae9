"""Mappings that are ready for work: read once, and kept for as long as they stay as they are."""

import json
from collections.abc import Mapping
from typing import Any

import attrs

from application.ports.mapping_language import MappingLanguage
from application.ports.tally import Tally
from domain.mapping import DocumentMapping
from domain.mapping_definition import MappingDefinition
from domain.mapping_expression import Effort
from domain.mapping_making import Fault, Made, make
from domain.mapping_reading import read_definition
from domain.refusals import FieldError

MAX_REMEMBERED = 2_000


@attrs.frozen
class DocumentMapper:
    language: MappingLanguage
    tally: Tally
    _known: dict[tuple[str, str, int], MappingDefinition | None] = attrs.field(
        factory=dict, init=False
    )

    def read(self, raw: Mapping[str, Any]) -> MappingDefinition | list[FieldError]:
        """A definition that somebody has written."""
        return read_definition(raw, self.language.expression)

    def made(
        self, mapping: DocumentMapping, body: str, time_ms: int, latest_ms: int, effort: Effort
    ) -> Made:
        """What a document becomes; `body` is its JSON, `time_ms` its own time."""
        definition = self._definition(mapping)
        if definition is None:
            return Made([], [Fault("rules", "cannot be read by this version")], True)
        return made_of(definition, body, time_ms, latest_ms, effort)

    def _definition(self, mapping: DocumentMapping) -> MappingDefinition | None:
        """None where an earlier or later version took what this one does not."""
        key = (mapping.account_id, mapping.id, mapping.version)
        if key in self._known:
            return self._known[key]
        read = self.read(mapping.definition)
        if len(self._known) >= MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[key] = read if isinstance(read, MappingDefinition) else None
        return self._known[key]


def made_of(
    definition: MappingDefinition, body: str, time_ms: int, latest_ms: int, effort: Effort
) -> Made:
    """What a document becomes by this definition."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        try:
            document = json.loads(body, parse_int=float)
        except (ValueError, RecursionError):
            return Made([], [Fault("", "the document cannot be read")], True)
    return make(definition, document, time_ms, latest_ms, effort)
