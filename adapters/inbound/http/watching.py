"""For those who run the platform: is it alive, is it ready, what has it counted."""

from typing import Any

from litestar import Response, get

from adapters.inbound.http.readiness import readiness
from adapters.inbound.http.services import HttpSettings, Services

_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


@get("/health/live", tags=["health"], summary="The process runs")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@get("/health/ready", tags=["health"], summary="Intake works; what else can be used and what not")
async def ready(services: Services) -> Response[dict[str, Any]]:
    is_ready, said = await readiness(services.dependencies)
    depth = services.accept_batches.queue.depth()
    return Response({**said, "queue_depth": depth}, status_code=200 if is_ready else 503)


@get("/metrics", include_in_schema=False)
async def metrics(services: Services) -> Response[bytes]:
    return Response(services.exposition(), media_type=_EXPOSITION)


@get("/api/v1/about", tags=["health"], summary="What this is, before signing in")
async def about(settings: HttpSettings) -> dict[str, Any]:
    demo = settings.demo or {}
    return {
        "version": settings.version,
        "demo": settings.demo is not None,
        "demo_email": demo.get("email"),
        "demo_password": demo.get("password"),
        "first_start": settings.welcome_code is not None,
    }
