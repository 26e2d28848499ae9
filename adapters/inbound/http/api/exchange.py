"""With whom a person was in touch, and what her devices sent and received."""

from datetime import date
from typing import Annotated, Any

from litestar import Controller, get
from litestar.params import QueryParameter

from adapters.inbound.http.services import Services
from application.actor import Actor
from domain.consolidation.totals import Span

FirstDay = Annotated[date, QueryParameter(name="from", description="first day")]
LastDay = Annotated[date, QueryParameter(name="to", description="last day, included")]


class ExchangeController(Controller):
    path = "/api/v1/people/{person_id:str}"
    tags = ("people",)

    @get("/communications", summary="Messages and calls by counterpart")
    async def communications(
        self, person_id: str, actor: Actor, services: Services, start: FirstDay, end: LastDay
    ) -> dict[str, Any]:
        return await services.look_at_exchange.communications(actor, person_id, start, end)

    @get("/traffic", summary="Sent and received by app and interface, of each day or month")
    async def traffic(
        self,
        person_id: str,
        actor: Actor,
        services: Services,
        start: FirstDay,
        end: LastDay,
        by: Span = Span.DAY,
    ) -> dict[str, Any]:
        return await services.look_at_exchange.traffic(actor, person_id, start, end, by)
