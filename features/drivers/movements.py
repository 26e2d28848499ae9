"""What people see of where somebody was."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from features.drivers.values import Owner


class MovementPeople(ABC):
    """Answers have the names that the contract gives them."""

    @abstractmethod
    def timeline(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]: ...

    @abstractmethod
    def track(
        self, owner: Owner, device_id: str, start: datetime, end: datetime, max_points: int
    ) -> Mapping[str, Any]: ...
