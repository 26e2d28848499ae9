"""Mappings over HTTP: saved, tried out, at work, and refused with the place of each mistake."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from domain.account import Role
from tests.support.client import Account, Device, Quarantine, now
from tests.support.waiting import until

PATH = "/api/v1/mappings"
METER = {
    "rules": [
        {
            "where": "type == 'state'",
            "kind": "device_state",
            "fields": {"battery": {"path": "percent", "scale": 0.01}},
        }
    ]
}


def state(percent: Any) -> dict[str, Any]:
    return {"type": "state", "percent": percent}


def add(account: Account, definition: Any = METER, **more: Any) -> Any:
    body = {"name": "Meter", "source": "meter", "definition": definition, **more}
    return account.api.post(PATH, body).expect(201)


def tried(account: Account, sample: Any, definition: Any = METER, **more: Any) -> list[Any]:
    body = {"definition": definition, "sample": sample, **more}
    documents: list[Any] = account.api.post(f"{PATH}/try", body).expect(200)["documents"]
    return documents


def send(device: Device, *bodies: Any, source: str = "meter") -> None:
    rows = [
        {"time": now(ago_s=len(bodies) - place), "source": source, "body": body}
        for place, body in enumerate(bodies)
    ]
    device.deliver("document", *rows)


def left(device: Device, count: int) -> list[Any]:
    """The device's quarantine, once it has so many entries."""
    shelf = Quarantine(device)
    until(
        lambda: len(shelf.items()) == count, f"{count} entries", also=device.account.server.log_tail
    )
    return shelf.items()


def batteries(device: Device, count: int) -> list[float]:
    """Of the device states, once there are so many."""
    until(
        lambda: len(device.observations("device_state")) == count,
        f"{count} device states",
        also=device.account.server.log_tail,
    )
    return [one["battery"] for one in device.observations("device_state")]


def test_a_mapping_is_added_changed_and_removed(account: Account) -> None:
    added = add(account, name=" Meter ")
    path = f"{PATH}/{added['id']}"
    assert (added["name"], added["version"], added["enabled"]) == ("Meter", 1, True)
    assert account.all(PATH) == [added] == [account.api.get(path).expect(200)]
    changed = account.api.patch(path, {"name": "The meter", "version": 1}).expect(200)
    assert changed == {**added, "name": "The meter", "version": 2}
    account.api.patch(path, {"enabled": False, "version": 1}).expect_problem(409)
    assert account.api.get(path).expect(200) == changed
    account.api.delete(path).expect(204)
    for reply in (account.api.get(path), account.api.delete(path), account.api.patch(path, {})):
        reply.expect_problem(404)
    actions = [entry["action"] for entry in account.all("/api/v1/audit")]
    assert actions[:3] == ["mapping.remove", "mapping.change", "mapping.add"]


def test_of_a_source_one_mapping_is_at_work(account: Account) -> None:
    add(account)
    body = {"name": "Another", "source": "meter", "definition": METER}
    account.api.post(PATH, body).expect_problem(409)
    draft = account.api.post(PATH, {**body, "enabled": False}).expect(201)
    path = f"{PATH}/{draft['id']}"
    account.api.patch(path, {"enabled": True}).expect_problem(409)
    account.api.patch(path, {"enabled": True, "source": "other"}).expect(200)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"source": ""}, "source"),
        ({"source": "x" * 65}, "source"),
        ({"definition": {}}, "rules"),
        ({"definition": []}, "definition"),
        ({"definition": {"rules": [{"kind": "mood"}]}}, "rules[0].kind"),
        ({"definition": {"rules": METER["rules"], "note": "x"}}, "note"),
        ({"definition": "{"}, "definition"),
        ({"definition": "[1, NaN]"}, "definition"),
        ({"definition": "[" * 20_000}, "definition"),
        ({"definition": "x" * 40_000}, "definition"),
        ({"enabled": "yes"}, "enabled"),
        ({"more": 1}, "more"),
    ],
)
def test_a_mapping_that_cannot_be_names_the_field(
    account: Account, changes: Any, field: str
) -> None:
    body = {"name": "Meter", "source": "meter", "definition": METER, **changes}
    account.api.post(PATH, body).expect_problem(422, field)
    assert account.all(PATH) == []


def test_a_definition_that_is_too_long(account: Account) -> None:
    values = {f"{n:0200}": n for n in range(200)}
    fields = {"battery": {"path": "a", "values": values, "scale": 0.1}}
    rule = {"kind": "device_state", "fields": fields}
    body = {"name": "Meter", "source": "meter", "definition": {"rules": [rule]}}
    account.api.post(PATH, body).expect_problem(422, "definition")


