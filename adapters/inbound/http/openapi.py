"""The OpenAPI document: what Litestar knows of the dashboard API, and the agents' calls."""

import re
from typing import Any

import msgspec
from litestar import Request, Response, get
from msgspec.json import schema_components

from adapters.inbound.http.agents.blocks import MEDIA_TYPE
from adapters.inbound.http.agents.fieldpost import BatchesIn, CheckInIn, EnrolIn, FailureIn

_REF = "#/components/schemas/{name}"


@get("/api/v1/openapi.json", include_in_schema=False)
async def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    document = request.app.openapi_schema.to_schema()
    document["paths"] = {**document["paths"], **agent_paths()}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].get("204", {}).pop("content", None)
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
    credential: list[Any] = [{"device_credential": []}]
    token: list[Any] = [{"device_token": []}]
    calls = [
        ("post", "/agent/v1/enrol", "Redeem an enrolment code", "EnrolIn", [], 201),
        ("post", "/agent/v1/check-in", "Fetch policy and requests", "CheckInIn", credential, 200),
        ("post", "/agent/v1/batches", "Deliver batches", "BatchesIn", credential, 200),
        ("post", f"{_PULL}/batches", "Answer a request", "BatchesIn", credential, 200),
        ("post", f"{_PULL}/failure", "Say why there is no answer", "FailureIn", credential, 200),
        ("post", "/agent/owntracks", "OwnTracks HTTP mode", None, token, 200),
        ("get", "/agent/osmand/{token}", "OsmAnd protocol, query string", None, [], 200),
        ("post", "/agent/osmand/{token}", "OsmAnd protocol, form or JSON", None, [], 200),
        ("post", "/agent/overland/{token}", "Overland", None, [], 200),
        ("post", f"{_BUCKET}/heartbeat", "ActivityWatch heartbeat", None, [], 200),
        ("post", f"{_BUCKET}/events", "ActivityWatch events", None, [], 200),
    ]
    paths: dict[str, Any] = {}
    for method, path, summary, body, security, status in calls:
        operation = _operation(path, summary, body, security, status)
        paths.setdefault(path, {})[method] = operation
    return paths


_PULL = "/agent/v1/pull-requests/{request_id}"
_BUCKET = "/agent/activitywatch/{token}/api/0/buckets/{bucket_id}"
_PROBLEM: dict[str, Any] = {"application/problem+json": {}}


def _operation(
    path: str, summary: str, body: str | None, security: list[Any], status: int
) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name=body)} if body else {}
    operation: dict[str, Any] = {
        "summary": summary,
        "tags": ["agents"],
        "security": security,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", path)
        ],
        "responses": {
            str(status): {"description": "done", "content": {"application/json": {}}},
            "4XX": {"description": "a problem document", "content": _PROBLEM},
            "503": {"description": "nothing was kept; see Retry-After", "content": _PROBLEM},
        },
    }
    if body:
        content: dict[str, Any] = {"application/json": {"schema": schema}}
        if body == "BatchesIn":
            complete = {"name": "complete", "in": "query", "schema": {"type": "boolean"}}
            operation["parameters"].append(complete)
            content[MEDIA_TYPE] = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation
