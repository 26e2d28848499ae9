"""What a rule may not be, over HTTP: every field with its reason, and nothing is ever a failure."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from adapters.inbound.cli.serving import opened
from adapters.inbound.http.app import dashboard
from adapters.inbound.http.services import HttpSettings
from application.use_cases.manage_rules import MAX_CONDITIONS
from bootstrap import embedded
from domain.rules.checks import MAX_HOLD_S
from domain.rules.parsing import CONDITION_NAMES
from tests.support.client import Account

FAST = {"speed_over_mps": 30}
WORD = {"keyword": {"words": ["a"]}}
VIDEO = {"category": "video", "per_day_s": 3_600}


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"name": ""}, "name", "not be empty"),
        ({"name": "x" * 201}, "name", "at most 200 characters"),
        ({"when": 3}, "when", "object"),
        ({"when": {}}, "when", "exactly one condition"),
        ({"when": {"near": "a"}}, "when.near", "known are inside, outside"),
        ({"when": {"inside": 3}}, "when.inside", "id of a place"),
        ({"when": {"enters": "nowhere"}}, "when", "there is no place nowhere"),
        ({"when": {"dwells": {"place": "a"}}}, "when.dwells.for_s", "missing"),
        ({"when": {"speed_over_mps": "fast"}}, "when.speed_over_mps", "number"),
        ({"when": {"speed_over_mps": 1e9}}, "when.speed_over_mps", "between 0 and 1000"),
        ({"when": {"battery_below": 15}}, "when.battery_below", "between 0.001 and 1"),
        ({"when": {"charging": "yes"}}, "when.charging", "true or false"),
        ({"when": {"presence": "asleep"}}, "when.presence", "one of active, away, locked"),
        ({"when": {"silent_for_s": 1}}, "when.silent_for_s", "between 60"),
        ({"when": {"uses": {"category": "unicorns"}}}, "when", "no category unicorns"),
        ({"when": {"uses": {"game": "chess"}}}, "when.uses.game", "not known here"),
        (
            {"when": {"used_over": {**VIDEO, "per_day_s": 1}}},
            "when.used_over.per_day_s",
            "between 60",
        ),
        (
            {"when": {"used_over": {**VIDEO, "warn_at_s": [3_600]}}},
            "when.used_over.warn_at_s",
            "less than the whole",
        ),
        ({"when": {"keyword": {"words": []}}}, "when.keyword.words", "list of 1"),
        ({"when": {"communicates": {}}}, "when.communicates.with", "missing"),
        (
            {"when": {"traffic_over": {"bytes": 1, "per": "week"}}},
            "when.traffic_over.per",
            "one of day, month",
        ),
        (
            {"when": {"expression": "location.speed_mps > 'fast'"}},
            "when.expression",
            "column 20",
        ),
        ({"when": {"expression": "location.speed_mps"}}, "when.expression", "true or false"),
        ({"when": {"expression": "1 == 1"}}, "when.expression", "one kind"),
        ({"when": {"all": [FAST]}}, "when.all", "list of 2"),
        ({"when": {"all": [WORD, WORD]}}, "when.all", "same moment"),
        ({"when": {"any": [WORD, FAST]}}, "when.any", "two rules"),
        ({"when": {"not": WORD}}, "when.not", "at a moment"),
        ({"hold_s": -1}, "hold_s", "between 0"),
        ({"hold_s": MAX_HOLD_S + 1}, "hold_s", "between 0"),
        ({"when": WORD, "hold_s": 60}, "hold_s", "does not last"),
        ({"clear_s": -1}, "clear_s", "between 0"),
        ({"when": {"silent_for_s": 60}, "clear_s": 60}, "clear_s", "does not last"),
        ({"cooldown_s": -1}, "cooldown_s", "between 0"),
        ({"schedule": {"days": []}}, "schedule.days", "not be empty"),
        ({"schedule": {"from": "25:00"}}, "schedule.from", "matching regex"),
        ({"schedule": {"except": "none"}}, "schedule.except", "there is no calendar none"),
        ({"severity": "dire"}, "severity", "dire"),
        ({"channels": ["pigeon"]}, "channels", "there is no channel pigeon"),
        ({"scope": {"people": ["nobody"]}}, "scope.people", "there is no person nobody"),
        ({"scope": {"devices": ["none"]}}, "scope.devices", "there is no device none"),
        ({"enabled": "maybe"}, "enabled", "bool"),
        ({"also_now": "maybe"}, "also_now", "bool"),
        ({"colour": "red"}, "colour", "not known"),
    ],
)
def test_a_refusal_names_the_field_and_says_why(
    account: Account, changes: dict[str, Any], field: str, reason: str
) -> None:
    body = {"name": "a rule", "when": FAST, **changes}
    for path in ("/api/v1/rules", "/api/v1/rules/check"):
        problem = account.api.post(path, body).expect_problem(422, field)
        (error,) = [one for one in problem["errors"] if one["field"] == field]
        assert reason in error["reason"]
    assert account.all("/api/v1/rules") == []


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    """The dashboard API in this process, and its owner signed in."""
    container = embedded(tmp_path_factory.mktemp("rules"))
    services = container.application().services
    app = dashboard(services, HttpSettings("http://127.0.0.1", "0"))
    with (
        TestClient(app) as client,
        client.portal() as portal,
        portal.wrap_async_context_manager(opened(container, alone=True)),
    ):
        created = portal.call(container.application().create_account, "Novak", "a@example.org")
        client.headers["authorization"] = f"Bearer {created.api_token}"
        yield client


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
arguments = json_values | st.fixed_dictionaries(
    {},
    optional={
        "place": json_values,
        "for_s": json_values,
        "category": st.just("video") | json_values,
        "per_day_s": json_values,
        "words": st.lists(st.text(max_size=3)) | json_values,
        "with": json_values,
        "bytes": json_values,
        "per": json_values,
    },
)
conditions = st.recursive(
    st.dictionaries(st.sampled_from(CONDITION_NAMES), arguments, min_size=1, max_size=1),
    lambda inner: (
        st.fixed_dictionaries({"all": st.lists(inner, min_size=2, max_size=3)})
        | st.fixed_dictionaries({"any": st.lists(inner, min_size=2, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
        | st.fixed_dictionaries(
            {"expression": st.text("locatin.speed_mps><=10 &|'\"()", max_size=60)}
        )
    ),
    max_leaves=4,
)
FIELDS = ("hold_s", "clear_s", "cooldown_s", "schedule", "scope", "channels", "severity")
rules = st.fixed_dictionaries(
    {"name": st.text(max_size=20) | json_values, "when": conditions | json_values},
    optional=dict.fromkeys(FIELDS, json_values),
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(rules | json_values)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_body_is_ever_a_failure(client: TestClient[Litestar], body: Any) -> None:
    content = _json(body)
    headers = {"content-type": "application/json"}
    checked = client.post("/api/v1/rules/check", content=content, headers=headers)
    made = client.post("/api/v1/rules", content=content, headers=headers)
    assert (checked.status_code, made.status_code) in ((200, 201), (400, 400), (422, 422))
    if made.status_code == 201:
        client.delete(f"/api/v1/rules/{made.json()['id']}").raise_for_status()
    elif made.status_code == 422:
        assert all(one["reason"] for one in made.json()["errors"])


def _json(body: Any) -> bytes:
    """As programs write it that do not know that JSON has no infinity."""
    return json.dumps(body).encode("utf-8", "surrogatepass")


def test_all_rules_together_are_bounded(account: Account) -> None:
    ten = {"any": [{"speed_over_mps": number + 1} for number in range(10)]}
    large = {"name": "a rule", "when": {"all": [ten, ten]}}
    for _ in range(MAX_CONDITIONS // 20):
        rule = account.api.post("/api/v1/rules", large).expect(201)["id"]
    one_more = {"name": "a rule", "when": FAST}
    problem = account.api.post("/api/v1/rules", one_more).expect_problem(409)
    assert "1500 conditions at most" in problem["detail"]
    warned = {"used_over": {"app": "a", "per_day_s": 3_600, "warn_at_s": [60, 120]}}
    account.api.patch(f"/api/v1/rules/{rule}", {"when": warned}).expect(200)
    account.api.post("/api/v1/rules", one_more).expect(201)
