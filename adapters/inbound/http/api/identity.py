"""Who asks: an API token, or a session cookie with its CSRF token."""

import secrets
from typing import Any

from litestar import Request

from adapters.inbound.http.services import Services
from application.actor import Actor
from application.faults import NotAllowed, NotAuthenticated

COOKIE = "fieldpost_session"
CSRF_HEADER = "x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def provide_actor(request: Request[Any, Any, Any], services: Services) -> Actor:
    """Raises NotAuthenticated, and NotAllowed when a change lacks the CSRF token."""
    header = request.headers.get("authorization", "")
    if header[:7].lower() == "bearer ":
        return await services.authenticate.token(header[7:].strip())
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        raise NotAuthenticated("sign in, or send `Authorization: Bearer` with an API token")
    actor, signed_in = await services.authenticate.session(cookie)
    if request.method not in _SAFE:
        sent = request.headers.get(CSRF_HEADER, "")
        if not secrets.compare_digest(sent.encode(), signed_in.csrf_token.encode()):
            raise NotAllowed("the X-CSRF-Token header is missing or wrong")
    return actor
