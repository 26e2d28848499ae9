"""What people see of somebody's days, and what they tell the platform to make sense of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any

from features.drivers.values import Owner


class DayPeople(ABC):
    """Answers have the names that the contract gives them."""

    @abstractmethod
    def sort_app(self, owner: Owner, app: str, category: str) -> None:
        """The account's only category from now on. Raises Denied."""

    @abstractmethod
    def summary(
        self, owner: Owner, person_id: str, first: date, last: date, by: str
    ) -> Mapping[str, Any]:
        """Compared with what was before."""

    @abstractmethod
    def communications(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]: ...

    @abstractmethod
    def traffic(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]: ...

    @abstractmethod
    def health(self, owner: Owner, device_id: str, day: date) -> Mapping[str, Any]: ...
