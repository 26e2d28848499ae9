"""A mapping at work: one document becomes observations, or the reasons why not."""

from collections.abc import Sequence
from typing import Any

import attrs

from domain.kinds import Kind
from domain.mapping import MAX_FAULTS, MAX_PER_DOCUMENT
from domain.mapping_definition import MappingDefinition, MappingRule, Taken
from domain.mapping_expression import Effort, ExpressionFailed
from domain.mapping_values import Unfit, field_value, said, time_value
from domain.observations import EARLIEST_TIME_MS

_CHARACTERS_A_STEP = 4


@attrs.frozen
class Fault:
    """`field` is the path in the definition, `element` the place in the list of the rule."""

    field: str
    reason: str
    element: int | None = None


@attrs.define
class Observed:
    """What an observation consists of: its fields by name, those that the document names, and
    `time_ms`. `rule` is the place of the rule that made it.
    """

    kind: Kind
    rule: int
    row: dict[str, Any]
    element: int | None = None


@attrs.define
class Made:
    """What a document became. Without faults and `understood` it is all that it says."""

    observed: list[Observed]
    faults: list[Fault]
    understood: bool
    """Some rule is about the document."""


def make(
    definition: MappingDefinition, document: Any, time_ms: int, latest_ms: int, effort: Effort
) -> Made:
    """`time_ms` is the document's own time, `latest_ms` the last that an observation may have."""
    made = Made([], [], False)
    for place, rule in enumerate(definition.rules):
        making = _Making(made, rule, place, document, time_ms, latest_ms, effort)
        try:
            making.run()
        except _Enough:
            break
    return made


class _Enough(Exception):
    """More would help nobody."""


@attrs.define
class _Making:
    """One rule and one document."""

    made: Made
    rule: MappingRule
    place: int
    document: Any
    time_ms: int
    latest_ms: int
    effort: Effort
    wholes: dict[int, Any] = attrs.field(factory=dict)

    def run(self) -> None:
        elements = self._elements()
        if elements is None:
            return
        self.made.understood = True
        kind = self.rule.kind
        if kind is None:
            return
        if len(elements) + len(self.made.observed) > MAX_PER_DOCUMENT:
            self._fault("each", f"makes more than {MAX_PER_DOCUMENT} observations of a document")
            raise _Enough
        listed = self.rule.each is not None
        for number, element in enumerate(elements):
            place = number if listed else None
            row = self._row(element, place)
            if row is not None:
                self.made.observed.append(Observed(kind, self.place, row, place))

    def _elements(self) -> Sequence[Any] | None:
        """What the rule makes observations of; None where it is not about the document."""
        rule = self.rule
        try:
            if rule.where is not None and _is_false(rule.where(self.document, self.effort)):
                return None
        except ExpressionFailed as error:
            self._fault("where", str(error))
            return None
        if rule.each is None:
            return [self.document]
        try:
            found = rule.each(self.document, self.effort)
        except ExpressionFailed as error:
            self._fault("each", str(error))
            return None
        if found is not None and not isinstance(found, list):
            self._fault("each", f"is {said(found)}, not a list")
            return None
        return found

    def _row(self, element: Any, number: int | None) -> dict[str, Any] | None:
        before = len(self.made.faults)
        row = {"time_ms": self._time(element, number)}
        steps = 1
        for field in self.rule.fields:
            name = field.spec.name
            try:
                found = None if field.taken is None else self._found(field.taken, element)
                value = field_value(field, found)
                if value is None:
                    if field.spec.required:
                        raise Unfit("the document says nothing of it")
                    continue
                steps += 1 + len(value) // _CHARACTERS_A_STEP if isinstance(value, str) else 1
                row[name] = value
            except (ExpressionFailed, Unfit) as error:
                self._fault(f"fields.{name}", str(error), number)
        try:
            self.effort.spend(steps)
        except ExpressionFailed as error:
            self._fault("fields", str(error), number)
        return row if len(self.made.faults) == before else None

    def _time(self, element: Any, number: int | None) -> int:
        time_ms = self.time_ms
        rule = self.rule.time
        if rule is None:
            return time_ms
        try:
            time_ms = time_value(rule.format, self._found(rule.taken, element))
            if time_ms < EARLIEST_TIME_MS:
                raise Unfit("is before the year 2000")
            if time_ms > self.latest_ms:
                raise Unfit("is more than a day after the document came")
        except (ExpressionFailed, Unfit) as error:
            self._fault("time", str(error), number)
        return time_ms

    def _found(self, taken: Taken, element: Any) -> Any:
        if not taken.whole:
            return taken.path(element, self.effort)
        # What all elements share is worked out once.
        key = id(taken)
        if key not in self.wholes:
            self.wholes[key] = taken.path(self.document, self.effort)
        return self.wholes[key]

    def _fault(self, part: str, reason: str, number: int | None = None) -> None:
        faults = self.made.faults
        faults.append(Fault(f"rules[{self.place}].{part}", reason, number))
        if len(faults) >= MAX_FAULTS:
            raise _Enough


def _is_false(value: Any) -> bool:
    """As JMESPath has it: nothing, false, and what is empty; 0 is something."""
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)
