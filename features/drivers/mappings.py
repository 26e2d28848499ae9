"""What people do about documents: they say what these mean, and have them read again."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from features.drivers.values import Observation, Owner

Definition = Mapping[str, Any]


@attrs.frozen
class Trial:
    """What a mapping would make of a document: observations, and the places of its mistakes."""

    outcome: str
    observations: Sequence[Observation]
    mistakes: Sequence[str]


class MappingPeople(ABC):
    """Every call may raise Denied."""

    @abstractmethod
    def add_mapping(self, owner: Owner, source: str, definition: Definition) -> str: ...

    @abstractmethod
    def mend_mapping(self, owner: Owner, mapping_id: str, definition: Definition) -> None: ...

    @abstractmethod
    def try_mapping(self, owner: Owner, definition: Definition, document: Any) -> Trial: ...

    @abstractmethod
    def process_again(self, owner: Owner, source: str | None = None) -> None:
        """The whole quarantine, or what came of a source; returns when that is under way."""


def trial_of(view: Mapping[str, Any]) -> Trial:
    """Of one document, as the platform shows it."""
    mistakes = [error["field"] for error in view["errors"]]
    return Trial(view["outcome"], view["observations"], mistakes)
