"""What a mapping says, read and checked: rules that say how a document becomes observations."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import attrs

from domain.fields import FieldSpec
from domain.kinds import Kind
from domain.mapping_expression import Expression


class TimeFormat(StrEnum):
    RFC3339 = "rfc3339"
    EPOCH_S = "epoch_s"
    EPOCH_MS = "epoch_ms"


@attrs.frozen
class Taken:
    """A value that is found by an expression in the element, or in the document when `whole`."""

    path: Expression
    whole: bool = False


@attrs.frozen
class TimeRule:
    """When it happened, as the document says it."""

    taken: Taken
    format: TimeFormat


@attrs.frozen
class FieldRule:
    """What becomes one field of the observation.

    What is found is looked up in `values`, multiplied by `scale` and moved by `offset`, in this
    order. `default` is the field's own value where nothing is found, or what is found is not in
    the table; a constant is a default of which `taken` is None.
    """

    spec: FieldSpec
    taken: Taken | None
    default: Any = None
    values: Mapping[str, Any] | None = None
    scale: float = 1.0
    offset: float = 0.0

    reckoned: bool = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "reckoned", self.scale != 1.0 or self.offset != 0.0)


@attrs.frozen
class MappingRule:
    """`where` says which documents it is about, `each` gives the list whose elements become
    observations; None is all documents, and the document itself. Without a kind the documents
    that it is about are meant to become nothing.
    """

    kind: Kind | None
    where: Expression | None = None
    each: Expression | None = None
    time: TimeRule | None = None
    fields: Sequence[FieldRule] = ()


@attrs.frozen
class MappingDefinition:
    rules: Sequence[MappingRule]
