"""What people do beside making a rule: they try it first, and keep what rules speak of."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from features.drivers.values import Owner, RuleWish


@attrs.frozen
class RuleSeen:
    """A rule in words, and what of it is doubtful: reasons by field."""

    sentence: str
    warnings: Mapping[str, str]


class RulePeople(ABC):
    """Every call may raise Denied."""

    @abstractmethod
    def describe_rule(self, owner: Owner, wish: RuleWish) -> RuleSeen:
        """What it would be, without keeping it."""

    @abstractmethod
    def templates(self, owner: Owner) -> Sequence[Mapping[str, Any]]:
        """Rules to start from, each with its `title`, `rule` and `blanks`."""

    @abstractmethod
    def draw_polygon(
        self, owner: Owner, name: str, corners: Sequence[tuple[float, float]]
    ) -> str: ...

    @abstractmethod
    def keep_calendar(self, owner: Owner, name: str, days: Sequence[date]) -> str: ...

    @abstractmethod
    def add_contact(self, owner: Owner, name: str, address: str) -> str: ...
