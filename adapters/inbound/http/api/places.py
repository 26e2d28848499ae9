"""Places, as people draw them."""

from typing import Any

from litestar import Controller, delete, get, patch, post

from adapters.inbound.http.api.parameters import listed
from adapters.inbound.http.api.requests import PlaceBody, PlaceChange, shape_of
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.queries.views import place_view


class PlacesController(Controller):
    path = "/api/v1/places"
    tags = ("places",)

    @get("/", summary="All places of the account")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            places = await tx.places.matching(actor.account_id)
        return listed([place_view(place) for place in places])

    @post("/", summary="Add a place: a circle or a polygon")
    async def add(self, data: PlaceBody, actor: Actor, services: Services) -> dict[str, Any]:
        shape = shape_of(data, needed=True)
        assert shape is not None
        return place_view(await services.manage_places.add(actor, data.name, shape))

    @patch("/{place_id:str}", summary="Change a place's name or shape")
    async def change(
        self, place_id: str, data: PlaceChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        shape = shape_of(data, needed=False)
        place = await services.manage_places.change(actor, place_id, data.name, shape)
        return place_view(place)

    @delete("/{place_id:str}", status_code=204, summary="Remove a place that no rule needs")
    async def remove(self, place_id: str, actor: Actor, services: Services) -> None:
        await services.manage_places.remove(actor, place_id)
