"""Categories of apps and sites, as an account wants them."""

from typing import Annotated, Any

from litestar import Controller, delete, get, post, put
from msgspec import Meta, field

from adapters.inbound.http.api.requests import Body
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.queries.views import time_or_none
from domain.categories import (
    MAX_APP_PATTERN,
    MAX_CATEGORIES,
    MAX_NAME,
    MAX_PATTERNS,
    Category,
    CategorySet,
)
from domain.sites import MAX_HOST

AppPattern = Annotated[str, Meta(min_length=1, max_length=MAX_APP_PATTERN)]
Host = Annotated[str, Meta(min_length=1, max_length=MAX_HOST)]


class CategoryBody(Body):
    """`apps` are names in which `*` stands for any letters, `sites` are hosts."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    apps: Annotated[list[AppPattern], Meta(max_length=MAX_PATTERNS)] = field(default_factory=list)
    sites: Annotated[list[Host], Meta(max_length=MAX_PATTERNS)] = field(default_factory=list)

    def category(self) -> Category:
        return Category(self.name, tuple(self.apps), tuple(self.sites))


Categories = Annotated[list[CategoryBody], Meta(max_length=MAX_CATEGORIES)]


class CategoriesBody(Body):
    """The whole set, in the order in which it is tried, and the version that it replaces."""

    categories: Categories
    version: Annotated[int, Meta(ge=0)]


class TryBody(Body):
    """`categories` are a set that is not saved yet; without them it is the account's."""

    apps: Annotated[list[Annotated[str, Meta(max_length=256)]], Meta(max_length=200)] = field(
        default_factory=list
    )
    sites: Annotated[list[Annotated[str, Meta(max_length=4_096)]], Meta(max_length=200)] = field(
        default_factory=list
    )
    categories: Categories | None = None


class CategoriesController(Controller):
    path = "/api/v1/categories"
    tags = ("categories",)

    @get(summary="The categories of apps and sites, the account's own or the defaults")
    async def current(self, actor: Actor, services: Services) -> dict[str, Any]:
        return _json(await services.manage_categories.current(actor))

    @put(summary="Replace the whole set, if it is still at the version that is named")
    async def replace(
        self, data: CategoriesBody, actor: Actor, services: Services
    ) -> dict[str, Any]:
        categories = [body.category() for body in data.categories]
        return _json(await services.manage_categories.replace(actor, categories, data.version))

    @delete(status_code=204, summary="Go back to the defaults")
    async def reset(self, actor: Actor, services: Services) -> None:
        await services.manage_categories.reset(actor)

    @post("/try", status_code=200, summary="Which categories some apps and sites have")
    async def try_out(self, data: TryBody, actor: Actor, services: Services) -> dict[str, Any]:
        categories = None
        if data.categories is not None:
            categories = [body.category() for body in data.categories]
        tried = await services.manage_categories.try_out(actor, data.apps, data.sites, categories)
        return {"apps": dict(tried.apps), "sites": dict(tried.sites)}


def _json(found: CategorySet) -> dict[str, Any]:
    return {
        "version": found.version,
        "changed_at": time_or_none(found.changed_at_ms or None),
        "categories": [
            {"name": one.name, "apps": list(one.apps), "sites": list(one.sites)}
            for one in found.categories
        ],
    }
