"""What people see of where somebody was, as calls of the dashboard API."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from features.drivers.http_calls import HttpCalls
from features.drivers.movements import MovementPeople
from features.drivers.values import Owner


class HttpMovements(MovementPeople):
    _calls: HttpCalls

    def timeline(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]:
        query = {"date": day.isoformat()}
        path = f"/api/v1/people/{person_id}/timeline"
        answer: Mapping[str, Any] = self._calls.json("GET", path, owner.secret, query=query)
        return answer

    def track(
        self, owner: Owner, device_id: str, start: datetime, end: datetime, max_points: int
    ) -> Mapping[str, Any]:
        query = {"from": start.isoformat(), "to": end.isoformat(), "max_points": max_points}
        path = f"/api/v1/devices/{device_id}/track"
        answer: Mapping[str, Any] = self._calls.json("GET", path, owner.secret, query=query)
        return answer
