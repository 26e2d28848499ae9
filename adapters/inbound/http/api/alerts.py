"""Alerts, the audit log, and what happens now."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.params import QueryParameter
from litestar.response import Stream

from adapters.inbound.http.api.parameters import Cursor, Limit, page_json
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.faults import NotFound
from application.ports.live_feed import LiveEvent
from application.queries.views import alert_view, audit_view
from domain.alert import AlertState

_KEEP_ALIVE_S = 15.0


class AlertsController(Controller):
    path = "/api/v1"
    tags = ("alerts",)

    @get("/alerts", summary="Alerts, newest first")
    async def alerts(
        self,
        actor: Actor,
        services: Services,
        alert_state: Annotated[AlertState | None, QueryParameter(name="state")] = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        page = await services.alert_book.alerts(actor.account_id, alert_state, cursor, limit)
        return page_json(page, alert_view)

    @post("/alerts/{alert_id:str}/acknowledge", status_code=200, summary="Acknowledge an alert")
    async def acknowledge(self, alert_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        actor.must_change()
        alert = await services.alert_book.acknowledge(
            actor.account_id, alert_id, actor.email, services.clock.now_ms()
        )
        if alert is None:
            raise NotFound("there is no such alert")
        view = alert_view(alert)
        services.live_feed.publish(LiveEvent(actor.account_id, "alert", view))
        return view

    @get("/audit", summary="Who did what, newest first")
    async def audit(
        self, actor: Actor, services: Services, cursor: Cursor = None, limit: Limit = 100
    ) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            page = await tx.audit.page(actor.account_id, cursor, limit)
        return page_json(page, audit_view)

    @get("/live", summary="What happens now, as server-sent events")
    async def live(self, actor: Actor, services: Services) -> Stream:
        return Stream(
            _sent_events(services.live_feed.subscribe(actor.account_id, _KEEP_ALIVE_S)),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )


async def _sent_events(events: AsyncIterator[LiveEvent | None]) -> AsyncIterator[bytes]:
    """Each event as it comes; a comment in between, so that nobody thinks the line dead."""
    yield b"event: hello\ndata: {}\n\n"
    async for event in events:
        if event is None:
            yield b": still here\n\n"
        else:
            data = msgspec.json.encode(event.data)
            yield b"event: %s\ndata: %s\n\n" % (event.name.encode(), data)