def test_mistakes_in_a_text_have_their_lines(account: Account) -> None:
    text = '{"rules": [\n {"kind": "device_state",\n  "where": "a[?b = 1]",\n  "fields": {}}]}'
    body = {"name": "Meter", "source": "meter", "definition": text}
    problem = account.api.post(PATH, body).expect_problem(422, "rules[0].where")
    assert problem["errors"] == [
        {"field": "rules[0].where", "reason": "line 3: column 6: unknown token '='"}
    ]
    problem = account.api.post(PATH, {**body, "definition": "{\n 1}"}).expect_problem(422)
    assert problem["errors"][0]["reason"].startswith("line 2, column 2: ")
    added = account.api.post(PATH, {**body, "definition": json.dumps(METER)}).expect(201)
    assert added["definition"] == METER


def test_a_definition_is_tried_on_a_document(account: Account) -> None:
    (one,) = tried(account, {"document": state(55)})
    assert (one["outcome"], one["count"], one["errors"]) == ("mapped", 1, [])
    (made,) = one["observations"]
    assert (made["kind"], made["battery"], made["time"]) == ("device_state", 0.55, one["time"])
    (one,) = tried(account, {"document": state(155)})
    assert one["outcome"] == "failed"
    reason = {"field": "rules[0].fields.battery", "reason": "must be from 0 to 1", "element": None}
    assert one["errors"] == [reason]
    assert tried(account, {"document": None})[0]["outcome"] == "not_mapped"
    assert account.all(PATH) == [] == account.all("/api/v1/quarantine")


def test_a_trial_shows_what_is_wrong_with_each_element(account: Account) -> None:
    rule = {**METER["rules"][0], "each": "many"}
    document = {"type": "state", "many": [state(5), state("x"), {}, state(101), state(6)]}
    (one,) = tried(account, {"document": document}, {"rules": [rule]})
    assert one["outcome"] == "failed"
    assert [error["element"] for error in one["errors"]] == [1, 3]
    assert [made.get("battery") for made in one["observations"]] == [0.05, None, 0.06]


def test_a_definition_is_tried_on_what_a_device_sent_and_on_what_stands_in_quarantine(
    account: Account,
) -> None:
    device = account.enrolled()
    add(account)
    send(device, state(1), {"type": "song"}, state(2), state(3))
    send(device, {"type": "fridge"}, source="fridge")
    (item,) = left(device, 1)
    assert (item["reason"], item["source"], item["replayable"]) == ("not_mapped", "meter", True)
    latest = tried(account, {"device": device.id, "latest": 3}, source="meter")
    assert [one["outcome"] for one in latest] == ["not_mapped", "mapped", "mapped"]
    assert [one["document"] for one in latest] == [{"type": "song"}, state(2), state(3)]
    until(lambda: len(tried(account, {"device": device.id})) == 5, "the fridge is there, too")
    song = {"rules": [{"where": "type == 'song'", "ignore": True}]}
    (one,) = tried(account, {"quarantined": item["id"]}, song)
    assert (one["outcome"], one["source"]) == ("ignored", "meter")


@pytest.mark.parametrize(
    ("sample", "field"),
    [
        ({}, "sample"),
        ({"document": 1, "device": "x"}, "sample"),
        ({"device": "x", "latest": 0}, "sample.latest"),
        ({"device": "x", "latest": 21}, "sample.latest"),
        ({"document": "x" * 66_000}, "sample.document"),
        (None, "sample"),
    ],
)
def test_samples_that_cannot_be(account: Account, sample: Any, field: str) -> None:
    body = {"definition": METER, "sample": sample}
    account.api.post(f"{PATH}/try", body).expect_problem(422, field)


def test_a_trial_of_another_account_finds_nothing(account: Account) -> None:
    other = Account(account.server)
    device = other.enrolled()
    add(other)
    send(device, {"type": "song"})
    (item,) = left(device, 1)
    for sample in ({"device": device.id}, {"quarantined": item["id"]}):
        body = {"definition": METER, "sample": sample}
        account.api.post(f"{PATH}/try", body).expect_problem(404)


def test_another_account_s_mapping_reads_no_documents_of_ours(account: Account) -> None:
    add(Account(account.server))
    device = account.enrolled()
    send(device, state(50))
    account.server.settled()
    assert len(device.observations("document")) == 1
    assert device.observations("device_state") == []


