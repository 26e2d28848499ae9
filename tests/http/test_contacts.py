"""Contacts over HTTP: one by one, many at once, and what is refused."""

from typing import Any

import pytest

from domain.account import Role
from tests.support.client import Account

PATH = "/api/v1/contacts"


def names(account: Account, **query: Any) -> list[str]:
    return sorted(contact["name"] for contact in account.all(PATH, **query))


def test_a_contact_is_added_changed_and_removed(account: Account) -> None:
    person = account.person()
    sent = {"name": " Luka ", "addresses": ["+386 1 234", "+386-1-234", "luka@example.org"]}
    added = account.api.post(PATH, sent).expect(201)
    assert added["name"] == "Luka"
    assert added["addresses"] == ["+386 1 234", "luka@example.org"]
    assert added["person_id"] is None
    path = f"{PATH}/{added['id']}"
    changed = account.api.patch(path, {"person_id": person}).expect(200)
    assert changed == {**added, "person_id": person}
    changed = account.api.patch(path, {"name": "Luka K.", "addresses": []}).expect(200)
    assert changed == {**added, "person_id": person, "name": "Luka K.", "addresses": []}
    assert account.all(PATH) == [changed]
    assert account.api.patch(path, {"person_id": None}).expect(200)["person_id"] is None
    account.api.delete(path).expect(204)
    account.api.delete(path).expect_problem(404)
    account.api.patch(path, {}).expect_problem(404)
    assert account.all(PATH) == []


def test_a_person_has_her_own_contacts_and_those_of_everybody(account: Account) -> None:
    ana, bor = account.person(name="Ana"), account.person(name="Bor")
    account.api.post(PATH, {"name": "Doctor"}).expect(201)
    account.api.post(PATH, {"name": "Friend", "person_id": ana}).expect(201)
    assert names(account) == ["Doctor", "Friend"]
    assert names(account, person_id=ana) == ["Doctor", "Friend"]
    assert names(account, person_id=bor) == ["Doctor"]
    account.api.get(PATH, person_id="nobody").expect_problem(404)


def test_an_address_book_is_imported_once_however_often(account: Account) -> None:
    person = account.person()
    account.api.post(PATH, {"name": "Luka", "addresses": ["1234"]}).expect(201)
    book = {
        "contacts": [
            {"name": "LUKA", "addresses": ["12 34", "5678"]},
            {"name": "Luka", "person_id": person},
            {"name": "Eva", "addresses": ["eva@example.org"]},
            {"name": "eva", "addresses": ["EVA@example.org", "eva@example.com"]},
        ]
    }
    assert account.api.post(f"{PATH}/import", book).expect(200) == {"added": 2, "changed": 1}
    found = {(one["name"], one["person_id"]): one["addresses"] for one in account.all(PATH)}
    assert found == {
        ("Luka", None): ["1234", "5678"],
        ("Luka", person): [],
        ("Eva", None): ["eva@example.org", "eva@example.com"],
    }
    assert account.api.post(f"{PATH}/import", book).expect(200) == {"added": 0, "changed": 0}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "addresses": ["y", " "]}, "addresses[1]"),
        ({"name": "x", "addresses": ["y" * 257]}, "addresses[0]"),
        ({"name": "x", "addresses": [str(n) for n in range(21)]}, "addresses"),
        ({"name": "x", "person_id": "nobody"}, "person_id"),
        ({"name": "x", "birthday": "today"}, "birthday"),
    ],
)
def test_what_cannot_be_names_the_field(account: Account, sent: Any, field: str) -> None:
    account.api.post(PATH, sent).expect_problem(422, field)
    book = {"contacts": [{"name": "Eva"}, sent]}
    account.api.post(f"{PATH}/import", book).expect_problem(422, f"contacts[1].{field}")
    assert account.all(PATH) == []


def test_there_is_a_bound(account: Account) -> None:
    many = [{"name": f"contact {number}"} for number in range(2_000)]
    import_path = f"{PATH}/import"
    account.api.post(import_path, {"contacts": [*many, {"name": "x"}]}).expect_problem(
        422, "contacts"
    )
    account.api.post(import_path, {"contacts": many}).expect(200)
    account.api.post(import_path, {"contacts": [{"name": "x"}]}).expect_problem(409)
    account.api.post(PATH, {"name": "x"}).expect_problem(409)


def test_viewers_look_and_change_nothing(account: Account) -> None:
    contact = account.api.post(PATH, {"name": "Eva"}).expect(201)["id"]
    viewer = account.user(Role.VIEWER)
    assert viewer.get(PATH).expect(200)["items"]
    viewer.post(PATH, {"name": "x"}).expect_problem(403)
    viewer.post(f"{PATH}/import", {"contacts": [{"name": "x"}]}).expect_problem(403)
    viewer.patch(f"{PATH}/{contact}", {"name": "x"}).expect_problem(403)
    viewer.delete(f"{PATH}/{contact}").expect_problem(403)


def test_changes_are_in_the_audit_log(account: Account) -> None:
    contact = account.api.post(PATH, {"name": "Eva"}).expect(201)["id"]
    account.api.patch(f"{PATH}/{contact}", {"name": "Eve"}).expect(200)
    account.api.post(f"{PATH}/import", {"contacts": [{"name": "Eve"}]}).expect(200)
    account.api.delete(f"{PATH}/{contact}").expect(204)
    actions = [entry["action"] for entry in account.all("/api/v1/audit")]
    expected = ["contact.remove", "contact.import", "contact.change", "contact.add"]
    assert actions[:4] == expected
