"""Reads what people write as a mapping's definition, and says all that is wrong with it, where."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from domain.fields import FieldSpec, FieldType, specs_of
from domain.kinds import Kind
from domain.mapping import MAX_EXPRESSION, MAX_RULES, MAX_VALUES
from domain.mapping_definition import (
    FieldRule,
    MappingDefinition,
    MappingRule,
    Taken,
    TimeFormat,
    TimeRule,
)
from domain.mapping_expression import Expression, ExpressionRefused
from domain.mapping_values import Unfit, fitting
from domain.observations import OBSERVATION_CLASSES
from domain.refusals import FieldError

MAX_ERRORS = 50

Compile = Callable[[str], Expression]
"""Raises ExpressionRefused."""

_RULE = frozenset({"where", "each", "kind", "time", "fields", "ignore"})
_IGNORING = frozenset({"where", "ignore"})
_TIME = frozenset({"path", "of", "format"})
_FIELD = frozenset({"path", "of", "scale", "offset", "values", "default"})
_CONSTANT = frozenset({"value"})
_RECKONED = (FieldType.NUMBER, FieldType.INTEGER)
_LARGEST = 1e15


def read_definition(raw: Any, compile_: Compile) -> MappingDefinition | list[FieldError]:
    """The definition, or what is wrong with it: each error names the path of its place."""
    reading = _Reading(compile_)
    rules = reading.rules(raw)
    return reading.errors or MappingDefinition(rules)


@attrs.define
class _Reading:
    compile_: Compile
    errors: list[FieldError] = attrs.field(factory=list)

    def rules(self, raw: Any) -> list[MappingRule]:
        if not self._object(raw, "definition", frozenset({"rules"})):
            return []
        rules = raw.get("rules")
        if not isinstance(rules, list) or not 1 <= len(rules) <= MAX_RULES:
            self._error("rules", f"must be a list of 1 to {MAX_RULES} rules")
            return []
        read = [self._rule(rule, f"rules[{place}]") for place, rule in enumerate(rules)]
        return [rule for rule in read if rule is not None]

    def _rule(self, raw: Any, at: str) -> MappingRule | None:
        ignores = isinstance(raw, Mapping) and "ignore" in raw
        if not self._object(raw, at, _IGNORING if ignores else _RULE):
            return None
        where = self._optional_expression(raw, "where", at)
        if ignores:
            if raw["ignore"] is not True:
                self._error(f"{at}.ignore", "must be true, or be left out")
            return MappingRule(None, where)
        kind = self._kind(raw.get("kind"), f"{at}.kind")
        return MappingRule(
            kind,
            where,
            self._optional_expression(raw, "each", at),
            self._time(raw.get("time"), f"{at}.time"),
            self._fields(kind, raw.get("fields", {}), f"{at}.fields") if kind else (),
        )

    def _kind(self, raw: Any, at: str) -> Kind | None:
        kinds = [kind for kind in Kind if kind is not Kind.DOCUMENT]
        if raw in kinds:
            return Kind(raw)
        self._error(at, f"must be one of {', '.join(kinds)}")
        return None

    def _time(self, raw: Any, at: str) -> TimeRule | None:
        if raw is None:
            return None
        if isinstance(raw, str):
            return self._time({"path": raw}, at)
        if not self._object(raw, at, _TIME):
            return None
        format_ = raw.get("format", TimeFormat.RFC3339)
        if format_ not in list(TimeFormat):
            self._error(f"{at}.format", f"must be one of {', '.join(TimeFormat)}")
            return None
        taken = self._taken(raw, at)
        return TimeRule(taken, TimeFormat(format_)) if taken else None

    def _fields(self, kind: Kind, raw: Any, at: str) -> list[FieldRule]:
        specs = {spec.name: spec for spec in specs_of(OBSERVATION_CLASSES[kind])}
        if not self._object(raw, at, frozenset(specs), f"is no field of {kind}"):
            return []
        for spec in specs.values():
            if spec.required and spec.name not in raw:
                self._error(f"{at}.{spec.name}", f"is missing: {kind} cannot be without it")
        said = [spec for name, spec in specs.items() if name in raw]
        read = [self._field(spec, raw[spec.name], f"{at}.{spec.name}") for spec in said]
        return [rule for rule in read if rule is not None]

    def _field(self, spec: FieldSpec, raw: Any, at: str) -> FieldRule | None:
        if isinstance(raw, str):
            return self._field(spec, {"path": raw}, at)
        constant = isinstance(raw, Mapping) and "value" in raw
        if not self._object(raw, at, _CONSTANT if constant else _FIELD):
            return None
        if constant:
            return FieldRule(spec, None, self._literal(spec, raw["value"], f"{at}.value"))
        values = self._values(spec, raw, at)
        default = raw.get("default")
        if default is not None:
            default = self._literal(spec, default, f"{at}.default")
        return FieldRule(
            spec,
            self._taken(raw, at),
            default,
            values,
            self._factor(spec, raw, "scale", 1.0, at),
            self._factor(spec, raw, "offset", 0.0, at),
        )

    def _values(self, spec: FieldSpec, raw: Mapping[str, Any], at: str) -> dict[str, Any] | None:
        if "values" not in raw:
            return None
        values, at = raw["values"], f"{at}.values"
        if not isinstance(values, Mapping) or not 1 <= len(values) <= MAX_VALUES:
            self._error(at, f"must be an object of 1 to {MAX_VALUES} entries")
            return None
        reckoned = "scale" in raw or "offset" in raw
        read = {}
        for key, value in values.items():
            place = f"{at}.{key[:64]}"
            if value is None or not reckoned:
                read[key] = None if value is None else self._literal(spec, value, place)
            elif self._is_number(value, place):
                read[key] = value
        return read

    def _literal(self, spec: FieldSpec, value: Any, at: str) -> Any:
        try:
            return fitting(spec, value)
        except Unfit as error:
            self._error(at, str(error))
            return None

    def _factor(
        self, spec: FieldSpec, raw: Mapping[str, Any], name: str, without: float, at: str
    ) -> float:
        if name not in raw:
            return without
        value = raw[name]
        if spec.type not in _RECKONED:
            self._error(f"{at}.{name}", f"{spec.name} is no number")
        elif self._is_number(value, f"{at}.{name}"):
            return float(value)
        return without

    def _is_number(self, value: Any, at: str) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and abs(value) <= _LARGEST:
            return True
        self._error(at, f"must be a number from -{_LARGEST:g} to {_LARGEST:g}")
        return False

    def _taken(self, raw: Mapping[str, Any], at: str) -> Taken | None:
        of = raw.get("of", "element")
        if of not in ("element", "document"):
            self._error(f"{at}.of", "must be element or document")
        path = self._expression(raw.get("path"), f"{at}.path")
        return Taken(path, of == "document") if path else None

    def _optional_expression(self, raw: Mapping[str, Any], name: str, at: str) -> Expression | None:
        return self._expression(raw[name], f"{at}.{name}") if name in raw else None

    def _expression(self, raw: Any, at: str) -> Expression | None:
        if not isinstance(raw, str) or not 1 <= len(raw) <= MAX_EXPRESSION:
            self._error(at, f"must be an expression of 1 to {MAX_EXPRESSION} characters")
            return None
        try:
            return self.compile_(raw)
        except ExpressionRefused as error:
            self._error(at, str(error))
            return None

    def _object(
        self, raw: Any, at: str, known: frozenset[str], unknown: str = "is not known here"
    ) -> bool:
        if not isinstance(raw, Mapping):
            self._error(at, "must be an object")
            return False
        for name in raw:
            if name not in known:
                prefix = "" if at == "definition" else f"{at}."
                self._error(f"{prefix}{str(name)[:64]}", unknown)
        return True

    def _error(self, at: str, reason: str) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(FieldError(at, reason))
