"""What people do, as calls of the dashboard API."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from features.drivers.base import People
from features.drivers.http_backtests import HttpBacktests
from features.drivers.http_calls import HttpCalls
from features.drivers.http_channels import HttpChannels
from features.drivers.http_days import HttpDays
from features.drivers.http_mappings import HttpMappings
from features.drivers.http_movements import HttpMovements
from features.drivers.http_rules import HttpRules
from features.drivers.rule_wishes import body_of, hours_body
from features.drivers.seen import (
    AlertSeen,
    DeviceSeen,
    IntakeSeen,
    QuarantineSeen,
    RequestSeen,
    alert_seen,
    device_seen,
    intake_seen,
    quarantine_seen,
    request_seen,
)
from features.drivers.values import AppAccess, Hours, Observation, Owner, RuleWish

_LONG_AGO = timedelta(days=300)
_MANY = 1_000


class HttpPeople(
    HttpDays, HttpMovements, HttpBacktests, HttpChannels, HttpMappings, HttpRules, People
):
    def __init__(self, calls: HttpCalls) -> None:
        self._calls = calls

    def _get(self, owner: Owner, path: str, **query: Any) -> Any:
        return self._calls.json("GET", f"/api/v1/{path}", owner.secret, query=query)

    def _post(self, owner: Owner, path: str, body: Any = None) -> Any:
        return self._calls.json("POST", f"/api/v1/{path}", owner.secret, body=body)

    def _delete(self, owner: Owner, path: str) -> None:
        self._calls.json("DELETE", f"/api/v1/{path}", owner.secret)

    def _made(self, owner: Owner, path: str, body: Any) -> str:
        made: str = self._post(owner, path, body)["id"]
        return made

    def add_person(self, owner: Owner, name: str) -> str:
        return self._made(owner, "people", {"name": name, "time_zone": "UTC"})

    def move(self, owner: Owner, person_id: str, time_zone: str) -> None:
        body = {"time_zone": time_zone}
        self._calls.json("PATCH", f"/api/v1/people/{person_id}", owner.secret, body=body)

    def add_device(self, owner: Owner, person_id: str, name: str) -> str:
        body = {"person_id": person_id, "name": name, "platform": "android"}
        return self._made(owner, "devices", body)

    def retire_device(self, owner: Owner, device_id: str) -> None:
        self._delete(owner, f"devices/{device_id}")

    def issue_code(self, owner: Owner, device_id: str) -> str:
        code: str = self._post(owner, f"devices/{device_id}/enrolment")["code"]
        return code

    def issue_token(self, owner: Owner, device_id: str, app: str) -> AppAccess:
        issued = self._post(owner, f"devices/{device_id}/tokens", {"agent": app})
        return AppAccess(app, device_id, issued["id"], issued["token"], issued["url"])

    def revoke_token(self, owner: Owner, access: AppAccess) -> None:
        self._delete(owner, f"devices/{access.device_id}/tokens/{access.token_id}")

    def allow(
        self,
        owner: Owner,
        person_id: str,
        kinds: Sequence[str],
        start: datetime | None = None,
        hours: Hours | None = None,
    ) -> str:
        body: dict[str, Any] = {"kinds": list(kinds), "schedule": hours_body(hours)}
        if start is not None:
            body["from"] = start.isoformat()
        return self._made(owner, f"people/{person_id}/consents", body)

    def withdraw(self, owner: Owner, person_id: str, consent_id: str) -> None:
        self._delete(owner, f"people/{person_id}/consents/{consent_id}")

    def draw_circle(self, owner: Owner, name: str, lat: float, lon: float, radius_m: float) -> str:
        circle = {"lat": lat, "lon": lon, "radius_m": radius_m}
        return self._made(owner, "places", {"name": name, "circle": circle})

    def make_rule(self, owner: Owner, wish: RuleWish) -> str:
        return self._made(owner, "rules", body_of(wish))

    def remove_rule(self, owner: Owner, rule_id: str) -> None:
        self._delete(owner, f"rules/{rule_id}")

    def ask_device(
        self, owner: Owner, device_id: str, kind: str, start: datetime, end: datetime
    ) -> str:
        body = {"kind": kind, "from": start.isoformat(), "to": end.isoformat()}
        return self._made(owner, f"devices/{device_id}/pull-requests", body)

    def requests(self, owner: Owner, device_id: str) -> list[RequestSeen]:
        found = self._get(owner, f"devices/{device_id}/pull-requests")["items"]
        return [request_seen(view) for view in reversed(found)]

    def device(self, owner: Owner, device_id: str) -> DeviceSeen:
        return device_seen(self._get(owner, f"devices/{device_id}"))

    def kept(self, owner: Owner, device_id: str, kind: str) -> list[Observation]:
        now = datetime.now(UTC)
        page = self._get(
            owner,
            f"devices/{device_id}/observations/{kind}",
            **{"from": (now - _LONG_AGO).isoformat(), "to": (now + timedelta(days=3)).isoformat()},
            limit=_MANY,
        )
        items: list[Observation] = page["items"]
        return items

    def alerts(self, owner: Owner) -> list[AlertSeen]:
        found = self._get(owner, "alerts", limit=_MANY)["items"]
        return [alert_seen(view) for view in reversed(found)]

    def acknowledge(self, owner: Owner, alert_id: str) -> None:
        self._post(owner, f"alerts/{alert_id}/acknowledge")

    def quarantine(self, owner: Owner) -> list[QuarantineSeen]:
        found = self._get(owner, "quarantine", limit=_MANY)["items"]
        return [quarantine_seen(view) for view in found]

    def intake_log(self, owner: Owner, device_id: str) -> list[IntakeSeen]:
        return intake_seen(self._get(owner, f"devices/{device_id}/intake")["items"])

    def names(self, owner: Owner) -> dict[str, list[str]]:
        return {
            what: [view["name"] for view in self._get(owner, what)["items"]]
            for what in ("people", "devices", "places")
        }
