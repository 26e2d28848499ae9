"""What people and programs may ask wrongly: refused with the field at fault, and counted."""

import gzip
import json
from typing import Any

import pytest

from tests.http.bodies import GZIP, NOT_JSON, PACKED_BADLY
from tests.support.client import Account, Device, now
from tests.support.server import Server

RANGE = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
BEYOND = "9999-12-31T23:59:59-23:59"

COLLECTIONS = ("people", "devices", "places", "rules")


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


@pytest.fixture(scope="module")
def device(account: Account) -> Device:
    return account.enrolled()


@pytest.mark.parametrize("case", NOT_JSON)
@pytest.mark.parametrize("name", [*COLLECTIONS, "session", "welcome"])
def test_bodies_that_are_not_json(account: Account, name: str, case: str) -> None:
    reply = account.api.call("POST", f"/api/v1/{name}", NOT_JSON[case])
    assert reply.status in (400, 422), str(reply)
    reply.expect_problem(reply.status)


@pytest.mark.parametrize("case", PACKED_BADLY)
def test_badly_packed_bodies(account: Account, case: str) -> None:
    body, headers, status = PACKED_BADLY[case]
    counted = account.server.counted("api_errors", str(status))
    account.api.call("POST", "/api/v1/people", body, headers).expect_problem(status)
    assert account.server.counted("api_errors", str(status)) == counted + 1


def test_a_packed_body_is_read(account: Account) -> None:
    body = gzip.compress(json.dumps({"name": "Ana"}).encode())
    account.api.call("POST", "/api/v1/people", body, GZIP).expect(201)


