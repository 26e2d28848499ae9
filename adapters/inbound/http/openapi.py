"""The OpenAPI document: what Litestar knows of the dashboard API, and the agents' calls."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from msgspec.json import schema_components

from adapters.inbound.http.agents.fieldpost import BatchesIn, CheckInIn, EnrolIn, FailureIn

_REF = "#/components/schemas/{name}"


@get("/api/v1/openapi.json", include_in_schema=False)
async def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    document = request.app.openapi_schema.to_schema()
    document["paths"] = {**document["paths"], **agent_paths()}
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(
        schema_components((EnrolIn, CheckInIn, BatchesIn, FailureIn), ref_template=_REF)[1]
    )
    document["components"]["securitySchemes"] = {
        "api_token": {"type": "http", "scheme": "bearer"},
        "device_credential": {"type": "http", "scheme": "bearer"},
        "device_token": {"type": "http", "scheme": "basic"},
        "session": {"type": "apiKey", "in": "cookie", "name": "fieldpost_session"},
    }
    return Response(msgspec.json.encode(document), media_type="application/json")


def agent_paths() -> dict[str, Any]:
    """The calls below `/agent`, in OpenAPI's terms."""
    bearer: list[Any] = [{"device_credential": []}]
    return {
        "/agent/v1/enrol": _post("Redeem an enrolment code", "EnrolIn", [], 201),
        "/agent/v1/check-in": _post("Fetch policy and requests for data", "CheckInIn", bearer),
        "/agent/v1/batches": _post("Deliver batches", "BatchesIn", bearer),
        "/agent/v1/pull-requests/{request_id}/batches": _post(
            "Answer a request for data", "BatchesIn", bearer, parameter="request_id"
        ),
        "/agent/v1/pull-requests/{request_id}/failure": _post(
            "Say why there is no answer", "FailureIn", bearer, parameter="request_id"
        ),
        "/agent/owntracks": _post("OwnTracks HTTP mode", None, [{"device_token": []}]),
        "/agent/osmand/{token}": {
            "get": _operation("OsmAnd protocol, query string", None, [], 200, "token"),
            "post": _operation("OsmAnd protocol, form or JSON", None, [], 200, "token"),
        },
        "/agent/overland/{token}": _post("Overland", None, [], parameter="token"),
    }


def _post(
    summary: str,
    body: str | None,
    security: list[Any],
    status: int = 200,
    parameter: str | None = None,
) -> dict[str, Any]:
    return {"post": _operation(summary, body, security, status, parameter)}


def _operation(
    summary: str, body: str | None, security: list[Any], status: int, parameter: str | None
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "tags": ["agents"],
        "security": security,
        "responses": {
            str(status): {"description": "done", "content": {"application/json": {}}},
            "4XX": {"description": "a problem document", "content": _PROBLEM},
            "503": {"description": "nothing was kept; see Retry-After", "content": _PROBLEM},
        },
    }
    schema = {"$ref": _REF.format(name=body)} if body else {}
    operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    if parameter:
        operation["parameters"] = [
            {"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}
        ]
    return operation


_PROBLEM: dict[str, Any] = {"application/problem+json": {}}
