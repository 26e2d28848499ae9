"""Definitions of mappings as people hand them in: as an object, or as the text they wrote."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import attrs

from application.document_mapper import DocumentMapper
from application.faults import Invalid
from domain.mapping import MAX_DEFINITION_BYTES
from domain.mapping_definition import MappingDefinition
from domain.mapping_lines import line_of, lines_of
from domain.refusals import FieldError

RawDefinition = Mapping[str, Any] | str


@attrs.frozen
class ReadDefinition:
    """`raw` is what is stored, `definition` what it means."""

    raw: Mapping[str, Any]
    definition: MappingDefinition


def read_draft(mapper: DocumentMapper, given: RawDefinition) -> ReadDefinition:
    """Raises Invalid: each error names the path of its place, and the line in a text."""
    raw = _parsed(given) if isinstance(given, str) else given
    read = mapper.read(raw)
    if isinstance(read, MappingDefinition):
        if len(json.dumps(raw)) > MAX_DEFINITION_BYTES:
            _refuse(f"may have {MAX_DEFINITION_BYTES} bytes at most")
        return ReadDefinition(raw, read)
    raise Invalid.of(_with_lines(read, given) if isinstance(given, str) else read)


def _parsed(text: str) -> Any:
    if len(text) > MAX_DEFINITION_BYTES:
        _refuse(f"may have {MAX_DEFINITION_BYTES} characters at most")
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        _refuse(
            f"line {error.lineno}, column {error.colno}: {error.msg[:1].lower()}{error.msg[1:]}"
        )
    except (ValueError, RecursionError):
        _refuse("is no JSON: nested too deeply, or with a number that is none")


def _with_lines(errors: Sequence[FieldError], text: str) -> list[FieldError]:
    try:
        lines = lines_of(text)
    except RecursionError:
        return list(errors)
    found = [(error, line_of(lines, error.field)) for error in errors]
    return [
        error if line is None else attrs.evolve(error, reason=f"line {line}: {error.reason}")
        for error, line in found
    ]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _refuse(reason: str) -> NoReturn:
    raise Invalid.of([FieldError("definition", reason)])
