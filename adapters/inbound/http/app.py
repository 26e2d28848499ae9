"""The HTTP application: agents' calls in front, Litestar for everything else."""

from collections.abc import Callable
from typing import Any

from litestar import Litestar, Request, Response
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import OpenAPIConfig

from adapters.inbound.http.agents.activitywatch import ActivityWatchCalls
from adapters.inbound.http.agents.asgi import AgentCalls, Doorkeeper, send_problem
from adapters.inbound.http.agents.fieldpost import FieldpostAgentCalls
from adapters.inbound.http.agents.foreign import ForeignAgentCalls
from adapters.inbound.http.agents.push import PUSH_PATH, PushCalls
from adapters.inbound.http.api.alerts import AlertsController
from adapters.inbound.http.api.calendars import CalendarsController
from adapters.inbound.http.api.categories import CategoriesController
from adapters.inbound.http.api.channels import ChannelsController, DeliveriesController
from adapters.inbound.http.api.contacts import ContactsController
from adapters.inbound.http.api.devices import DevicesController
from adapters.inbound.http.api.exchange import ExchangeController
from adapters.inbound.http.api.health import HealthController
from adapters.inbound.http.api.identity import provide_actor
from adapters.inbound.http.api.jobs import JobsController, QuarantineController
from adapters.inbound.http.api.mappings import MappingsController
from adapters.inbound.http.api.people import PeopleController
from adapters.inbound.http.api.places import PlacesController
from adapters.inbound.http.api.rules import RulesController
from adapters.inbound.http.api.session import SessionController
from adapters.inbound.http.bodies import read_body
from adapters.inbound.http.openapi import openapi_document
from adapters.inbound.http.pages import CONTENT_SECURITY_POLICY, page_routes
from adapters.inbound.http.problems import (
    MEDIA_TYPE,
    HttpRefusal,
    Problem,
    in_words,
    problem_of,
)
from adapters.inbound.http.services import HttpSettings, Services
from adapters.inbound.http.watching import about, live, metrics, ready
from adapters.inbound.push.websocket import PushSocket
from application.ports.tally import Tally
from domain.refusals import FieldError

MAX_REQUEST_BYTES = 1024 * 1024

_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class HttpApplication:
    """An ASGI app. Paths below `/agent/` never reach Litestar: see the package's docstring."""

    def __init__(self, services: Services, settings: HttpSettings, push: PushSocket) -> None:
        self._tally = services.tally
        self._push = PushCalls(push, services.tally)
        self._agents = agent_calls(services)
        self._litestar = dashboard(services, settings)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" or scope.get("path") == PUSH_PATH:
            await self._push(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith("/agent/"):
            await self._agents(scope, receive, send)
        elif scope["type"] == "http" and b"content-encoding" in dict(scope["headers"]):
            await self._unpacked(scope, receive, send)
        else:
            await self._litestar(scope, receive, send)

    async def _unpacked(self, scope: Any, receive: Any, send: Any) -> None:
        """Litestar is given the plain body of a packed one."""
        headers = dict(scope["headers"])
        try:
            body = await read_body(scope, receive, headers)
        except HttpRefusal as error:
            self._tally.count("api_errors", str(error.status))
            await send_problem(send, problem_of(error))
            return
        plain = [
            (name, value)
            for name, value in scope["headers"]
            if name not in (b"content-encoding", b"content-length")
        ]
        length = (b"content-length", str(len(body)).encode())

        async def receive_plain() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        unpacked: Any = {**scope, "headers": [*plain, length]}
        await self._litestar(unpacked, receive_plain, send)


def agent_calls(services: Services) -> AgentCalls:
    doorkeeper = Doorkeeper(services.directory, services.tally)
    ours = FieldpostAgentCalls(
        doorkeeper,
        services.enrol_device,
        services.check_in,
        services.accept_batches,
        services.answer_request,
    )
    foreign = ForeignAgentCalls(doorkeeper, services.accept_batches)
    return AgentCalls(
        exact={
            ("POST", "/agent/v1/batches"): ours.batches,
            ("POST", "/agent/v1/check-in"): ours.check_in,
            ("POST", "/agent/v1/enrol"): ours.enrol,
            ("POST", "/agent/owntracks"): foreign.owntracks,
        },
        by_prefix={
            "/agent/v1/pull-requests/": ours.pull_request,
            "/agent/owntracks/": foreign.owntracks,
            "/agent/osmand/": foreign.osmand,
            "/agent/overland/": foreign.overland,
            "/agent/activitywatch/": ActivityWatchCalls(doorkeeper, foreign),
        },
        tally=services.tally,
    )


def dashboard(services: Services, settings: HttpSettings) -> Litestar:
    return Litestar(
        route_handlers=[
            SessionController,
            PeopleController,
            ExchangeController,
            CalendarsController,
            CategoriesController,
            ContactsController,
            DevicesController,
            HealthController,
            PlacesController,
            RulesController,
            MappingsController,
            AlertsController,
            ChannelsController,
            DeliveriesController,
            QuarantineController,
            JobsController,
            about,
            live,
            ready,
            metrics,
            openapi_document,
            *page_routes(),
        ],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "actor": Provide(provide_actor),
        },
        exception_handlers={Exception: _problem_answers(services.tally)},
        openapi_config=OpenAPIConfig(
            title="Fieldpost", version=settings.version, enabled_endpoints=set()
        ),
        request_max_body_size=MAX_REQUEST_BYTES,
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=6, exclude=["^/api/v1/live$", "^/health/"]
        ),
        after_request=_harden,
        logging_config=None,
    )


