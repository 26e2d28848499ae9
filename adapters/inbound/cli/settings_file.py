"""Settings from a TOML file and the environment, checked whole: every wrong field is named."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs
import msgspec

from adapters.inbound.cli.addresses import ServeError

T = TypeVar("T", bound=attrs.AttrsInstance)

_PREFIX = "FIELDPOST_"
_MAX_BYTES = 1_000_000


def read_settings(cls: type[T], file: Path, environment: Mapping[str, str] = os.environ) -> T:
    """Sections of the file are fields of `cls`. FIELDPOST_SECTION_FIELD in the environment goes
    before what the file says. Raises ServeError, which names all fields that are wrong, and why.
    """
    said = _read(file)
    errors = _unknown(cls, said)
    sections = {}
    for section in attrs.fields(cls):
        content = said.get(section.name, {})
        if not isinstance(content, dict):
            errors.append(f"{section.name} must be a section")
            continue
        values, wrong = _section(section, content, environment)
        errors += wrong
        if not wrong:
            sections[section.name] = section.type(**values)
    if errors:
        raise ServeError(f"{file}: {'; '.join(errors)}")
    return cls(**sections)


def read_environment(cls: type[T], environment: Mapping[str, str] = os.environ) -> T:
    """The same sections where there is no file. Raises ServeError."""
    errors = []
    sections = {}
    for section in attrs.fields(cls):
        values, wrong = _section(section, {}, environment)
        errors += wrong
        if not wrong:
            sections[section.name] = section.type(**values)
    if errors:
        raise ServeError(f"the environment: {'; '.join(errors)}")
    return cls(**sections)


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise ServeError(f"there is no settings file {file}")
    try:
        with file.open("rb") as opened:
            content = opened.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise ServeError(f"{file} is larger than {_MAX_BYTES} bytes")
        return tomllib.loads(content.decode())
    except (OSError, ValueError) as error:
        raise ServeError(f"{file} cannot be read: {error}") from error


def _section(
    section: "attrs.Attribute[Any]", content: dict[str, Any], environment: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """The fields that are given, and what is wrong with them. Values may be secrets: where one is
    of the wrong type it is not said.
    """
    assert section.type is not None, "a section has a class"
    values = {}
    errors = _unknown(section.type, content, f"{section.name}.")
    for field in attrs.fields(section.type):
        key = _key(field.name)
        name = f"{section.name}.{key}"
        said = environment.get(f"{_PREFIX}{name.replace('.', '_').upper()}")
        value = content.get(key) if said is None else said
        if value is None:
            if field.default is attrs.NOTHING:
                errors.append(f"{name} is missing")
            continue
        try:
            values[field.name] = _converted(field, value)
        except (ValueError, TypeError) as error:
            errors.append(f"{name} {_reason(field, error)}")
    return values, errors


def _key(name: str) -> str:
    """As people write it: `from`, where the code has to say `from_`."""
    return name.rstrip("_")


def _converted(field: "attrs.Attribute[Any]", value: Any) -> Any:
    """Raises ValueError and TypeError."""
    converted = msgspec.convert(value, field.type, strict=False, dec_hook=_other_type)
    if field.validator is not None:
        field.validator(None, field, converted)
    return converted


def _other_type(cls: type, value: Any) -> Any:
    """A path, made of its text."""
    return cls(value)


def _reason(field: "attrs.Attribute[Any]", error: Exception) -> str:
    """In words that go on after the field's name, which attrs puts in between."""
    reason = str(error.args[0]).replace(f"Length of '{field.name}' must be", "must have a length")
    return reason.removeprefix(f"'{field.name}' ").replace("Expected", "must be", 1)


def _unknown(cls: Any, content: Mapping[str, Any], path: str = "") -> list[str]:
    known = {_key(field.name) for field in attrs.fields(cls)}
    return [f"{path}{name} is not known" for name in content if name not in known]