def test_a_body_that_is_too_large(account: Account) -> None:
    account.api.post("/api/v1/people", {"name": "x" * 1_100_000}).expect_problem(413)


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("people", None, ""),
        ("people", [], ""),
        ("people", {}, "name"),
        ("people", {"name": 1}, "name"),
        ("people", {"name": None}, "name"),
        ("people", {"name": ""}, "name"),
        ("people", {"name": " "}, "name"),
        ("people", {"name": "x" * 201}, "name"),
        ("people", {"name": "Ana", "colour": "red"}, "colour"),
        ("people", {"name": "Ana", "time_zone": "Mars/Base"}, "time_zone"),
        ("people", {"name": "Ana", "time_zone": "Europe"}, "time_zone"),
        ("people", {"name": "Ana", "time_zone": "../../../etc/passwd"}, "time_zone"),
        ("people", {"name": "Ana", "time_zone": "\0"}, "time_zone"),
        ("people", {"name": "Ana", "time_zone": ""}, "time_zone"),
        ("devices", {"name": "phone"}, "person_id"),
        ("devices", {"name": "phone", "person_id": "nobody"}, "person_id"),
        ("devices", {"name": "phone", "person_id": "x", "platform": "toaster"}, "platform"),
        ("places", {"name": "x"}, "circle"),
        ("places", {"name": "x", "circle": {"lat": 1, "lon": 1}}, "circle.radius_m"),
        ("places", {"name": "x", "circle": {"lat": 91, "lon": 1, "radius_m": 50}}, "circle.lat"),
        ("places", {"name": "x", "circle": {"lat": 1, "lon": 1, "radius_m": 1}}, "circle.radius_m"),
        ("places", {"name": "x", "polygon": []}, "polygon"),
        ("places", {"name": "x", "polygon": [[1, 2]] * 300}, "polygon"),
        ("places", {"name": "x", "polygon": [[1, 2, 3]]}, "polygon[0]"),
        ("places", {"name": "x", "polygon": [[1, 1], [1, 2], [91, 1]]}, "polygon[2].lat"),
        ("places", {"name": "x", "polygon": [[1, 1], [1, 2], [1, 1]]}, "polygon"),
        ("places", {"name": "x", "polygon": [[45, 14], [46, 15], [46, 14], [45, 15]]}, "polygon"),
        ("places", {"name": "x", "polygon": [[0, 0], [0, 170], [80, 80]]}, "polygon"),
        ("session", {"email": "a@example.org"}, "password"),
        ("session", {"email": "a" * 301, "password": "x"}, "email"),
        ("session", {"email": "a@example.org", "password": "x" * 201}, "password"),
    ],
)
def test_values_that_cannot_be(account: Account, name: str, body: Any, field: str) -> None:
    counted = account.server.counted("api_errors", "422")
    content = None if body is None else json.dumps(body).encode()
    account.api.post(f"/api/v1/{name}", content).expect_problem(422, field)
    assert account.server.counted("api_errors", "422") == counted + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"when": None}, "when"),
        ({"when": {}}, "when"),
        ({"when": {"speed_over_mps": 1, "battery_below": 0.1}}, "when"),
        ({"when": {"moon": "full"}}, "when.moon"),
        ({"when": {"inside": "no such place"}}, "when"),
        ({"when": {"inside": 1}}, "when.inside"),
        ({"when": {"speed_over_mps": "fast"}}, "when.speed_over_mps"),
        ({"when": {"speed_over_mps": True}}, "when.speed_over_mps"),
        ({"when": {"speed_over_mps": -1}}, "when.speed_over_mps"),
        ({"when": {"speed_over_mps": 10**400}}, "when.speed_over_mps"),
        ({"when": {"battery_below": 2}}, "when.battery_below"),
        ({"when": {"silent_for_s": 1}}, "when.silent_for_s"),
        ({"hold_s": -1}, "hold_s"),
        ({"cooldown_s": 1e300}, "cooldown_s"),
        ({"severity": "dire"}, "severity"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"scope": {"people": ["nobody"]}}, "scope.people"),
        ({"scope": {"devices": ["nothing"]}}, "scope.devices"),
        ({"scope": {"friends": []}}, "scope.friends"),
        ({"schedule": {"days": ["someday"]}}, "schedule.days[0]"),
        ({"schedule": {"days": []}}, "schedule.days"),
        ({"schedule": {"from": "25:00"}}, "schedule.from"),
        ({"schedule": {"to": "8"}}, "schedule.to"),
    ],
)
def test_rules_that_cannot_be(account: Account, changes: Any, field: str) -> None:
    body = {"name": "x", "when": {"speed_over_mps": 30}, **changes}
    account.api.post("/api/v1/rules", body).expect_problem(422, field)
    rule_id = account.rule({"speed_over_mps": 30})
    account.api.patch(f"/api/v1/rules/{rule_id}", changes).expect_problem(422, field)
    account.api.delete(f"/api/v1/rules/{rule_id}").expect(204)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"kinds": "location"}, "kinds"),
        ({"kinds": ["weather"]}, "kinds[0]"),
        ({"kinds": ["location"], "from": "2026-01-01T00:00:00"}, "from"),
        ({"kinds": ["location"], "from": now(), "to": now(ago_s=60)}, "to"),
        ({"kinds": ["location"], "to": BEYOND}, "to"),
        ({"kinds": ["location"], "from": "0001-01-01T00:00:00+23:59"}, "from"),
        ({"kinds": ["location"], "until": now()}, "until"),
    ],
)
def test_consents_that_cannot_be(device: Device, body: Any, field: str) -> None:
    path = f"/api/v1/people/{device.person_id}/consents"
    device.account.api.post(path, body).expect_problem(422, field)
    assert len(device.account.all(path)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "weather"}, "kind"),
        ({"from": None}, "from"),
        ({"to": "2020-01-01T00:00:00Z"}, "to"),
        ({"to": BEYOND}, "to"),
        ({"limit": 0}, "limit"),
        ({"limit": 10**30}, "limit"),
        ({"limit": "all"}, "limit"),
    ],
)
def test_requests_for_data_that_cannot_be(device: Device, changes: Any, field: str) -> None:
    body = {"kind": "location", "from": now(ago_s=60), "to": now(), **changes}
    path = f"{device.path}/pull-requests"
    device.account.api.post(path, body).expect_problem(422, field)
    assert device.account.all(path) == []
    assert device.check_in()["pull_requests"] == []


@pytest.mark.parametrize(
    ("kinds", "field"),
    [
        ({"location": {"interval_s": 0}}, "kinds.location.interval_s"),
        ({"location": {"interval_s": 10**30}}, "kinds.location.interval_s"),
        ({"location": {"enabled": "no"}}, "kinds.location.enabled"),
        ({"weather": {}}, "kinds"),
        ([], "kinds"),
    ],
)
def test_policies_that_cannot_be(device: Device, kinds: Any, field: str) -> None:
    # msgspec names a key of an object "..." in its paths.
    reply = device.account.api.put(f"{device.path}/policy", {"kinds": kinds})
    document = reply.expect_problem(422)
    assert [error["field"] for error in document["errors"]] in ([field], [_anonymous(field)])


