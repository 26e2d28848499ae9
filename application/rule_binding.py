"""An account's rules made ready for one device: with the places, names and hours they speak of."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

import attrs

from application.account_categories import categories_of
from application.ports.configuration import ConfigurationTransaction
from application.ports.expression_language import ExpressionLanguage
from application.ports.site_names import SiteNames
from domain.account import Person
from domain.categories import Categorizer, Category
from domain.contact import addresses_by_name, known_addresses
from domain.device import Device
from domain.refusals import FieldError
from domain.rules.binding import BoundRule, Evaluate, Surroundings, bound_rules
from domain.rules.condition import Communicates, Expression, leaves, place_ids
from domain.rules.rule import Rule


@attrs.frozen
class RuleBinding:
    """What rules need of the platform beside the account's configuration."""

    expressions: ExpressionLanguage
    site_names: SiteNames

    async def bound(
        self, tx: ConfigurationTransaction, person: Person, device: Device
    ) -> tuple[BoundRule, ...]:
        """The enabled rules whose scope covers the device. A rule that cannot work any more, for
        what it speaks of is gone, is left out.
        """
        rules = [
            rule
            for rule in await tx.rules.matching(person.account_id, enabled=True)
            if rule.scope.covers(person.id, device.id)
        ]
        if not rules:
            return ()
        around = await self.surroundings(tx, person, rules)
        return tuple(
            one for rule in rules if _works(rule, around) for one in bound_rules(rule, around)
        )

    async def surroundings(
        self, tx: ConfigurationTransaction, person: Person, rules: Sequence[Rule]
    ) -> Surroundings:
        """What these rules speak of, and no more: it is remembered for each device."""
        account_id = person.account_id
        asked = [leaf for rule in rules for leaf in leaves(rule.when)]
        places = {place_id for rule in rules for place_id in place_ids(rule.when)}
        calendars = {rule.schedule.calendar_id for rule in rules if rule.schedule}
        contacts = (
            await tx.contacts.matching(account_id)
            if any(isinstance(leaf, Communicates) for leaf in asked)
            else []
        )
        categorizer = _categorizer((await categories_of(tx, account_id)).categories)
        return Surroundings(
            zone=ZoneInfo(person.time_zone),
            places={
                one.id: one for one in await tx.places.matching(account_id) if one.id in places
            },
            calendars={
                one.id: one
                for one in await tx.calendars.matching(account_id)
                if one.id in calendars
            },
            contacts=known_addresses(contacts, person.id),
            addresses=addresses_by_name(contacts, person.id),
            site_of=self.site_names.site_of,
            category_of_app=categorizer.of_app,
            category_of_site=categorizer.of_site,
            expressions=self._compiled(leaf.text for leaf in asked if isinstance(leaf, Expression)),
        )

    def _compiled(self, texts: Iterable[str]) -> dict[str, Evaluate]:
        found: dict[str, Evaluate] = {}
        for text in texts:
            compiled = self.expressions.compiled(text)
            if not isinstance(compiled, FieldError):
                found[text] = compiled
        return found


@lru_cache(maxsize=1_000)
def _categorizer(categories: tuple[Category, ...]) -> Categorizer:
    """Remembers what it has found, so that accounts with the defaults share one."""
    return Categorizer(categories)


def _works(rule: Rule, around: Surroundings) -> bool:
    if any(place_id not in around.places for place_id in place_ids(rule.when)):
        return False
    return all(
        leaf.text in around.expressions
        for leaf in leaves(rule.when)
        if isinstance(leaf, Expression)
    )
