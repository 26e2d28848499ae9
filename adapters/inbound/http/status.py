"""What a process without pages answers: is it alive, is it ready, what has it counted."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from adapters.inbound.http.agents.asgi import send_whole
from adapters.inbound.http.agents.push import PUSH_PATH, PushCalls
from adapters.inbound.http.readiness import Dependency, readiness

_TEXT = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]
_JSON = [(b"content-type", b"application/json")]


@attrs.frozen
class StatusApplication:
    """An ASGI app for gateways and workers. `push` takes push agents that come over WebSocket."""

    dependencies: Sequence[Dependency]
    depth: Callable[[], int]
    exposition: Callable[[], bytes]
    push: PushCalls | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path")
        if self.push is not None and (scope["type"] == "websocket" or path == PUSH_PATH):
            await self.push(scope, receive, send)
        elif scope["type"] != "http":
            return
        elif path == "/health/live":
            await send_whole(send, 200, _JSON, b'{"status": "ok"}')
        elif path == "/health/ready":
            ready, said = await readiness(self.dependencies)
            body = json.dumps({**said, "queue_depth": self.depth()}).encode()
            await send_whole(send, 200 if ready else 503, _JSON, body)
        elif path == "/metrics":
            await send_whole(send, 200, _TEXT, self.exposition())
        else:
            await send_whole(send, 404, _TEXT, b"not found\n")
