"""What people do about rules, as calls of use cases."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from application.actor import Actor
from application.queries.views import template_view
from application.use_cases.manage_contacts import ContactDraft
from application.use_cases.manage_rules import warnings
from domain.account import Person
from domain.calendar import Calendar, DayRange
from domain.device import Device
from domain.place import Place, Polygon
from domain.rules.sentence import sentence
from domain.rules.templates import TEMPLATES
from features.drivers.assembly import Assembly
from features.drivers.rule_making import RulePeople, RuleSeen
from features.drivers.rule_wishes import draft_of
from features.drivers.values import Owner, RuleWish


class ApplicationRules(RulePeople):
    _assembly: Assembly

    @abstractmethod
    def _actor(self, owner: Owner) -> Actor: ...

    def describe_rule(self, owner: Owner, wish: RuleWish) -> RuleSeen:
        services = self._assembly.services
        actor = self._actor(owner)

        async def look() -> RuleSeen:
            rule = await services.manage_rules.check(actor, draft_of(wish))
            async with services.configuration.reading() as tx:
                doubtful = await warnings(tx, rule)
                named: list[Person | Device | Place | Calendar] = []
                named += await tx.people.matching(actor.account_id)
                named += await tx.devices.matching(actor.account_id)
                named += await tx.places.matching(actor.account_id)
                named += await tx.calendars.matching(actor.account_id)
            names = {one.id: one.name for one in named}
            return RuleSeen(sentence(rule, names), {one.field: one.reason for one in doubtful})

        return self._assembly.call(look())

    def templates(self, owner: Owner) -> Sequence[Mapping[str, Any]]:
        return [template_view(template) for template in TEMPLATES]

    def draw_polygon(self, owner: Owner, name: str, corners: Sequence[tuple[float, float]]) -> str:
        manage = self._assembly.services.manage_places
        return self._assembly.call(manage.add(self._actor(owner), name, Polygon(tuple(corners)))).id

    def keep_calendar(self, owner: Owner, name: str, days: Sequence[date]) -> str:
        ranges = [DayRange(day.isoformat(), day.isoformat()) for day in days]
        manage = self._assembly.services.manage_calendars
        return self._assembly.call(manage.add(self._actor(owner), name, ranges)).id

    def add_contact(self, owner: Owner, name: str, address: str) -> str:
        manage = self._assembly.services.manage_contacts
        draft = ContactDraft(name, (address,))
        return self._assembly.call(manage.add(self._actor(owner), draft)).id
