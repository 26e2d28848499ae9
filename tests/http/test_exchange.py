"""Communications and traffic over HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.client import Account, Device

DAY = date.today() - timedelta(days=2)
BEFORE = DAY - timedelta(days=60)


def message(day: date, counterpart: str, direction: str = "received") -> dict[str, Any]:
    fields = {"direction": direction, "channel": "sms", "counterpart": counterpart}
    return {"time": f"{day}T10:00:00Z", **fields}


def counted(day: date, sent: int, **more: Any) -> dict[str, Any]:
    fields = {"interface": "wifi", "sent_bytes": sent, "received_bytes": 2 * sent}
    return {"time": f"{day}T10:00:00Z", **fields, **more}


def looked(device: Device, what: str, **query: Any) -> Any:
    device.account.server.settled()
    path = f"/api/v1/people/{device.person_id}/{what}"
    return device.account.api.get(path, **query).expect(200)


def test_communications_know_contacts_and_strangers(account: Account) -> None:
    device = account.enrolled()
    account.api.post("/api/v1/contacts", {"name": "Eva", "addresses": ["+386 1"]}).expect(201)
    device.deliver("message", message(BEFORE, "+386-1"))
    device.deliver("message", message(DAY, "+3861", "sent"), message(DAY, "666"))
    found = looked(device, "communications", from_=DAY, to=DAY)
    assert (found["count"], found["counterparts"], found["strangers"]) == (2, 2, 1)
    by_name = {item["name"]: item for item in found["items"]}
    assert by_name["Eva"]["first_ever"] == f"{BEFORE}T10:00:00Z"
    assert not by_name["Eva"]["new"]
    assert by_name[None]["new"] and by_name[None]["stranger"]
    assert by_name[None]["addresses"] == ["666"]
    assert by_name[None]["hours"][10] == 1


def test_traffic_by_day_and_month(account: Account) -> None:
    device = account.enrolled()
    device.deliver("traffic", counted(DAY, 1), counted(DAY - timedelta(days=1), 10, app="chat"))
    days = looked(device, "traffic", from_=DAY - timedelta(days=1), to=DAY)
    assert [item["sent_bytes"] for item in days["items"]] == [10, 1]
    assert days["total"]["received_bytes"] == 22
    assert [app["app"] for app in days["total"]["apps"]] == ["chat", None]
    months = looked(device, "traffic", from_=DAY - timedelta(days=300), to=DAY, by="month")
    assert months["total"] == days["total"]
    assert 10 <= len(months["items"]) <= 11


@pytest.mark.parametrize(
    ("what", "query", "field"),
    [
        ("communications", {"from_": DAY, "to": BEFORE}, "to"),
        ("communications", {"from_": DAY - timedelta(days=400), "to": DAY}, "to"),
        ("communications", {"from_": "9999-12-31", "to": "9999-12-31"}, "from"),
        ("traffic", {"from_": DAY, "to": BEFORE}, "to"),
        ("traffic", {"from_": DAY - timedelta(days=92), "to": DAY}, "to"),
        ("traffic", {"from_": DAY, "to": DAY, "by": "week"}, "by"),
        ("traffic", {"from_": "yesterday", "to": DAY}, "from"),
    ],
)
def test_what_cannot_be_asked(
    account: Account, what: str, query: dict[str, Any], field: str
) -> None:
    path = f"/api/v1/people/{account.person()}/{what}"
    account.api.get(path, **query).expect_problem(422, field)
