"""Mappings: how documents become observations, tried out before they are saved."""

from typing import Any

import msgspec
from litestar import Controller, delete, get, patch, post

from adapters.inbound.http.api.mapping_bodies import MappingBody, MappingChange, MappingTry
from adapters.inbound.http.api.parameters import listed
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.faults import NotFound
from application.queries.mapping_views import mapping_view, tried_view
from application.queries.try_mapping import Tried
from application.use_cases.manage_mappings import MappingChanges


class MappingsController(Controller):
    path = "/api/v1/mappings"
    tags = ("mappings",)

    @get("/", summary="All mappings of the account")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            mappings = await tx.mappings.matching(actor.account_id)
        return listed([mapping_view(mapping) for mapping in mappings])

    @post("/", summary="Add a mapping for the documents of a source")
    async def add(self, data: MappingBody, actor: Actor, services: Services) -> dict[str, Any]:
        mapping = await services.manage_mappings.add(
            actor, data.name, data.source, data.definition, data.enabled
        )
        return mapping_view(mapping)

    @post("/try", status_code=200, summary="What a mapping would make of documents; keeps nothing")
    async def try_out(self, data: MappingTry, actor: Actor, services: Services) -> dict[str, Any]:
        sample = data.sample.sample(data.source)
        tried = await services.try_mapping(actor, data.definition, sample)
        return {"documents": [_with_document(one) for one in tried]}

    @get("/{mapping_id:str}", summary="A mapping")
    async def one(self, mapping_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            mapping = await tx.mappings.get(actor.account_id, mapping_id)
        if mapping is None:
            raise NotFound("there is no such mapping")
        return mapping_view(mapping)

    @patch("/{mapping_id:str}", summary="Change a mapping, or pause it with `enabled: false`")
    async def change(
        self, mapping_id: str, data: MappingChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        changes = MappingChanges(
            data.name, data.source, data.definition, data.enabled, data.version
        )
        return mapping_view(await services.manage_mappings.change(actor, mapping_id, changes))

    @delete("/{mapping_id:str}", status_code=204, summary="Remove a mapping; what it made stays")
    async def remove(self, mapping_id: str, actor: Actor, services: Services) -> None:
        await services.manage_mappings.remove(actor, mapping_id)


def _with_document(tried: Tried) -> dict[str, Any]:
    """The document stands in the answer as it was stored."""
    return {**tried_view(tried), "document": msgspec.Raw(tried.document.body.encode())}
