"""What people see of somebody's days, as calls of the dashboard API."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from features.drivers.days import DayPeople
from features.drivers.http_calls import HttpCalls
from features.drivers.values import Owner


class HttpDays(DayPeople):
    _calls: HttpCalls

    def sort_app(self, owner: Owner, app: str, category: str) -> None:
        version = self._calls.json("GET", "/api/v1/categories", owner.secret)["version"]
        body = {"version": version, "categories": [{"name": category, "apps": [app]}]}
        self._calls.json("PUT", "/api/v1/categories", owner.secret, body=body)

    def summary(
        self, owner: Owner, person_id: str, first: date, last: date, by: str
    ) -> Mapping[str, Any]:
        query = {"by": by, "compare": "true"}
        return self._days(owner, f"people/{person_id}/summary", first, last, **query)

    def communications(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]:
        return self._days(owner, f"people/{person_id}/communications", day, day)

    def traffic(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]:
        return self._days(owner, f"people/{person_id}/traffic", day, day)

    def health(self, owner: Owner, device_id: str, day: date) -> Mapping[str, Any]:
        return self._days(owner, f"devices/{device_id}/health", day, day)

    def _days(
        self, owner: Owner, path: str, first: date, last: date, **more: str
    ) -> Mapping[str, Any]:
        query = {"from": first.isoformat(), "to": last.isoformat(), **more}
        found: Mapping[str, Any] = self._calls.json(
            "GET", f"/api/v1/{path}", owner.secret, query=query
        )
        return found
