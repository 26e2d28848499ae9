"""What people see of somebody's days, as calls of use cases and queries."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any

from application.actor import Actor
from domain.categories import Category
from domain.consolidation.totals import Span
from features.drivers.assembly import Assembly
from features.drivers.days import DayPeople
from features.drivers.values import Owner


class ApplicationDays(DayPeople):
    _assembly: Assembly

    @abstractmethod
    def _actor(self, owner: Owner) -> Actor: ...

    def sort_app(self, owner: Owner, app: str, category: str) -> None:
        manage, actor = self._assembly.services.manage_categories, self._actor(owner)
        version = self._assembly.call(manage.current(actor)).version
        self._assembly.call(manage.replace(actor, [Category(category, (app,))], version))

    def summary(
        self, owner: Owner, person_id: str, first: date, last: date, by: str
    ) -> Mapping[str, Any]:
        look = self._assembly.services.look_at_people
        return self._assembly.call(
            look.summary(self._actor(owner), person_id, first, last, Span(by), True)
        )

    def communications(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]:
        look = self._assembly.services.look_at_exchange
        return self._assembly.call(look.communications(self._actor(owner), person_id, day, day))

    def traffic(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]:
        look = self._assembly.services.look_at_exchange
        return self._assembly.call(look.traffic(self._actor(owner), person_id, day, day, Span.DAY))

    def health(self, owner: Owner, device_id: str, day: date) -> Mapping[str, Any]:
        look = self._assembly.services.look_at_health
        return self._assembly.call(look(self._actor(owner), device_id, day, day, 100))
