"""A platform in miniature that answers as the contract says, and remembers what it was told."""

import base64
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiohttp import web

from domain.kinds import Kind
from domain.times import from_datetime

API_TOKEN = "api-token"
_POLICY = {"version": 1, "kinds": {kind.value: {"interval_s": 60} for kind in Kind}}

Row = dict[str, Any]


class PlatformDouble:
    """`kept` are the accepted observations by device name and kind, in order of arrival.

    `trouble` are answers that are given before anything is looked at: one answer each, or a
    function that gives it.
    """

    def __init__(self) -> None:
        self.people: list[Row] = []
        self.devices: list[Row] = []
        self.places: list[Row] = []
        self.rules: list[Row] = []
        self.consents: dict[str, list[Row]] = {}
        self.policy: Row = _POLICY
        self.pull_requests: dict[str, list[Row]] = {}
        self.kept: dict[tuple[str, str], list[Row]] = {}
        self.identities: set[tuple[str, str, int]] = set()
        self.owntracks: list[Row] = []
        self.calls: Counter[str] = Counter()
        self.activity = 0
        self.gzipped = 0
        self.largest_batch = 0
        self.refused_kinds: set[str] = set()
        self.fails_from: int | None = None
        self.trouble: list[web.Response | Callable[[], Awaitable[web.Response]]] = []
        self._codes: dict[str, str] = {}
        self._secrets: dict[str, str] = {}
        self._count = 0

    def device(self, name: str) -> Row:
        return next(one for one in self.devices if one["name"] == name)

    def observations(self, name: str, kind: str) -> list[Row]:
        return self.kept.get((self.device(name)["id"], kind), [])

    def revoke(self, name: str) -> None:
        device_id = self.device(name)["id"]
        self._secrets = {s: one for s, one in self._secrets.items() if one != device_id}

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._before])
        app.add_routes(
            [
                *(
                    web.get(f"/api/v1/{name}", self._listing(name))
                    for name in ("people", "devices", "places", "rules")
                ),
                *(
                    web.post(f"/api/v1/{name}", self._adding(name))
                    for name in ("people", "devices", "places", "rules")
                ),
                web.get("/api/v1/people/{id}/consents", self._consents),
                web.post("/api/v1/people/{id}/consents", self._consent),
                web.put("/api/v1/devices/{id}/policy", self._set_policy),
                web.post("/api/v1/devices/{id}/enrolment", self._code),
                web.post("/api/v1/devices/{id}/tokens", self._token),
                web.post("/agent/v1/enrol", self._enrol),
                web.post("/agent/v1/check-in", self._check_in),
                web.post("/agent/v1/batches", self._batches),
                web.post("/agent/v1/pull-requests/{id}/batches", self._answer),
                web.post("/agent/owntracks", self._owntracks),
            ]
        )
        return app

    @web.middleware
    async def _before(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls[request.path] += 1
        self.activity += 1
        if self.fails_from is not None and self.calls.total() >= self.fails_from:
            return problem(403, "not today")
        if self.trouble:
            trouble = self.trouble.pop(0)
            return await trouble() if callable(trouble) else trouble
        if request.path.startswith("/api/"):
            assert request.headers["Authorization"] == f"Bearer {API_TOKEN}"
        answer: web.StreamResponse = await handler(request)
        self.activity += 1
        return answer

    def _listing(self, name: str) -> Any:
        async def listing(_request: web.Request) -> web.Response:
            return web.json_response({"items": getattr(self, name), "next_cursor": None})

        return listing

    def _adding(self, name: str) -> Any:
        async def adding(request: web.Request) -> web.Response:
            self._count += 1
            item = {"id": f"{name}-{self._count}", **await request.json()}
            if name == "devices":
                item |= {"state": "new", "latest": {}}
            getattr(self, name).append(item)
            return web.json_response(item, status=201)

        return adding

    async def _consents(self, request: web.Request) -> web.Response:
        items = self.consents.get(request.match_info["id"], [])
        return web.json_response({"items": items, "next_cursor": None})

    async def _consent(self, request: web.Request) -> web.Response:
        self.consents.setdefault(request.match_info["id"], []).append(await request.json())
        return web.json_response({}, status=201)

    async def _set_policy(self, request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    async def _code(self, request: web.Request) -> web.Response:
        self._count += 1
        self._codes[f"code-{self._count}"] = request.match_info["id"]
        return web.json_response({"code": f"code-{self._count}"}, status=201)

    async def _token(self, request: web.Request) -> web.Response:
        assert (await request.json())["agent"] == "owntracks"
        token = self._secret(request.match_info["id"])
        return web.json_response({"id": "t", "token": token}, status=201)

    async def _enrol(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert set(body["agent"]) == {"name", "version", "platform"}
        device_id = self._codes.pop(body["code"])
        answer = {
            "device_id": device_id,
            "credential": self._secret(device_id),
            "policy": self.policy,
            "next_check_in_s": 300,
        }
        return web.json_response(answer, status=201)

    def _secret(self, device_id: str) -> str:
        self._count += 1
        self._secrets[f"secret-{self._count}"] = device_id
        next(one for one in self.devices if one["id"] == device_id)["state"] = "enrolled"
        return f"secret-{self._count}"

    async def _check_in(self, request: web.Request) -> web.Response:
        device_id = self._caller(request)
        body = await request.json()
        news = body.get("policy_version") != self.policy["version"]
        answer = {
            "policy_version": self.policy["version"],
            "policy": self.policy if news else None,
            "pull_requests": self.pull_requests.get(device_id, []),
            "next_check_in_s": 300,
        }
        return web.json_response(answer)

    async def _batches(self, request: web.Request) -> web.Response:
        device_id = self._caller(request)
        body = await request.json()
        return web.json_response({"receipts": self._receipts(device_id, body)})

    async def _answer(self, request: web.Request) -> web.Response:
        device_id = self._caller(request)
        body = await request.json()
        if body.get("complete"):
            open_ = self.pull_requests[device_id]
            open_[:] = [one for one in open_ if one["id"] != request.match_info["id"]]
        return web.json_response({"receipts": self._receipts(device_id, body)})

    def _receipts(self, device_id: str, body: Row) -> list[Row]:
        return [self._receipt(device_id, batch) for batch in body["batches"]]

    def _receipt(self, device_id: str, batch: Row) -> Row:
        kind, sequence, rows = batch["kind"], batch["sequence"], batch["observations"]
        receipt = {"kind": kind, "sequence": sequence, "accepted": 0, "refused": [], "reason": None}
        self.largest_batch = max(self.largest_batch, len(rows))
        if kind in self.refused_kinds:
            return receipt | {"outcome": "refused", "reason": "no_consent"}
        if (device_id, kind, sequence) in self.identities:
            return receipt | {"outcome": "duplicate"}
        assert [_time_ms(row) for row in rows] == sorted(_time_ms(row) for row in rows)
        self.identities.add((device_id, kind, sequence))
        self.kept.setdefault((device_id, kind), []).extend(rows)
        self._newest(device_id, kind, rows[-1])
        return receipt | {"outcome": "accepted", "accepted": len(rows)}

    def _newest(self, device_id: str, kind: str, row: Row) -> None:
        device = next(one for one in self.devices if one["id"] == device_id)
        known = device["latest"].get(kind)
        if known is None or _time_ms(row) > _time_ms(known):
            device["latest"][kind] = row

    async def _owntracks(self, request: web.Request) -> web.Response:
        pair = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        user, _, token = pair.partition(":")
        if self._secrets.get(token) != user:
            raise web.HTTPUnauthorized
        body = await request.json()
        self.owntracks.extend(body if isinstance(body, list) else [body])
        return web.json_response([])

    def _caller(self, request: web.Request) -> str:
        secret = request.headers["Authorization"].removeprefix("Bearer ")
        if secret not in self._secrets:
            raise web.HTTPUnauthorized
        self.gzipped += request.headers.get("Content-Encoding") == "gzip"
        return self._secrets[secret]


@asynccontextmanager
async def running(platform: PlatformDouble) -> AsyncIterator[str]:
    """Its address, while it answers."""
    runner = web.AppRunner(platform.app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def problem(status: int, detail: str, **headers: str) -> web.Response:
    body = json.dumps({"status": status, "detail": detail})
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(
        status=status, text=body, headers=sent, content_type="application/problem+json"
    )


def _time_ms(row: Row) -> int:
    return from_datetime(datetime.fromisoformat(row["time"]))
