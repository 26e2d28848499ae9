"""The health of a device."""

from typing import Annotated, Any

from litestar import Controller, get
from litestar.params import Parameter

from adapters.inbound.http.api.exchange import FirstDay, LastDay
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.queries.look_at_health import MAX_POINTS


class HealthController(Controller):
    path = "/api/v1/devices/{device_id:str}/health"
    tags = ("devices",)

    @get(summary="Battery, charging, silence, storage and versions over some days")
    async def health(
        self,
        device_id: str,
        actor: Actor,
        services: Services,
        start: FirstDay,
        end: LastDay,
        max_points: Annotated[int, Parameter(ge=4, le=MAX_POINTS)] = 500,
    ) -> dict[str, Any]:
        return await services.look_at_health(actor, device_id, start, end, max_points)