async def _harden(response: Response[Any]) -> Response[Any]:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _problem_answers(
    tally: Tally,
) -> Callable[[Request[Any, Any, Any], Exception], Response[bytes]]:
    """What answers every exception with its problem document, and counts it."""

    def answer(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        problem = _problem_of(error)
        tally.count("api_errors", str(problem.status))
        headers = dict(_HEADERS)
        if problem.retry_after_s is not None:
            headers["retry-after"] = str(problem.retry_after_s)
        return Response(
            problem.body(), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers
        )

    return answer


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, HTTPException):
        return _of_litestar(error)
    # Litestar lets through what msgspec raises beside its own exceptions.
    if isinstance(error, UnicodeDecodeError):
        return problem_of(HttpRefusal(400, "The body is not JSON", str(error)))
    if isinstance(error, RecursionError) and "deserializing" in str(error):
        return problem_of(HttpRefusal(400, "The body is not JSON", "nested too deeply"))
    return problem_of(error)


def _of_litestar(error: HTTPException) -> Problem:
    """Litestar's own errors: routes, methods, and the values of bodies and parameters."""
    if not isinstance(error, ValidationException):
        titles = {404: "Not found", 405: "Method not allowed", 413: "The body is too large"}
        title = titles.get(error.status_code, "The request cannot be understood")
        return Problem(error.status_code, title, error.detail or title)
    found: list[Any] = error.extra if isinstance(error.extra, list) else []
    errors = [_field_error(item.get("key", ""), item.get("message", "")) for item in found]
    if not errors and error.detail.startswith("Missing required"):
        errors = [_field_error(error.detail.partition("'")[2].partition("'")[0], "is missing")]
    detail = "; ".join(f"{e.field or 'the body'}: {e.reason}" for e in errors) or error.detail
    return problem_of(HttpRefusal(422, "The request has values that cannot be", detail, errors))


def _field_error(key: str, message: str) -> FieldError:
    """In the words of the API: a body's own fields, and parameters by their names in the URL."""
    field = {"start": "from", "end": "to", "alert_state": "state", "day": "date"}.get(key, key)
    field = "" if field == "data" else field.removeprefix("data.")
    if message == "'data'":  # there is no body where there has to be one
        return FieldError(field, "is missing")
    for marker, reason in (("unknown field", "is not known"), ("required field", "is missing")):
        if marker in message:
            name = message.partition("`")[2].partition("`")[0]
            return FieldError(f"{field}.{name}".lstrip("."), reason)
    return FieldError(field, in_words(message))
