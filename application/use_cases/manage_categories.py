"""Categories of apps and sites: an account's own in place of the defaults."""

from collections.abc import Mapping, Sequence

import attrs

from application.account_categories import categories_of
from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.site_names import SiteNames
from domain.categories import Categorizer, Category, CategorySet, category_errors
from domain.refusals import FieldError
from domain.rules.condition import categories_named
from domain.rules.rule import Rule


@attrs.frozen
class TriedCategories:
    """The category of each app and site that was asked about, None where none fits."""

    apps: Mapping[str, str | None]
    sites: Mapping[str, str | None]


@attrs.frozen
class ManageCategories:
    """A set is stored whole. An account that went back to the defaults has an empty one stored,
    so that its version never comes again.
    """

    configuration: Configuration
    directory: DeviceDirectory
    site_names: SiteNames
    clock: Clock

    async def current(self, actor: Actor) -> CategorySet:
        async with self.configuration.reading() as tx:
            return await categories_of(tx, actor.account_id)

    async def replace(
        self, actor: Actor, categories: Sequence[Category], version: int
    ) -> CategorySet:
        """`version` is that of the set which is replaced. Raises Conflict when that is another
        one by now, or when a rule names a category that would be gone.
        """
        actor.must_change()
        tidy = tuple(map(_tidy, categories))
        self._check(tidy)
        return await self._put(actor, "categories.change", tidy, version)

    async def reset(self, actor: Actor) -> CategorySet:
        """Back to the defaults, as they are and as they will be. Raises Conflict when a rule names
        a category that they do not have.
        """
        actor.must_change()
        return await self._put(actor, "categories.reset", (), None)

    async def try_out(
        self,
        actor: Actor,
        apps: Sequence[str],
        sites: Sequence[str],
        categories: Sequence[Category] | None,
    ) -> TriedCategories:
        """What the account's set would tell, or one that is not saved yet. Sites may be pages."""
        if categories is None:
            categories = (await self.current(actor)).categories
        else:
            categories = tuple(map(_tidy, categories))
            self._check(categories)
        told = Categorizer(categories)
        return TriedCategories(
            {app: told.of_app(app) for app in apps},
            {site: told.of_url(site) if "://" in site else told.of_site(site) for site in sites},
        )

    async def _put(
        self, actor: Actor, action: str, categories: tuple[Category, ...], version: int | None
    ) -> CategorySet:
        account_id = actor.account_id
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            stored = await tx.category_sets.get(account_id, account_id)
            before = stored.version if stored else 0
            if version is not None and version != before:
                raise Conflict(
                    f"somebody else changed the categories: they are at version {before}"
                )
            after = CategorySet(account_id, categories, before + 1, now_ms)
            await (tx.category_sets.replace(after) if stored else tx.category_sets.add(after))
            names = ", ".join(category.name for category in categories)
            await tx.audit.add(actor.entry(now_ms, action, account_id, names))
            after = await categories_of(tx, account_id)
            _must_suffice(after, await tx.rules.matching(account_id))
        self.directory.changed(account_id)
        return after

    def _check(self, categories: Sequence[Category]) -> None:
        errors = category_errors(categories, self.site_names.is_public_suffix)
        if not categories:
            errors = [FieldError("categories", "must be one at least")]
        if errors:
            raise Invalid.of(errors)


def _must_suffice(categories: CategorySet, rules: Sequence[Rule]) -> None:
    names = {category.name for category in categories.categories}
    for rule in rules:
        for missing in sorted(categories_named(rule.when) - names):
            raise Conflict(
                f"the rule “{rule.name}” needs the category “{missing}”; change it first"
            )


def _tidy(category: Category) -> Category:
    """Without blanks around, and each pattern once."""
    return Category(category.name.strip(), _once(category.apps), _once(category.sites))


def _once(patterns: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pattern.strip() for pattern in patterns))
