"""From a JSON body to its messages, each with its own bytes, and back to one reading."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from adapters.inbound.http.foreign.draft import Fault, Parsed
from adapters.inbound.http.foreign.reading import (
    ForeignObservation,
    NotUnderstood,
    Reading,
    Reason,
)

MAX_MESSAGES = 10_000
"""In one body. Overland sends 200, an ActivityWatch import a few thousand events."""

Message = dict[str, Any]

_ANY = msgspec.json.Decoder()
_PARTS = msgspec.json.Decoder(list[msgspec.Raw])
_NAMED_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode_object(body: bytes) -> Message | Fault:
    """The one JSON object that `body` is."""
    value = _decode(_ANY, body)
    return value if value.__class__ in (dict, Fault) else Fault(Reason.WRONG_TYPE)


def named_parts(body: bytes) -> dict[str, bytes] | Fault:
    """The members of the one JSON object that `body` is, each as its own bytes."""
    parts = _decode(_NAMED_PARTS, body)
    if isinstance(parts, Fault):
        return parts
    return {name: bytes(part) for name, part in parts.items()}


def parts_of(array: bytes) -> list[bytes] | Fault:
    """The elements of the one JSON array that `array` is, each as its own bytes."""
    parts = _decode(_PARTS, array)
    if isinstance(parts, Fault):
        return parts
    if len(parts) > MAX_MESSAGES:
        return Fault(Reason.TOO_MANY)
    return [bytes(part) for part in parts]


def read_each(body: bytes, read: Callable[[Message], Parsed]) -> Reading:
    """Read a body that is one message or an array of them."""
    value = _decode(_ANY, body)
    if value.__class__ is dict:
        return gathered([(body, read(value))])
    if value.__class__ is not list:
        fault = value if isinstance(value, Fault) else Fault(Reason.WRONG_TYPE)
        return gathered([(body, fault)])
    parts = parts_of(body)
    if isinstance(parts, Fault):
        return gathered([(body, parts)])
    return gathered((part, read_part(part, read)) for part in parts)


def read_part(part: bytes, read: Callable[[Message], Parsed]) -> Parsed:
    message = decode_object(part)
    return message if isinstance(message, Fault) else read(message)


def gathered(parsed: Iterable[tuple[bytes, Parsed]], device_id: str | None = None) -> Reading:
    """One reading of many messages; those at fault go with their own bytes."""
    observations: list[ForeignObservation] = []
    not_understood: list[NotUnderstood] = []
    for payload, result in parsed:
        if isinstance(result, Fault):
            not_understood.append(NotUnderstood(result.reason, result.field, payload))
        else:
            observations += result
    return Reading(tuple(observations), tuple(not_understood), device_id)


def inner_object(message: Message, name: str, path: str) -> Message | Fault:
    """Take the object under `name` out of a message."""
    value = message.pop(name, None)
    if value.__class__ is dict:
        return value
    return Fault(Reason.MISSING if value is None else Reason.WRONG_TYPE, path)


def _decode(decoder: Any, body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except RecursionError:
        return Fault(Reason.TOO_DEEP)
    except msgspec.ValidationError:
        # Without a type the only thing that msgspec finds invalid is a number beyond a float.
        return Fault(Reason.OUT_OF_RANGE if decoder is _ANY else Reason.WRONG_TYPE)
    except UnicodeDecodeError:
        return Fault(Reason.NOT_UTF8)
    except ValueError:
        return Fault(Reason.NOT_JSON)