def _anonymous(field: str) -> str:
    return field.replace(".location.", "[...].")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-01-01T00:00:00Z", "to"),
        ("to=2026-01-01T00:00:00Z", "from"),
        ("from=x&to=y", "from"),
        (RANGE.replace("Z", ""), "from"),
        ("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        (f"{RANGE}&max_points=1", "max_points"),
        (f"{RANGE}&max_points=10001", "max_points"),
        (f"{RANGE}&max_points=many", "max_points"),
    ],
)
def test_ranges_that_cannot_be(device: Device, query: str, field: str) -> None:
    reply = device.account.api.get(f"{device.path}/track?{query}")
    assert field in [error["field"] for error in reply.expect_problem(422)["errors"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=-1.1", "cursor"),
        ("cursor=%C2%B2.1", "cursor"),
        ("cursor=1." + "9" * 60, "cursor"),
        ("cursor=" + "1" * 200, "cursor"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1001", "limit"),
        ("limit=" + "9" * 40, "limit"),
    ],
)
def test_cursors_and_limits_that_cannot_be(device: Device, query: str, field: str) -> None:
    path = f"{device.path}/observations/location?{RANGE}&{query}"
    device.account.api.get(path).expect_problem(422, field)
    if field == "limit":
        for name in ("alerts", "quarantine", "audit"):
            device.account.api.get(f"/api/v1/{name}?{query}").expect_problem(422, field)


def test_a_cursor_does_not_lead_out_of_the_range(account: Account) -> None:
    device = account.enrolled()
    device.deliver("device_state", {"time": "2026-01-01T00:00:00Z", "battery": 0.5})
    account.server.settled()
    path = f"{device.path}/observations/device_state"
    rows = account.api.get(f"{path}?{RANGE}&cursor=0.0").expect(200)["items"]
    assert len(rows) == 1
    later = RANGE.replace("2026-01-01", "2026-01-02")
    assert account.api.get(f"{path}?{later}&cursor=0.0").expect(200)["items"] == []


@pytest.mark.parametrize("cursor", ["x", "%00", "'--", "%F0%9F%98%80", "0"])
@pytest.mark.parametrize("name", ["alerts", "quarantine", "audit"])
def test_cursors_that_nobody_was_given(account: Account, name: str, cursor: str) -> None:
    assert account.api.get(f"/api/v1/{name}?cursor={cursor}").status in (200, 422)


@pytest.mark.parametrize("date", ["", "x", "2026-02-30", "2026-01-01T00:00:00Z", "1767225600"])
def test_days_that_cannot_be(device: Device, date: str) -> None:
    path = f"/api/v1/people/{device.person_id}"
    device.account.api.get(f"{path}/timeline?date={date}").expect_problem(422, "date")
    reply = device.account.api.get(f"{path}/summary?from={date}&to=2026-01-01")
    reply.expect_problem(422, "from")


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("date", ["0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar(account: Account, zone: str, date: str) -> None:
    path = f"/api/v1/people/{account.person(time_zone=zone)}"
    for call in (f"{path}/timeline?date={date}", f"{path}/summary?from={date}&to={date}"):
        reply = account.api.get(call)
        assert reply.status in (200, 422), str(reply)


@pytest.mark.parametrize(
    "ident", ["nope", "%00", "%FF", "..%2f", "a" * 5000, "%F0%9F%98%80", "'--", "%25", "*"]
)
def test_ids_that_nobody_has(account: Account, ident: str) -> None:
    account.api.get(f"/api/v1/devices/{ident}").expect_problem(404)
    account.api.delete(f"/api/v1/devices/{ident}").expect_problem(404)
    account.api.patch(f"/api/v1/people/{ident}", {"name": "x"}).expect_problem(404)
    account.api.post(f"/api/v1/alerts/{ident}/acknowledge").expect_problem(404)
    account.api.delete(f"/api/v1/places/{ident}").expect_problem(404)
    account.api.delete(f"/api/v1/rules/{ident}").expect_problem(404)


def test_paths_and_methods_that_do_not_exist(account: Account) -> None:
    account.api.get("/api/v1/nothing").expect_problem(404)
    account.api.get("/nothing").expect_problem(404)
    account.api.get("/%2e%2e/etc/passwd").expect_problem(404)
    account.api.put("/api/v1/people", {}).expect_problem(405)
    account.api.delete("/api/v1/people").expect_problem(405)


def test_bounds_are_said_as_people_say_them(account: Account) -> None:
    body = {"name": "", "time_zone": "UTC"}
    problem = account.api.post("/api/v1/people", body).expect_problem(422, "name")
    assert [one["reason"] for one in problem["errors"]] == ["must not be empty"]
