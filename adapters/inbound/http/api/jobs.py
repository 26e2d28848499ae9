"""Long-running work, and what goes back from quarantine."""

from typing import Any

from litestar import Controller, get, post

from adapters.inbound.http.api.mapping_bodies import ReplayBody
from adapters.inbound.http.api.parameters import Cursor, Limit, page_json
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.queries.views import job_view, quarantined_view
from domain.job import JobKind


class JobsController(Controller):
    path = "/api/v1/jobs"
    tags = ("jobs",)

    @get(summary="Long-running work, newest first")
    async def all(
        self, actor: Actor, services: Services, cursor: Cursor = None, limit: Limit = 100
    ) -> dict[str, Any]:
        return page_json(await services.manage_jobs.all(actor, cursor, limit), job_view)

    @get("/{job_id:str}", summary="How far a job is")
    async def one(self, job_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        return job_view(await services.manage_jobs.one(actor, job_id))

    @post("/{job_id:str}/cancel", status_code=200, summary="Call a job off")
    async def cancel(self, job_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        return job_view(await services.manage_jobs.cancel(actor, job_id))


class QuarantineController(Controller):
    path = "/api/v1/quarantine"
    tags = ("quarantine",)

    @get(summary="What could not be understood, newest first")
    async def quarantine(
        self, actor: Actor, services: Services, cursor: Cursor = None, limit: Limit = 100
    ) -> dict[str, Any]:
        page = await services.quarantine.page(actor.account_id, cursor, limit)
        return page_json(page, quarantined_view)

    @post("/replay", status_code=202, summary="Process again, as a job, all that can be")
    async def replay_all(
        self, actor: Actor, services: Services, data: ReplayBody | None = None
    ) -> dict[str, Any]:
        params = {"source": data.source} if data and data.source else {}
        job = await services.manage_jobs.begin(actor, JobKind.REPLAY_QUARANTINE, params)
        return job_view(job)

    @post("/{item_id:str}/replay", status_code=204, summary="Process a batch again")
    async def replay(self, item_id: str, actor: Actor, services: Services) -> None:
        await services.replay_quarantine.one(actor, item_id)
