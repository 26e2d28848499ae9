"""The calls of the dashboard API by which the family is set up."""

from typing import Any

import attrs

from adapters.inbound.cli.simulation.calls import Calls

Item = dict[str, Any]


@attrs.frozen
class DashboardApi:
    """As whoever owns `api_token`. Paths begin behind `/api/v1`."""

    calls: Calls
    api_token: str

    async def all(self, path: str) -> list[Item]:
        """Every item of a list, page by page."""
        items: list[Item] = []
        cursor = None
        while True:
            page = await self._call("GET", path + (f"?cursor={cursor}" if cursor else ""))
            items.extend(page["items"])
            cursor = page.get("next_cursor")
            if cursor is None:
                return items

    async def add(self, path: str, item: Item) -> Item:
        added: Item = await self._call("POST", path, item)
        return added

    async def put(self, path: str, item: Item) -> Item:
        changed: Item = await self._call("PUT", path, item)
        return changed

    async def named(self, path: str, item: Item, known: list[Item]) -> Item:
        """The one of this name among the known, or else a new one."""
        for one in known:
            if one["name"] == item["name"]:
                return one
        return await self.add(path, item)

    async def enrolment_code(self, device_id: str) -> str:
        return str((await self.add(f"/devices/{device_id}/enrolment", {}))["code"])

    async def token(self, device_id: str, agent: str) -> str:
        path = f"/devices/{device_id}/tokens"
        return str((await self.add(path, {"agent": agent}))["token"])

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.api_token}"}
        return await self.calls(method, "/api/v1" + path, body, headers=headers)
