"""Calendars over HTTP: kept in order, needed by rules, and what is refused."""

from typing import Any

import pytest

from domain.account import Role
from domain.calendar import MAX_CALENDARS, MAX_RANGES
from tests.support.client import Account

PATH = "/api/v1/calendars"
WINTER = {"from": "2026-12-24", "to": "2027-01-02"}
SENT = {"name": "School holidays", "days": [WINTER]}


def test_a_calendar_is_added_changed_and_removed(account: Account) -> None:
    added = account.api.post(PATH, {**SENT, "name": " School holidays "}).expect(201)
    assert (added["name"], added["days"]) == ("School holidays", [WINTER])
    path = f"{PATH}/{added['id']}"
    assert account.api.patch(path, {}).expect(200) == added
    changed = account.api.patch(path, {"name": "Holidays"}).expect(200)
    assert changed == {**added, "name": "Holidays"}
    day = {"from": "2026-10-31", "to": "2026-10-31"}
    assert account.api.patch(path, {"days": [day]}).expect(200) == {**changed, "days": [day]}
    assert [one["days"] for one in account.all(PATH)] == [[day]]
    account.api.delete(path).expect(204)
    account.api.delete(path).expect_problem(404)
    account.api.patch(path, {}).expect_problem(404)
    assert account.all(PATH) == []


def test_days_are_kept_in_order_and_what_overlaps_as_one(account: Account) -> None:
    days = [WINTER, {"from": "2026-10-26", "to": "2026-11-01"}, {**WINTER, "to": "2026-12-26"}]
    added = account.api.post(PATH, {"name": "Holidays", "days": days}).expect(201)
    assert added["days"] == [days[1], WINTER]


def test_a_calendar_that_a_rule_needs_stays(account: Account) -> None:
    calendar = account.api.post(PATH, SENT).expect(201)["id"]
    rule = account.rule({"speed_over_mps": 30}, name="Too fast", schedule={"except": calendar})
    problem = account.api.delete(f"{PATH}/{calendar}").expect_problem(409)
    assert "Too fast" in problem["detail"]
    shown = account.all("/api/v1/rules")[0]
    assert shown["schedule"]["except"] == calendar
    assert "every day except School holidays" in shown["sentence"]
    account.api.patch(f"/api/v1/rules/{rule}", {"schedule": None}).expect(200)
    account.api.delete(f"{PATH}/{calendar}").expect(204)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"days": []}, "days"),
        ({"days": [WINTER] * (MAX_RANGES + 1)}, "days"),
        ({"days": "every day"}, "days"),
        ({"days": [{"from": "2026-12-24"}]}, "days[0].to"),
        ({"days": [WINTER, {**WINTER, "why": "snow"}]}, "days[1].why"),
        ({"days": [{**WINTER, "from": "2026-02-30"}]}, "days[0]"),
        ({"days": [{**WINTER, "from": "20261224"}]}, "days[0]"),
        ({"days": [{**WINTER, "from": "2026-W52-4"}]}, "days[0]"),
        ({"days": [{**WINTER, "from": "2026-12-24T00:00:00Z"}]}, "days[0].from"),
        ({"days": [{"from": WINTER["to"], "to": WINTER["from"]}]}, "days[0]"),
        ({"days": [{"from": "2026-01-01", "to": "2027-01-02"}]}, "days[0]"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_names_the_field(account: Account, changes: Any, field: str) -> None:
    account.api.post(PATH, {**SENT, **changes}).expect_problem(422, field)
    assert account.all(PATH) == []


def test_a_change_is_checked_as_well(account: Account) -> None:
    added = account.api.post(PATH, SENT).expect(201)
    path = f"{PATH}/{added['id']}"
    account.api.patch(path, {"name": " "}).expect_problem(422, "name")
    account.api.patch(path, {"days": [{**WINTER, "to": "soon"}]}).expect_problem(422, "days[0]")
    assert account.all(PATH) == [added]


def test_there_is_a_bound(account: Account) -> None:
    for number in range(MAX_CALENDARS):
        account.api.post(PATH, {**SENT, "name": f"calendar {number}"}).expect(201)
    account.api.post(PATH, SENT).expect_problem(409)


def test_rules_do_not_know_the_calendars_of_another_account(account: Account) -> None:
    theirs = Account(account.server).api.post(PATH, SENT).expect(201)["id"]
    rule = {"name": "x", "when": {"speed_over_mps": 30}, "schedule": {"except": theirs}}
    account.api.post("/api/v1/rules", rule).expect_problem(422, "schedule.except")
    assert account.all("/api/v1/rules") == []


def test_viewers_look_and_change_nothing(account: Account) -> None:
    added = account.api.post(PATH, SENT).expect(201)
    viewer = account.user(Role.VIEWER)
    assert viewer.get(PATH).expect(200)["items"] == [added]
    viewer.post(PATH, SENT).expect_problem(403)
    viewer.patch(f"{PATH}/{added['id']}", {"name": "x"}).expect_problem(403)
    viewer.delete(f"{PATH}/{added['id']}").expect_problem(403)
    assert account.all(PATH) == [added]


def test_changes_are_in_the_audit_log(account: Account) -> None:
    calendar = account.api.post(PATH, SENT).expect(201)["id"]
    account.api.patch(f"{PATH}/{calendar}", {"name": "Holidays"}).expect(200)
    account.api.delete(f"{PATH}/{calendar}").expect(204)
    entries = [one for one in account.all("/api/v1/audit") if one["subject"] == calendar]
    actions = [(entry["action"], entry["detail"]) for entry in entries]
    assert actions == [
        ("calendar.remove", "Holidays"),
        ("calendar.change", "Holidays"),
        ("calendar.add", "School holidays"),
    ]
