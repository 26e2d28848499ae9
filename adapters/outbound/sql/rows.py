"""Between entities and rows: the same names, enums as their values, nested values as JSON."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import attrs
import msgspec
from sqlalchemy import Table

from domain.place import Circle, Place, Polygon
from domain.rules.parsing import condition_json, parse_condition
from domain.rules.rule import Rule

T = TypeVar("T", bound=attrs.AttrsInstance)


class RowMapper(Generic[T]):
    """Rows of one table as entities of one attrs class."""

    def __init__(self, table: Table, cls: type[T], key: str = "id") -> None:
        self.table = table
        self.key = key
        self._cls = cls
        self.account = "account_id" if "account_id" in table.c else "id"

    def row(self, entity: T) -> dict[str, Any]:
        built: dict[str, Any] = msgspec.to_builtins(entity)
        return built

    def entity(self, row: Mapping[str, Any]) -> T:
        fields = {field.name: row[field.name] for field in attrs.fields(self._cls)}
        return msgspec.convert(fields, type=self._cls)


class PlaceMapper(RowMapper[Place]):
    """A shape is told apart by its name: a circle or a polygon."""

    def row(self, entity: Place) -> dict[str, Any]:
        name = "circle" if isinstance(entity.shape, Circle) else "polygon"
        shape = msgspec.to_builtins(attrs.asdict(entity.shape))
        fields = {field.name: getattr(entity, field.name) for field in attrs.fields(Place)}
        return {**fields, "shape": {name: shape}}

    def entity(self, row: Mapping[str, Any]) -> Place:
        ((name, shape),) = row["shape"].items()
        cls: type[Circle] | type[Polygon] = Circle if name == "circle" else Polygon
        return Place(**{**row, "shape": msgspec.convert(shape, type=cls)})


class RuleMapper(RowMapper[Rule]):
    """A condition is stored in the form in which people write it."""

    def row(self, entity: Rule) -> dict[str, Any]:
        fields = {
            field.name: msgspec.to_builtins(getattr(entity, field.name))
            for field in attrs.fields(Rule)
            if field.name != "when"
        }
        return {**fields, "when": condition_json(entity.when)}

    def entity(self, row: Mapping[str, Any]) -> Rule:
        types = {field.name: field.type for field in attrs.fields(attrs.resolve_types(Rule))}
        fields = {
            name: value if name == "when" else msgspec.convert(value, type=types[name])
            for name, value in row.items()
        }
        condition = parse_condition(row["when"])
        return Rule(**{**fields, "when": condition})
