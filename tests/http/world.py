"""An account with one of everything, and a valid call for each operation of its API."""

from collections.abc import Mapping
from typing import Any

import attrs

from tests.support.accounts import leave_delivery, leave_in_quarantine
from tests.support.client import Account, Device, fix, now
from tests.support.http_calls import Http, Reply
from tests.support.waiting import until

NOT_OF_AN_ACCOUNT = frozenset(
    {
        "GET /api/v1/session",
        "POST /api/v1/session",
        "DELETE /api/v1/session",
        "POST /api/v1/welcome",
        "GET /api/v1/about",
        "GET /api/v1/live",
    }
)
"""Operations that are about who asks, or never end."""

ASKS = ("GET", "POST /api/v1/categories/try")
"""How operations begin that change nothing."""


@attrs.frozen
class World:
    """One account's person, device, place, rule, alert and so on; `ids` by path parameter."""

    account: Account
    device: Device
    ids: Mapping[str, str]

    @staticmethod
    def of(account: Account) -> "World":
        person = account.person()
        device = account.enrolled(person)
        place = account.place(45.8, 14.3)
        rule = account.rule({"leaves": place})
        token = account.api.post(f"{device.path}/tokens", {"agent": "osmand"}).expect(201)["id"]
        device.deliver("location", fix(45.8, 14.3, ago_s=_AGO_S), fix(45.9, 14.3, ago_s=_AGO_S - 9))
        device.send("location", fix(91, 0))
        request = device.ask()["id"]
        alert = until(account.alerts, "there is an alert", also=account.server.log_tail)[0]["id"]
        job = account.api.post("/api/v1/quarantine/replay", {}).expect(202)["id"]
        item = leave_in_quarantine(account.server.data, account.id, device.id)
        contact = account.api.post("/api/v1/contacts", {"name": "Eva"}).expect(201)["id"]
        calendar = account.api.post("/api/v1/calendars", _CALENDAR).expect(201)["id"]
        mapping = account.api.post("/api/v1/mappings", _MAPPING).expect(201)["id"]
        channel = account.api.post("/api/v1/channels", CHANNEL).expect(201)["id"]
        delivery = leave_delivery(account.server.data, account.id, channel, alert)
        consent = account.all(f"/api/v1/people/{person}/consents")[0]["id"]
        until(lambda: _batches(device) == 2, "both batches are in the intake log")
        ids = {
            "person_id": person,
            "device_id": device.id,
            "place_id": place,
            "rule_id": rule,
            "alert_id": alert,
            "token_id": token,
            "calendar_id": calendar,
            "mapping_id": mapping,
            "consent_id": consent,
            "contact_id": contact,
            "request_id": request,
            "job_id": job,
            "channel_id": channel,
            "delivery_id": delivery,
            "item_id": item,
            "kind": "location",
        }
        return World(account, device, ids)

    def call(self, http: Http, operation: str) -> Reply:
        """A call that is valid in every respect, as `http` may make it."""
        method, path = operation.split(" ")
        call = CALLS[operation]
        body = call["body"](self.ids) if "body" in call else None
        filled = path.format_map(self.ids)
        query = call.get("query", {})
        if method == "GET":
            return http.get(filled, **query)
        return http.call(method, filled, body)

    def seen(self) -> dict[str, Any]:
        """All that the owner sees, to tell whether anything has changed."""
        return {
            operation: self.call(self.account.api, operation).json
            for operation in CALLS
            if operation.startswith("GET")
        }


def _batches(device: Device) -> int:
    lines = device.account.api.get(f"{device.path}/intake").expect(200)["items"]
    return sum(line["accepted_batches"] + line["refused_batches"] for line in lines)


_DEFINITION = {"rules": [{"kind": "device_state", "fields": {"battery": "level"}}]}
_MAPPING = {"name": "Meter", "source": "meter", "definition": _DEFINITION}
_CALENDAR = {"name": "Holidays", "days": [{"from": "2026-12-24", "to": "2027-01-02"}]}
CHANNEL = {"name": "hook", "webhook": {"url": "https://example.invalid/hook"}, "enabled": False}

_AGO_S = 3 * 86_400  # a day that is over does not change by itself
_RANGE = {"from_": now(ago_s=_AGO_S + 86_400), "to": now()}
_DAY = now(ago_s=_AGO_S)[:10]

