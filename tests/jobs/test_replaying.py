"""What could not be processed is processed again: one by one, or all of it as a job."""

from collections.abc import Iterator

import pytest

from tests.support.accounts import leave_in_quarantine
from tests.support.client import Account, Device, fix
from tests.support.server import Server, serving
from tests.support.waiting import until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture
def account(server: Server) -> Account:
    return Account(server)


def kept(device: Device) -> int:
    return len(device.observations("location"))


def left(account: Account) -> list[str]:
    return [item["id"] for item in account.all("/api/v1/quarantine")]


def test_a_batch_is_processed_again_once(server: Server, account: Account) -> None:
    device = account.enrolled(account.person())
    item = leave_in_quarantine(server.data, account.id, device.id)
    assert account.all("/api/v1/quarantine")[0]["replayable"]
    account.api.post(f"/api/v1/quarantine/{item}/replay", {}).expect(204)
    until(lambda: kept(device) == 1, "the location is there")
    assert left(account) == []
    account.api.post(f"/api/v1/quarantine/{item}/replay", {}).expect(404)


def test_what_is_no_batch_stays(account: Account) -> None:
    device = account.enrolled(account.person())
    device.send("location", fix(91, 0))
    (item,) = account.all("/api/v1/quarantine")
    assert not item["replayable"]
    account.api.post(f"/api/v1/quarantine/{item['id']}/replay", {}).expect(409)
    assert left(account) == [item["id"]]


def test_what_is_consented_to_no_more_stays(server: Server, account: Account) -> None:
    device = account.enrolled(account.person(kinds=["call"]))
    item = leave_in_quarantine(server.data, account.id, device.id)
    reply = account.api.post(f"/api/v1/quarantine/{item}/replay", {}).expect(409)
    assert "no consent" in reply["detail"]
    assert left(account) == [item]


def test_the_whole_shelf_as_a_job(server: Server, account: Account) -> None:
    device = account.enrolled(account.person())
    device.send("location", fix(91, 0))
    for _ in range(5):
        leave_in_quarantine(server.data, account.id, device.id)
    job = account.api.post("/api/v1/quarantine/replay", {}).expect(202)["id"]

    def done() -> bool:
        return bool(account.api.get(f"/api/v1/jobs/{job}").expect(200)["state"] == "done")

    until(done, "the job is done", also=server.log_tail)
    said = account.api.get(f"/api/v1/jobs/{job}").expect(200)
    assert (said["progress"], said["detail"]) == (1.0, "5 of 6 entries are processed again")
    until(lambda: kept(device) == 5, "the locations are there")
    assert len(left(account)) == 1
    again = account.api.post(f"/api/v1/jobs/{job}/cancel", {}).expect(200)
    assert again["state"] == "done", "what has ended stays as it is"
