"""A web server that keeps what is posted to it, and answers as it is told."""

import asyncio
from collections.abc import Mapping
from typing import Any

import attrs
from aiohttp import web

from deploy.local.ports import HOST, free_port
from tests.support.background import BackgroundServer


@attrs.frozen
class Posted:
    path: str
    headers: Mapping[str, str]
    body: bytes


class WebEndpoint(BackgroundServer):
    """`status` and `headers` are those of every answer; by path, those in `statuses`. A path in
    `hanging` is not answered, one in `dropping` loses its connection, one in `endless` is
    answered without end.
    """

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.posted: list[Posted] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.hanging: set[str] = set()
        self.dropping: set[str] = set()
        self.endless: set[str] = set()
        self._runner: web.AppRunner | None = None

    def url(self, path: str = "/hook") -> str:
        return f"http://{HOST}:{self.port}{path}"

    def at(self, path: str) -> list[Posted]:
        return [one for one in self.posted if one.path == path]

    async def begin(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()

    async def end(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.posted.append(Posted(path, dict(request.headers), await request.read()))
        if path in self.hanging:
            await asyncio.Event().wait()
        if path in self.dropping:
            transport: Any = request.transport
            transport.abort()
        if path in self.endless:
            stream = web.StreamResponse(status=200)
            await stream.prepare(request)
            while True:
                await stream.write(b"x" * 65_536)
        status = self.statuses.get(path, self.status)
        return web.Response(status=status, headers=self.headers)
