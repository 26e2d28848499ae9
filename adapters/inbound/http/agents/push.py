"""The way from HTTP to a push connection over a WebSocket, and what is said to everybody else."""

from typing import Any

from adapters.inbound.http.agents.asgi import send_problem
from adapters.inbound.http.problems import HttpRefusal, problem_of
from adapters.inbound.push.websocket import SUBPROTOCOL, PushSocket
from application.ports.tally import Tally

PUSH_PATH = "/agent/v1/push"


class PushCalls:
    """An ASGI app for all WebSockets, and for plain requests to their path."""

    def __init__(self, push: PushSocket, tally: Tally) -> None:
        self._push = push
        self._tally = tally

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        refusal = _refusal(scope)
        if refusal is None:
            await self._push(receive, send)
            return
        self._tally.count("agent_errors", str(refusal.status))
        if scope["type"] == "http":
            await send_problem(send, problem_of(refusal))
            return

        async def send_answer(message: Any) -> None:
            await send({**message, "type": f"websocket.{message['type']}"})

        await send_problem(send_answer, problem_of(refusal))


def _refusal(scope: Any) -> HttpRefusal | None:
    if scope["path"] != PUSH_PATH:
        return HttpRefusal(404, "Not found", f"WebSockets go to {PUSH_PATH}")
    if scope["type"] == "http":
        detail = f"this is for WebSockets with the subprotocol {SUBPROTOCOL}"
        return HttpRefusal(426, "A WebSocket is needed", detail)
    if SUBPROTOCOL not in scope["subprotocols"]:
        detail = f"ask for the subprotocol {SUBPROTOCOL}"
        return HttpRefusal(400, "The subprotocol is not known", detail)
    return None
