"""On which line of a JSON text each of its values stands, so that errors can say so."""

import json
import re
from collections.abc import Mapping

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN = re.compile(r"[^,\]}\s]+")


def lines_of(text: str) -> dict[str, int]:
    """Lines count from 1, by paths such as `rules[0].fields.lat`. `text` is valid JSON."""
    lines: dict[str, int] = {}
    _value(text, 0, "", lines)
    return lines


def line_of(lines: Mapping[str, int], path: str) -> int | None:
    """Of the value at the path, or of what would hold it where it is missing."""
    while path:
        if path in lines:
            return lines[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


def _value(text: str, at: int, path: str, lines: dict[str, int]) -> int:
    """Where what follows the value begins."""
    at = _skip(text, at)
    if path:
        lines.setdefault(path, text.count("\n", 0, at) + 1)
    if text[at] == "{":
        return _members(text, at + 1, path, lines)
    if text[at] == "[":
        return _elements(text, at + 1, path, lines)
    if text[at] == '"':
        return _string(text, at)[1]
    plain = _PLAIN.match(text, at)
    assert plain is not None, "the text is not JSON"
    return plain.end()


def _members(text: str, at: int, path: str, lines: dict[str, int]) -> int:
    at = _skip(text, at)
    while text[at] != "}":
        name, at = _string(text, at)
        inner = f"{path}.{name}" if path else name
        at = _skip(text, _value(text, _skip(text, at) + 1, inner, lines))
        at = _skip(text, at + 1) if text[at] == "," else at
    return at + 1


def _elements(text: str, at: int, path: str, lines: dict[str, int]) -> int:
    at, place = _skip(text, at), 0
    while text[at] != "]":
        at = _skip(text, _value(text, at, f"{path}[{place}]", lines))
        at = _skip(text, at + 1) if text[at] == "," else at
        place += 1
    return at + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _string(text: str, at: int) -> tuple[str, int]:
    """What it says, and where what follows begins."""
    found = _STRING.match(text, at)
    assert found is not None, "the text is not JSON"
    said: str = json.loads(found[0])
    return said, found.end()
