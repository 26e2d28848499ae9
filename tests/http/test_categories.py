"""Categories over HTTP: the defaults, an account's own, and what is refused."""

from typing import Any

import pytest

from domain.account import Role
from tests.support.client import Account

PATH = "/api/v1/categories"
CHESS = {"name": "chess", "apps": ["*chess*"], "sites": ["lichess.org"]}


def body(version: int, *categories: dict[str, Any]) -> dict[str, Any]:
    return {"version": version, "categories": list(categories)}


def tried(account: Account, **asked: Any) -> Any:
    return account.api.post(f"{PATH}/try", asked).expect(200)


def test_an_account_starts_with_the_defaults(account: Account) -> None:
    found = account.api.get(PATH).expect(200)
    assert found["version"] == 0
    assert found["changed_at"] is None
    names = [category["name"] for category in found["categories"]]
    assert {"social", "video", "games", "learning", "messaging", "shopping", "adult"} <= set(names)
    assert tried(account, apps=["com.netflix.mediaclient", "x"], sites=["https://m.youtube.com/"])
    assert tried(account, apps=["com.netflix.mediaclient", "x"], sites=["m.youtube.com"]) == {
        "apps": {"com.netflix.mediaclient": "video", "x": None},
        "sites": {"m.youtube.com": "video"},
    }


def test_a_set_takes_the_place_of_the_defaults_until_it_is_taken_back(account: Account) -> None:
    saved = account.api.put(PATH, body(0, CHESS)).expect(200)
    assert saved["version"] == 1
    assert saved["changed_at"]
    assert saved["categories"] == [CHESS]
    assert account.api.get(PATH).expect(200) == saved
    assert tried(account, apps=["My Chess"], sites=["youtube.com"]) == {
        "apps": {"My Chess": "chess"},
        "sites": {"youtube.com": None},
    }
    account.api.delete(PATH).expect(204)
    after = account.api.get(PATH).expect(200)
    assert after["version"] == 2
    assert len(after["categories"]) > 5


def test_whoever_comes_second_is_told(account: Account) -> None:
    account.api.put(PATH, body(0, CHESS)).expect(200)
    account.api.put(PATH, body(0, {"name": "late"})).expect_problem(409)
    assert account.api.get(PATH).expect(200)["categories"] == [CHESS]
    account.api.delete(PATH).expect(204)
    account.api.put(PATH, body(1, {"name": "later"})).expect_problem(409)
    account.api.put(PATH, body(2, {"name": "again"})).expect(200)


def test_a_set_is_tried_before_it_is_saved(account: Account) -> None:
    found = tried(account, sites=["https://en.lichess.org/x", "nonsense?"], categories=[CHESS])
    assert found["sites"] == {"https://en.lichess.org/x": "chess", "nonsense?": None}
    assert account.api.get(PATH).expect(200)["version"] == 0


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"categories": [CHESS]}, "version"),
        (body(-1, CHESS), "version"),
        (body(0), "categories"),
        (body(0, *[{"name": f"c{number}"} for number in range(51)]), "categories"),
        (body(0, {"name": ""}), "categories[0].name"),
        (body(0, {"name": "  "}), "categories[0].name"),
        (body(0, CHESS, {"name": "Chess"}), "categories[1].name"),
        (body(0, {"name": "x", "apps": ["*"]}), "categories[0].apps[0]"),
        (body(0, {"name": "x", "sites": ["a.example", "co.uk"]}), "categories[0].sites[1]"),
        (body(0, {"name": "x", "apps": ["a" * 129]}), "categories[0].apps[0]"),
        (body(0, {"name": "x", "colour": "red"}), "categories[0].colour"),
    ],
)
def test_what_cannot_work_names_the_field(account: Account, sent: Any, field: str) -> None:
    account.api.put(PATH, sent).expect_problem(422, field)
    assert account.api.get(PATH).expect(200)["version"] == 0


def test_viewers_look_and_change_nothing(account: Account) -> None:
    viewer = account.user(Role.VIEWER)
    viewer.get(PATH).expect(200)
    viewer.post(f"{PATH}/try", {"apps": ["x"]}).expect(200)
    viewer.put(PATH, body(0, CHESS)).expect_problem(403)
    viewer.delete(PATH).expect_problem(403)


def test_another_account_keeps_its_own(account: Account, other: Account) -> None:
    account.api.put(PATH, body(0, CHESS)).expect(200)
    assert other.api.get(PATH).expect(200)["version"] == 0
    assert tried(other, apps=["com.netflix.mediaclient"])["apps"] == {
        "com.netflix.mediaclient": "video"
    }


def test_changes_are_in_the_audit_log(account: Account) -> None:
    account.api.put(PATH, body(0, CHESS)).expect(200)
    account.api.delete(PATH).expect(204)
    actions = [entry["action"] for entry in account.all("/api/v1/audit")]
    assert actions[:2] == ["categories.reset", "categories.change"]


def test_a_rule_may_name_the_defaults_again_after_a_reset(account: Account) -> None:
    version = account.api.get("/api/v1/categories").expect(200)["version"]
    own = {"version": version, "categories": [{"name": "chess", "apps": ["chess*"]}]}
    account.api.put("/api/v1/categories", own).expect(200)
    rule = {"name": "x", "when": {"uses": {"category": "video"}}}
    account.api.post("/api/v1/rules", rule).expect_problem(422)
    account.api.delete("/api/v1/categories")
    account.api.post("/api/v1/rules", rule).expect(201)


def test_what_a_rule_needs_stays(account: Account) -> None:
    account.api.put(PATH, body(0, CHESS)).expect(200)
    rule = {"name": "Chess again", "when": {"uses": {"category": "chess"}}}
    account.api.post("/api/v1/rules", rule).expect(201)
    without = {"name": "go", "apps": ["go*"]}
    for refused in (account.api.put(PATH, body(1, without)), account.api.delete(PATH)):
        problem = refused.expect_problem(409)
        assert "“Chess again” needs the category “chess”" in problem["detail"]
    assert account.api.get(PATH).expect(200)["version"] == 1
