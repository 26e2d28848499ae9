"""Settings from a TOML file and the environment, checked whole: every wrong field is named."""

from pathlib import Path
from typing import Any, TypeVar

import attrs
import typed_settings
from typed_settings.exceptions import InvalidSettingsError, TsError

from adapters.inbound.cli.addresses import ServeError

T = TypeVar("T", bound=attrs.AttrsInstance)

_PREFIX = "FIELDPOST_"


def read_settings(cls: type[T], file: Path) -> T:
    """Sections of the file are fields of `cls`. FIELDPOST_SECTION_FIELD in the environment goes
    before what the file says. Raises ServeError, which names all fields that are wrong, and why.
    """
    if not file.is_file():
        raise ServeError(f"there is no settings file {file}")
    loaders: list[typed_settings.loaders.Loader] = [
        typed_settings.FileLoader({"*": typed_settings.TomlFormat(None)}, [file]),
        typed_settings.EnvLoader(_PREFIX),
    ]
    try:
        with attrs.validators.disabled():
            settings = typed_settings.load_settings(cls, loaders)
    except InvalidSettingsError as error:
        raise _wrong(file, [_plain(str(one)) for one in error.exceptions]) from error
    except TsError as error:
        raise _wrong(file, [_plain(str(error))]) from error
    errors = _out_of_bounds(settings)
    if errors:
        raise _wrong(file, errors)
    return settings


def _out_of_bounds(settings: Any, path: str = "") -> list[str]:
    found = []
    for field in attrs.fields(type(settings)):
        value = getattr(settings, field.name)
        name = f"{path}{field.name}"
        if attrs.has(type(value)):
            found += _out_of_bounds(value, f"{name}.")
        elif field.validator is not None:
            try:
                field.validator(settings, field, value)
            except (ValueError, TypeError) as error:
                reason = str(error.args[0]).replace(f"'{field.name}' ", "")
                found.append(f"{name} {reason}")
    return found


def _plain(message: str) -> str:
    return message.replace("No value set for required option", "missing:")


def _wrong(file: Path, errors: list[str]) -> ServeError:
    return ServeError(f"{file}: {'; '.join(errors)}")
