"""One observation in the making: what was understood, what is left over, what stands in its way."""

from collections.abc import Mapping
from typing import Any

import attrs

from adapters.inbound.http.foreign.attributes import bounded
from adapters.inbound.http.foreign.checks import CHECKS
from adapters.inbound.http.foreign.reading import ForeignObservation, Reason
from domain.kinds import Kind


@attrs.frozen
class Fault:
    """Why a message gives no observation: the `Reason`, and the agent's path of the field."""

    reason: Reason
    field: str = ""


Parsed = tuple[ForeignObservation, ...] | Fault
"""What one message gives: its observations (none is fine), or why it was not understood."""


class Draft:
    """Collects the fields of one observation; the first required field that fails decides.

    `rest` is what the agent said and nobody has used yet. Whoever reads a field takes it out of
    there; a value that does not fit an optional field is put back, so that nothing said is lost.
    """

    __slots__ = ("_checks", "_fault", "fields", "kind", "rest")

    def __init__(self, kind: Kind, rest: dict[str, Any]) -> None:
        self.kind = kind
        self.fields: dict[str, Any] = {}
        self.rest = rest
        self._checks = CHECKS[kind]
        self._fault: Fault | None = None

    def require(self, field: str, value: Any, said_as: str) -> None:
        """Set a field without which there is no observation; `value` is in our unit."""
        kept = Reason.MISSING if value is None else self._checks[field](value)
        if kept.__class__ is not Reason:
            self.fields[field] = kept
        elif self._fault is None:
            self._fault = Fault(kept, said_as)

    def offer(self, field: str, value: Any, said_as: str, said: Any) -> None:
        """Set a field if `value` (in our unit; None for unknown) fits, else keep `said`."""
        if value is None:
            return
        kept = self._checks[field](value)
        if kept.__class__ is not Reason:
            self.fields[field] = kept
        else:
            self.rest[said_as] = said

    def offer_word(self, field: str, said_as: str, said: Any, words: Mapping[Any, Any]) -> None:
        """Set a field from an agent's code or word, else keep it; a word for None is unknown."""
        if said is None:
            return
        # `True` is the key 1 to a dict, and a list is no key at all.
        if said.__class__ in (str, int) and said in words:
            self.offer(field, words[said], said_as, said)
        else:
            self.rest[said_as] = said

    def seal(self, time_ms: int | Reason, said_as: str) -> ForeignObservation | Fault:
        """The observation with all that is left over as its attributes, or the fault."""
        if self._fault is not None:
            return self._fault
        if isinstance(time_ms, Reason):
            return Fault(time_ms, said_as)
        return ForeignObservation(self.kind, time_ms, self.fields, bounded(self.rest))

    def beside(self, main: ForeignObservation) -> tuple[ForeignObservation, ...]:
        """`main`, which has the attributes, and this one at its time if it has any field."""
        if not self.fields:
            return (main,)
        return (main, ForeignObservation(self.kind, main.time_ms, self.fields, {}))


def document(source: str, body: Any, time_ms: int | Reason, said_as: str) -> Parsed:
    """A message that is kept as it is, for the account's mappings to make something of."""
    draft = Draft(Kind.DOCUMENT, {})
    draft.require("source", source, "")
    draft.require("body", body, "")
    sealed = draft.seal(time_ms, said_as)
    return sealed if isinstance(sealed, Fault) else (sealed,)


def unless_negative(value: Any) -> Any:
    """None for a negative number: how agents say that they do not know a speed or an accuracy."""
    if (value.__class__ is int or value.__class__ is float) and value < 0:
        return None
    return value


def scaled(value: Any, numerator: int, denominator: int) -> Any:
    """A number in another unit; what is no number stays as it is, for the check to refuse."""
    if value.__class__ is not int and value.__class__ is not float:
        return value
    try:
        return value * numerator / denominator
    except OverflowError:
        return value
