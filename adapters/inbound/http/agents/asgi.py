"""The ASGI side of agents' calls: a request, its answer, and the table of calls."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from adapters.inbound.http.bodies import read_body
from adapters.inbound.http.problems import MEDIA_TYPE, HttpRefusal, Problem, problem_of
from application.device_directory import DeviceAccess, DeviceDirectory
from application.faults import NotAuthenticated
from application.identifiers import digest
from application.ports.tally import Tally
from domain.device import Agent

_JSON = [(b"content-type", b"application/json")]
_encode = msgspec.json.Encoder().encode


class AgentRequest(msgspec.Struct, frozen=True):
    """One call: its method, the rest of its path, its query, headers and unpacked body."""

    method: str
    path: str
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """`content` is anything that is JSON."""

    content: Any
    status: int = 200


Handler = Callable[[AgentRequest], Awaitable[Answer]]


class Doorkeeper:
    """Who calls: a credential is looked up once and then remembered."""

    def __init__(self, directory: DeviceDirectory, tally: Tally) -> None:
        self._directory = directory
        self._tally = tally

    async def bearer(self, request: AgentRequest, agent: Agent) -> DeviceAccess:
        """Raises NotAuthenticated unless the call carries a credential of this agent."""
        header = request.headers.get(b"authorization", b"")
        if header[:7].lower() != b"bearer ":
            raise self._refused("send `Authorization: Bearer` with the device credential")
        return await self.secret(header[7:].strip().decode("latin-1"), agent)

    async def basic(self, request: AgentRequest, agent: Agent) -> DeviceAccess:
        """Basic authentication: the device id and one of its tokens."""
        header = request.headers.get(b"authorization", b"")
        if header[:6].lower() != b"basic ":
            raise self._refused("send Basic authentication: the device id and its token")
        try:
            user, _, password = base64.b64decode(header[6:], validate=True).partition(b":")
        except binascii.Error:
            raise self._refused("the Basic authentication is not base64") from None
        access = await self.secret(password.decode("latin-1"), agent)
        if access.device_id != user.decode("latin-1"):
            raise self._refused("the token belongs to another device")
        return access

    async def secret(self, secret: str, agent: Agent) -> DeviceAccess:
        hashed = digest(secret)
        access = self._directory.remembered(hashed) or await self._directory.access(hashed)
        if access is None or access.agent is not agent:
            raise self._refused("the device credential is unknown or revoked")
        return access

    def _refused(self, detail: str) -> NotAuthenticated:
        self._tally.count("refused_uploads", "not_authenticated")
        return NotAuthenticated(detail)


class AgentCalls:
    """An ASGI app over a table of handlers.

    Exact paths come first; `by_prefix` handlers are given the rest of the path.
    """

    def __init__(
        self,
        exact: Mapping[tuple[str, str], Handler],
        by_prefix: Mapping[str, Handler],
        tally: Tally,
    ) -> None:
        self._exact = exact
        self._by_prefix = by_prefix
        self._paths = {path for _, path in exact}
        self._tally = tally

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        try:
            handler, rest = self._find(scope["method"], scope["path"])
            body = await read_body(scope, receive, headers)
            request = AgentRequest(scope["method"], rest, scope["query_string"], headers, body)
            answer = await handler(request)
            await send_whole(send, answer.status, _JSON, _encode(answer.content))
        except Exception as error:
            problem = problem_of(error)
            self._tally.count("agent_errors", str(problem.status))
            await send_problem(send, problem)

    def _find(self, method: str, path: str) -> tuple[Handler, str]:
        handler = self._exact.get((method, path))
        if handler is not None:
            return handler, ""
        if path in self._paths:
            raise HttpRefusal(405, "Method not allowed", f"{method} does not go here")
        for prefix, handler in self._by_prefix.items():
            if path.startswith(prefix):
                return handler, path[len(prefix) :]
        raise HttpRefusal(404, "Not found", "there is no such call for agents")


async def send_problem(send: Any, problem: Problem) -> None:
    """A whole answer that says what is wrong."""
    headers = [(b"content-type", MEDIA_TYPE.encode())]
    if problem.retry_after_s is not None:
        headers.append((b"retry-after", str(problem.retry_after_s).encode()))
    if problem.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="fieldpost"'))
    if problem.status == 426:
        headers += [(b"upgrade", b"websocket"), (b"connection", b"upgrade")]
    await send_whole(send, problem.status, headers, problem.body())


async def send_whole(
    send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """An answer of one piece."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
