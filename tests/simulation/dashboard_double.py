"""The half of the platform in miniature that the dashboard API is."""

from typing import Any

from aiohttp import web

Row = dict[str, Any]


class DashboardDouble:
    """`codes` and `secrets` say which device they are for."""

    def __init__(self) -> None:
        self.people: list[Row] = []
        self.devices: list[Row] = []
        self.places: list[Row] = []
        self.rules: list[Row] = []
        self.consents: dict[str, list[Row]] = {}
        self.codes: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self._count = 0

    def device(self, name: str) -> Row:
        return next(one for one in self.devices if one["name"] == name)

    def dashboard_routes(self) -> list[web.RouteDef]:
        return [
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
        ]

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
        self.codes[f"code-{self._count}"] = request.match_info["id"]
        return web.json_response({"code": f"code-{self._count}"}, status=201)

    async def _token(self, request: web.Request) -> web.Response:
        assert (await request.json())["agent"] == "owntracks"
        token = self.new_secret(request.match_info["id"])
        return web.json_response({"id": "t", "token": token}, status=201)

    def new_secret(self, device_id: str) -> str:
        self._count += 1
        self.secrets[f"secret-{self._count}"] = device_id
        next(one for one in self.devices if one["id"] == device_id)["state"] = "enrolled"
        return f"secret-{self._count}"
