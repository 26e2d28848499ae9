"""Signing in and out, and the page of the first start."""

import secrets
from typing import Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import Cookie

from adapters.inbound.http.api.identity import COOKIE, CSRF_HEADER
from adapters.inbound.http.api.requests import SignInBody, WelcomeBody
from adapters.inbound.http.services import HttpSettings, Services
from application.faults import NotAllowed, NotAuthenticated
from application.use_cases.sign_in import SignedIn
from domain.access import SESSION_LIFETIME_MS


class SessionController(Controller):
    path = "/api/v1"
    tags = ("session",)

    @post("/session", status_code=200, summary="Sign in")
    async def sign_in(
        self, data: SignInBody, services: Services, settings: HttpSettings
    ) -> Response[dict[str, Any]]:
        signed_in = await services.sign_in(data.email, data.password)
        return _with_cookie(signed_in, settings, 200)

    @get("/session", summary="Who is signed in")
    async def current(self, request: Request[Any, Any, Any], services: Services) -> dict[str, Any]:
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            raise NotAuthenticated("sign in first")
        _, signed_in = await services.authenticate.session(cookie)
        return _session_json(signed_in)

    @delete("/session", status_code=204, summary="Sign out")
    async def sign_out(self, request: Request[Any, Any, Any], services: Services) -> Response[None]:
        cookie = request.cookies.get(COOKIE)
        if cookie:
            _, signed_in = await services.authenticate.session(cookie)
            sent = request.headers.get(CSRF_HEADER, "")
            if not secrets.compare_digest(sent.encode(), signed_in.csrf_token.encode()):
                raise NotAllowed("the X-CSRF-Token header is missing or wrong")
            await services.authenticate.sign_out(cookie)
        response: Response[None] = Response(None, status_code=204)
        response.delete_cookie(COOKIE)
        return response

    @post("/welcome", status_code=201, summary="Create the first owner")
    async def welcome(
        self, data: WelcomeBody, services: Services, settings: HttpSettings
    ) -> Response[dict[str, Any]]:
        expected = settings.welcome_code or ""
        if not expected or not secrets.compare_digest(data.code.encode(), expected.encode()):
            raise NotAllowed("this link has been used, or was not given by this platform")
        await services.create_account(data.account_name, data.email, data.password, first_only=True)
        settings.welcome_code = None
        signed_in = await services.sign_in(data.email, data.password)
        return _with_cookie(signed_in, settings, 201)


def _with_cookie(
    signed_in: SignedIn, settings: HttpSettings, status: int
) -> Response[dict[str, Any]]:
    cookie = Cookie(
        key=COOKIE,
        value=signed_in.cookie,
        max_age=SESSION_LIFETIME_MS // 1000,
        httponly=True,
        samesite="strict",
        secure=settings.secure_cookies,
    )
    return Response(_session_json(signed_in), status_code=status, cookies=[cookie])


def _session_json(signed_in: SignedIn) -> dict[str, Any]:
    user, account = signed_in.user, signed_in.account
    return {
        "user": {"id": user.id, "email": user.email, "role": user.role.value},
        "account": {"id": account.id, "name": account.name},
        "csrf_token": signed_in.csrf_token,
    }