CALLS: dict[str, dict[str, Any]] = {
    "GET /api/v1/people": {},
    "POST /api/v1/people": {"body": lambda ids: {"name": "Bor"}},
    "PATCH /api/v1/people/{person_id}": {"body": lambda ids: {"name": "Cene"}},
    "GET /api/v1/people/{person_id}/consents": {},
    "POST /api/v1/people/{person_id}/consents": {"body": lambda ids: {"kinds": ["call"]}},
    "GET /api/v1/people/{person_id}/communications": {"query": {"from_": _DAY, "to": _DAY}},
    "GET /api/v1/people/{person_id}/traffic": {"query": {"from_": _DAY, "to": _DAY}},
    "GET /api/v1/people/{person_id}/summary": {"query": {"from_": _DAY, "to": _DAY}},
    "GET /api/v1/people/{person_id}/timeline": {"query": {"date": _DAY}},
    "GET /api/v1/categories": {},
    "PUT /api/v1/categories": {
        "body": lambda ids: {"version": 0, "categories": [{"name": "chess", "apps": ["chess"]}]}
    },
    "POST /api/v1/categories/try": {"body": lambda ids: {"apps": ["chess"]}},
    "GET /api/v1/calendars": {},
    "POST /api/v1/calendars": {"body": lambda ids: _CALENDAR},
    "PATCH /api/v1/calendars/{calendar_id}": {"body": lambda ids: {"name": "Days off"}},
    "GET /api/v1/contacts": {},
    "POST /api/v1/contacts": {"body": lambda ids: {"name": "Luka"}},
    "POST /api/v1/contacts/import": {"body": lambda ids: {"contacts": [{"name": "Ivo"}]}},
    "PATCH /api/v1/contacts/{contact_id}": {"body": lambda ids: {"name": "Eve"}},
    "GET /api/v1/devices": {},
    "POST /api/v1/devices": {"body": lambda ids: {"person_id": ids["person_id"], "name": "tablet"}},
    "GET /api/v1/devices/{device_id}": {},
    "PATCH /api/v1/devices/{device_id}": {"body": lambda ids: {"name": "watch"}},
    "POST /api/v1/devices/{device_id}/enrolment": {},
    "GET /api/v1/devices/{device_id}/health": {"query": {"from_": _DAY, "to": _DAY}},
    "GET /api/v1/devices/{device_id}/observations/{kind}": {"query": _RANGE},
    "GET /api/v1/devices/{device_id}/intake": {},
    "GET /api/v1/devices/{device_id}/policy": {},
    "PUT /api/v1/devices/{device_id}/policy": {
        "body": lambda ids: {"kinds": {"location": {"interval_s": 30}}}
    },
    "GET /api/v1/devices/{device_id}/pull-requests": {},
    "POST /api/v1/devices/{device_id}/pull-requests": {
        "body": lambda ids: {"kind": "location", "from": _RANGE["from_"], "to": _RANGE["to"]}
    },
    "GET /api/v1/devices/{device_id}/tokens": {},
    "POST /api/v1/devices/{device_id}/tokens": {"body": lambda ids: {"agent": "overland"}},
    "GET /api/v1/devices/{device_id}/track": {"query": _RANGE},
    "GET /api/v1/places": {},
    "POST /api/v1/places": {
        "body": lambda ids: {"name": "Home", "circle": {"lat": 1, "lon": 2, "radius_m": 50}}
    },
    "PATCH /api/v1/places/{place_id}": {"body": lambda ids: {"name": "Park"}},
    "GET /api/v1/rules": {},
    "POST /api/v1/rules": {
        "body": lambda ids: {"name": "arrives", "when": {"enters": ids["place_id"]}}
    },
    "GET /api/v1/rules/templates": {},
    "POST /api/v1/rules/check": {
        "body": lambda ids: {"name": "A rule", "when": {"leaves": ids["place_id"]}},
    },
    "POST /api/v1/rules/backtest": {
        "body": lambda ids: {"rule": {"name": "A rule", "when": {"leaves": ids["place_id"]}}},
    },
    "PATCH /api/v1/rules/{rule_id}": {"body": lambda ids: {"enabled": False}},
    "GET /api/v1/alerts": {},
    "POST /api/v1/alerts/{alert_id}/acknowledge": {},
    "GET /api/v1/channels": {},
    "POST /api/v1/channels": {"body": lambda ids: CHANNEL},
    "GET /api/v1/channels/{channel_id}": {},
    "PATCH /api/v1/channels/{channel_id}": {"body": lambda ids: {"enabled": True}},
    "GET /api/v1/channels/{channel_id}/deliveries": {},
    "POST /api/v1/channels/{channel_id}/resume": {},
    "POST /api/v1/channels/{channel_id}/secret": {},
    "POST /api/v1/channels/{channel_id}/test": {},
    "POST /api/v1/deliveries/{delivery_id}/resend": {},
    "GET /api/v1/web-push/key": {},
    "GET /api/v1/audit": {},
    "GET /api/v1/mappings": {},
    "POST /api/v1/mappings": {"body": lambda ids: {**_MAPPING, "source": "thermometer"}},
    "POST /api/v1/mappings/try": {
        "body": lambda ids: {"definition": _DEFINITION, "sample": {"document": {"level": 0.5}}}
    },
    "GET /api/v1/mappings/{mapping_id}": {},
    "PATCH /api/v1/mappings/{mapping_id}": {"body": lambda ids: {"name": "The meter"}},
    "GET /api/v1/quarantine": {},
    "GET /api/v1/jobs": {},
    "GET /api/v1/jobs/{job_id}": {},
    "POST /api/v1/jobs/{job_id}/cancel": {},
    "POST /api/v1/quarantine/{item_id}/replay": {},
    "POST /api/v1/quarantine/replay": {},
    # What takes away comes last, so that the owner may make all of these calls in this order.
    "DELETE /api/v1/categories": {},
    "DELETE /api/v1/calendars/{calendar_id}": {},
    "DELETE /api/v1/contacts/{contact_id}": {},
    "DELETE /api/v1/rules/{rule_id}": {},
    "DELETE /api/v1/channels/{channel_id}": {},
    "DELETE /api/v1/mappings/{mapping_id}": {},
    "DELETE /api/v1/devices/{device_id}/tokens/{token_id}": {},
    "DELETE /api/v1/people/{person_id}/consents/{consent_id}": {},
    "DELETE /api/v1/devices/{device_id}": {},
}
CALLS["DELETE /api/v1/places/{place_id}"] = {}


def operations(document: Mapping[str, Any]) -> set[str]:
    """`METHOD /path` of all that an OpenAPI document lists below /api/v1."""
    return {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        if path.startswith("/api/v1")
        for method in methods
    }
