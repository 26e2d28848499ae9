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
from tests.simulation.dashboard_double import DashboardDouble, Row

API_TOKEN = "api-token"
_POLICY = {"version": 1, "kinds": {kind.value: {"interval_s": 60} for kind in Kind}}


class PlatformDouble(DashboardDouble):
    """`kept` are the accepted observations by device name and kind, in order of arrival.

    `trouble` are answers that are given before anything is looked at: one answer each, or a
    function that gives it.
    """

    def __init__(self) -> None:
        super().__init__()
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

    def observations(self, name: str, kind: str) -> list[Row]:
        return self.kept.get((self.device(name)["id"], kind), [])

    def revoke(self, name: str) -> None:
        device_id = self.device(name)["id"]
        self.secrets = {s: one for s, one in self.secrets.items() if one != device_id}

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._before])
        app.add_routes(self.dashboard_routes())
        app.add_routes(
            [
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

    async def _enrol(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert set(body["agent"]) == {"name", "version", "platform"}
        device_id = self.codes.pop(body["code"])
        answer = {
            "device_id": device_id,
            "credential": self.new_secret(device_id),
            "policy": self.policy,
            "next_check_in_s": 300,
        }
        return web.json_response(answer, status=201)

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
        if self.secrets.get(token) != user:
            raise web.HTTPUnauthorized
        body = await request.json()
        self.owntracks.extend(body if isinstance(body, list) else [body])
        return web.json_response([])

    def _caller(self, request: web.Request) -> str:
        secret = request.headers["Authorization"].removeprefix("Bearer ")
        if secret not in self.secrets:
            raise web.HTTPUnauthorized
        self.gzipped += request.headers.get("Content-Encoding") == "gzip"
        return self.secrets[secret]


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