def test_a_viewer_tries_nothing(account: Account) -> None:
    viewer = account.user(Role.VIEWER)
    body = {"definition": METER, "sample": {"document": 1}}
    viewer.post(f"{PATH}/try", body).expect_problem(403)


def test_documents_become_observations_and_are_judged(account: Account) -> None:
    device = account.enrolled()
    account.rule({"battery_below": 0.15})
    add(account)
    send(device, state(50), state(10))
    assert batteries(device, 2) == [0.5, 0.1]
    assert device.latest("device_state")["battery"] == 0.1
    assert len(until(account.alerts, "there is an alert")) == 1
    assert len(device.observations("document")) == 2


def test_what_is_not_consented_to_is_not_made(account: Account) -> None:
    device = account.enrolled(kinds=["document", "call"])
    add(account)
    counted = account.server.counted("refused_observations", "no_consent")
    send(device, state(50))
    account.server.settled()
    assert account.server.counted("refused_observations", "no_consent") == counted + 1
    assert device.observations("device_state") == [] == Quarantine(device).items()


def replay(account: Account, body: Any = None) -> str:
    """The whole shelf; what the job says at its end."""
    job = account.api.post("/api/v1/quarantine/replay", body).expect(202)["id"]

    def done() -> Any:
        found = account.api.get(f"/api/v1/jobs/{job}").expect(200)
        return found if found["state"] == "done" else None

    detail: str = until(done, "the job is done", also=account.server.log_tail)["detail"]
    account.server.settled()
    return detail


def mended(account: Account, mapping: Any, values: Sequence[str]) -> None:
    battery = {"path": "percent", "values": dict.fromkeys(values, 0.5)}
    rule = {**METER["rules"][0], "fields": {"battery": battery}}
    path = f"{PATH}/{mapping['id']}"
    account.api.patch(path, {"definition": {"rules": [rule]}}).expect(200)


def test_one_entry_is_read_again_when_its_mapping_is_mended(account: Account) -> None:
    device = account.enrolled()
    mapping = add(account)
    send(device, state("half"))
    (item,) = left(device, 1)
    assert (item["reason"], item["field"]) == ("mapping_failed", "rules[0].fields.battery")
    path = f"/api/v1/quarantine/{item['id']}/replay"
    account.api.post(path).expect(204)
    account.server.settled()
    (once_more,) = left(device, 1)
    assert once_more["id"] != item["id"]
    assert {**once_more, "id": item["id"]} == item
    account.api.post(path).expect_problem(404)
    mended(account, mapping, ["half"])
    account.api.post(f"/api/v1/quarantine/{once_more['id']}/replay").expect(204)
    assert batteries(device, 1) == [0.5]
    assert left(device, 0) == []
    assert len(device.observations("document")) == 1, "it was kept before, and once"


def test_the_whole_shelf_is_read_again_and_what_fails_stays(account: Account) -> None:
    device = account.enrolled()
    mapping = add(account)
    send(device, state("half"), state(5))
    send(device, state("full"))
    left(device, 2)
    mended(account, mapping, ["half"])
    assert replay(account, {}) == "2 of 2 entries are processed again"
    assert batteries(device, 2) == [0.5, 0.05]
    (item,) = left(device, 1)
    (one,) = tried(account, {"quarantined": item["id"]})
    assert one["outcome"] == "failed"
    assert len(device.observations("document")) == 3


def test_one_source_is_read_again_alone(account: Account) -> None:
    device = account.enrolled()
    meter, other = add(account), add(account, source="other")
    send(device, state("half"))
    send(device, state("half"), source="other")
    left(device, 2)
    for mapping in (meter, other):
        mended(account, mapping, ["half"])
    assert replay(account, {"source": "meter"}) == "1 of 1 entries are processed again"
    assert len(batteries(device, 1)) == 1
    assert [item["source"] for item in left(device, 1)] == ["other"]
    account.api.post("/api/v1/quarantine/replay", {"source": ""}).expect_problem(422, "source")


def test_a_mapping_that_was_removed_loses_nothing(account: Account) -> None:
    device = account.enrolled()
    mapping = add(account)
    send(device, state("half"))
    left(device, 1)
    account.api.delete(f"{PATH}/{mapping['id']}").expect(204)
    replay(account)
    (item,) = left(device, 1)
    assert (item["reason"], item["source"]) == ("not_mapped", "meter")
