"""Simulated agents do as the platform says: policies, requests, receipts, revocations."""

from typing import Any

from tests.simulation.family import Demo, ms
from tests.simulation.worlds import NOON_MS


def test_a_revoked_device_falls_silent_and_the_others_go_on(family: Demo) -> None:
    family.populate()
    family.platform.revoke("Tomo's phone")
    before = len(family.times("Tomo's phone"))
    family.live(3)
    assert len(family.times("Tomo's phone")) == before
    assert ms(family.times("Neli's phone")[-1]) > NOON_MS


def test_a_request_for_data_is_answered_completely_and_once(family: Demo) -> None:
    family.populate()
    name = "Tomo's phone"
    device_id = family.platform.device(name)["id"]
    before = set(family.times(name))
    for number in range(2):
        request = _request(f"r{number}", "location", "2026-06-02T04:00:00Z", "2026-06-02T16:00:00Z")
        family.platform.pull_requests[device_id] = [request]
        family.live(1)
        assert family.platform.pull_requests[device_id] == []
        assert family.platform.calls[f"/agent/v1/pull-requests/r{number}/batches"] == 1
    times = family.times(name)
    assert len(times) == len(set(times))
    answered = {time for time in times if time.startswith("2026-06-02")} - before
    assert len(answered) > 50


def test_only_kinds_of_the_policy_are_sent(family: Demo) -> None:
    family.platform.policy = {"version": 3, "kinds": {"location": {"interval_s": 5}}}
    family.populate()
    assert {kind for _, kind in family.platform.kept} == {"location"}


def test_refusals_are_counted_by_reason_and_not_repeated(family: Demo) -> None:
    family.platform.refused_kinds = {"message"}
    counts = family.populate()
    assert counts.reasons["no_consent"] == counts.refused > 50
    assert "message" not in {kind for _, kind in family.platform.kept}


def _request(id_: str, kind: str, from_: str, to: str) -> dict[str, Any]:
    return {"id": id_, "kind": kind, "from": from_, "to": to, "limit": 5_000}
