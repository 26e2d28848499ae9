"""Accounts never see each other, whatever id or cursor is tried."""

import base64

import pytest

from domain.account import Role
from tests.http.world import ASKS, CALLS, NOT_OF_AN_ACCOUNT, World, operations
from tests.support.client import Account, fix, upload
from tests.support.server import Server

WITH_IDS = [operation for operation in CALLS if "_id}" in operation]
CHANGES = [operation for operation in CALLS if not operation.startswith(ASKS)]


@pytest.fixture(scope="module")
def world(server: Server) -> World:
    """Seen from outside only: no test of this module changes it."""
    return World.of(Account(server))


@pytest.fixture(scope="module")
def stranger(server: Server) -> World:
    """Another account with one of everything."""
    return World.of(Account(server))


def test_every_operation_is_tried(server: Server) -> None:
    document = server.http().get("/api/v1/openapi.json").expect(200)
    assert operations(document) - NOT_OF_AN_ACCOUNT == set(CALLS)


@pytest.mark.parametrize("operation", WITH_IDS)
def test_ids_of_another_account_are_not_found(
    world: World, stranger: World, operation: str
) -> None:
    before = world.seen()
    world.call(stranger.account.api, operation).expect_problem(404)
    assert world.seen() == before


def test_each_of_these_calls_is_granted_to_the_owner(account: Account) -> None:
    """Else a refusal above might be for another reason."""
    world = World.of(account)
    for operation in CALLS:
        if operation == "DELETE /api/v1/places/{place_id}":
            for rule in account.all("/api/v1/rules"):
                account.api.delete(f"/api/v1/rules/{rule['id']}").expect(204)
        reply = world.call(account.api, operation)
        assert reply.status in (200, 201, 202, 204), f"{operation}: {reply}"


@pytest.mark.parametrize(
    ("method", "path", "changes", "field"),
    [
        ("POST", "/api/v1/devices", {"person_id": "person_id", "name": "x"}, "person_id"),
        ("PATCH", "/api/v1/devices/{device_id}", {"person_id": "person_id"}, "person_id"),
        ("POST", "/api/v1/contacts", {"person_id": "person_id", "name": "x"}, "person_id"),
        ("PATCH", "/api/v1/contacts/{contact_id}", {"person_id": "person_id"}, "person_id"),
        ("POST", "/api/v1/rules", {"when": {"inside": "place_id"}, "name": "x"}, "when"),
        ("PATCH", "/api/v1/rules/{rule_id}", {"when": {"inside": "place_id"}}, "when"),
        ("POST", "/api/v1/rules/check", {"when": {"inside": "place_id"}, "name": "x"}, "when"),
        ("PATCH", "/api/v1/rules/{rule_id}", {"scope": {"people": ["person_id"]}}, "scope.people"),
        (
            "PATCH",
            "/api/v1/rules/{rule_id}",
            {"scope": {"devices": ["device_id"]}},
            "scope.devices",
        ),
    ],
)
def test_ids_of_another_account_in_a_body_name_the_field(
    world: World, stranger: World, method: str, path: str, changes: dict[str, object], field: str
) -> None:
    def theirs(value: object) -> object:
        if isinstance(value, dict):
            return {name: theirs(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [theirs(inner) for inner in value]
        return world.ids.get(str(value), value)

    own = path.format_map(stranger.ids)
    before = stranger.seen()
    reply = stranger.account.api.call(method, own, theirs(changes))
    reply.expect_problem(422, field)
    assert stranger.seen() == before


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/people/{own_person}/consents/{consent_id}",
        "/api/v1/people/{person_id}/consents/{own_consent}",
        "/api/v1/devices/{own_device}/tokens/{token_id}",
        "/api/v1/devices/{device_id}/tokens/{own_token}",
    ],
)
def test_half_of_an_address_is_not_enough(world: World, stranger: World, path: str) -> None:
    own = {
        f"own_{name}": stranger.ids[f"{name}_id"]
        for name in ("person", "consent", "device", "token")
    }
    before = (world.seen(), stranger.seen())
    stranger.account.api.delete(path.format_map({**world.ids, **own})).expect_problem(404)
    assert (world.seen(), stranger.seen()) == before


def test_lists_hold_nothing_of_another_account(world: World, stranger: World) -> None:
    for operation in CALLS:
        if operation.startswith("GET") and "{" not in operation:
            body = world.call(stranger.account.api, operation).body.decode()
            for name, ident in world.ids.items():
                assert name == "kind" or ident not in body, f"{operation} shows {name}"
            assert world.account.email not in body


def test_a_cursor_of_another_account_leads_nowhere(world: World, stranger: World) -> None:
    for name in ("audit", "alerts", "quarantine"):
        page = world.account.api.get(f"/api/v1/{name}", limit=1).expect(200)
        cursor = page["next_cursor"] or page["items"][0]["id"]
        theirs = stranger.account.api.get(f"/api/v1/{name}", cursor=cursor).expect(200)["items"]
        own = {item["id"] for item in stranger.account.all(f"/api/v1/{name}")}
        assert {item["id"] for item in theirs} <= own


def test_a_device_cannot_speak_for_another(world: World, stranger: World) -> None:
    before = world.seen()
    agent = stranger.device.agent
    request = world.ids["request_id"]
    body = upload("location", 1_000, fix(1, 2))
    agent.post(f"/agent/v1/pull-requests/{request}/batches", body).expect_problem(404)
    agent.post(f"/agent/v1/pull-requests/{request}/failure", {"reason": "x"}).expect_problem(404)
    token = stranger.device.token("owntracks")
    secret = base64.b64encode(f"{world.device.id}:{token}".encode()).decode()
    own_tracks = agent.again(authorization=f"Basic {secret}")
    own_tracks.post("/agent/owntracks", {"_type": "location", "tst": 1}).expect_problem(401)
    assert world.seen() == before


@pytest.mark.parametrize("operation", CALLS)
def test_nobody_is_answered_without_signing_in(world: World, operation: str) -> None:
    world.call(world.account.server.http(), operation).expect_problem(401)
    nobody = world.account.server.http(authorization="Bearer nobody")
    world.call(nobody, operation).expect_problem(401)


def test_a_viewer_looks_at_everything_and_changes_nothing(world: World) -> None:
    viewer = world.account.user(Role.VIEWER)
    before = world.seen()
    for operation in CALLS:
        reply = world.call(viewer, operation)
        if operation in CHANGES:
            reply.expect_problem(403)
        else:
            reply.expect(200)
    assert world.seen() == before


def test_a_manager_may_change_things(world: World, account: Account) -> None:
    manager = account.user(Role.MANAGER)
    manager.post("/api/v1/people", {"name": "Ana"}).expect(201)


def test_an_agent_and_a_person_do_not_share_credentials(world: World) -> None:
    device_credential = world.account.server.http(authorization=f"Bearer {world.device.credential}")
    device_credential.get("/api/v1/devices").expect_problem(401)
    world.account.api.post("/agent/v1/batches", {"batches": []}).expect_problem(401)
