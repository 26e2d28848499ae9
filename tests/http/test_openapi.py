"""Every call of the OpenAPI document, with made-up values: an answer of the declared type, and
never an error of ours.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from tests.support.client import Account, Device, fix
from tests.support.http_calls import PROBLEM
from tests.support.server import Server

_EXAMPLES = 12
_ENDLESS = "/api/v1/live"
_LONG_POLL = "/agent/v1/check-in"


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


@pytest.fixture(scope="module")
def device(account: Account) -> Device:
    device = account.enrolled()
    device.deliver("location", fix(45.8, 14.3))
    return device


@pytest.fixture(scope="module")
def api_schema(server: Server) -> Any:
    found = schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json")
    return found.exclude(path=_ENDLESS)


def test_every_call_answers_as_it_says(api_schema: Any, account: Account, device: Device) -> None:
    failures = []
    called = 0
    for found in api_schema.get_all_operations():
        operation = found.ok()
        try:
            _try(operation, account, device)
        except (Exception, BaseExceptionGroup) as error:
            failures.append(f"{operation.method} {operation.path}: {error}")
        called += 1
    assert not failures, "\n\n".join(failures)
    assert called > 30


def _try(operation: Any, account: Account, device: Device) -> None:
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        _check(case, account, device)

    call()


def _check(case: Any, account: Account, device: Device) -> None:
    real = {"device_id": device.id, "person_id": device.person_id}
    for name in case.path_parameters or {}:
        if name in real and case.method != "DELETE":
            case.path_parameters[name] = real[name]
    if case.path == _LONG_POLL and isinstance(case.body, dict):
        case.body.pop("wait_s", None)
    secret = device.credential if case.path.startswith("/agent/v1") else account.api_token
    response = case.call(headers={"Authorization": f"Bearer {secret}"})
    case.validate_response(
        response, checks=[checks.not_a_server_error, checks.content_type_conformance]
    )
    media_type = response.headers["content-type"][0] if response.content else None
    if response.status_code >= 400:
        assert media_type is not None and media_type.startswith(PROBLEM), response.content
    elif media_type is not None:
        assert media_type.startswith(("application/json", "text/")), response.content


def test_the_document_lists_every_call_of_the_contract(server: Server) -> None:
    document = server.http().get("/api/v1/openapi.json").expect(200)
    for path in (
        "/agent/v1/enrol",
        "/agent/v1/check-in",
        "/agent/v1/batches",
        "/agent/owntracks",
        "/agent/osmand/{token}",
        "/agent/overland/{token}",
        "/api/v1/session",
        "/api/v1/people",
        "/api/v1/devices/{device_id}/track",
        "/api/v1/alerts/{alert_id}/acknowledge",
        "/api/v1/live",
        "/health/ready",
    ):
        assert path in document["paths"]
