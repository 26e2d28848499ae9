"""Mappings for tests, in the language that they are written in."""

from typing import Any

from adapters.outbound.jmespath_mappings import JmespathMappings
from domain.mapping_definition import MappingDefinition
from domain.mapping_expression import Effort
from domain.mapping_making import Made, make
from domain.mapping_reading import read_definition
from domain.observations import MAX_TIME_AHEAD_MS
from domain.refusals import FieldError

NOW_MS = 1_790_000_000_000


def read(raw: Any) -> MappingDefinition | list[FieldError]:
    return read_definition(raw, JmespathMappings().expression)


def errors(raw: Any) -> dict[str, str]:
    """Reasons by field."""
    found = read(raw)
    assert isinstance(found, list), "there is nothing wrong with it"
    return {error.field: error.reason for error in found}


def definition(*rules: dict[str, Any]) -> MappingDefinition:
    found = read({"rules": list(rules)})
    assert isinstance(found, MappingDefinition), found
    return found


def made(document: Any, *rules: dict[str, Any], length: int = 1_000) -> Made:
    """What a document of this many characters becomes."""
    effort = Effort.for_document(length)
    return make(definition(*rules), document, NOW_MS, NOW_MS + MAX_TIME_AHEAD_MS, effort)
