"""A full disk: nothing is acknowledged that is not kept, and it ends when there is room again."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.client import Account, Device, now, upload
from tests.support.disks import Disk, limited_files, small_disk
from tests.support.http_calls import Reply
from tests.support.server import Server
from tests.support.waiting import until

_MOST_UPLOADS = 500


@pytest.fixture(params=[small_disk, limited_files])
def disk(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Disk]:
    with request.param(tmp_path / "disk") as disk:
        yield disk


class Uploads:
    """Uploads of one device that need room, and what was acknowledged of them."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.times: list[str] = []
        self._sequence = 0
        self._chance = random.Random(1)
        self._last: list[dict[str, Any]] = []

    def next(self) -> Reply:
        self._sequence += 1
        ago_s = 80_000 - 100 * self._sequence
        self._last = [
            {"time": now(ago_s=ago_s - second), "app": "editor", "title": self._title()}
            for second in range(60)
        ]
        return self.again()

    def again(self) -> Reply:
        """The last one once more."""
        body = upload("app_use", self._sequence, *self._last)
        reply = self.device.agent.call("POST", "/agent/v1/batches", body)
        if reply.status == 200:
            assert reply.json["receipts"][0]["outcome"] == "accepted", str(reply)
            self.times += [one["time"] for one in self._last]
        return reply

    def until_refused(self) -> Reply:
        """Deliver until the disk has no room for it."""
        for _ in range(_MOST_UPLOADS):
            reply = self.next()
            if reply.status != 200:
                return reply
        raise AssertionError("every upload finds room on a full disk")

    def _title(self) -> str:
        return self._chance.randbytes(400).hex()

    def expect_kept(self) -> None:
        """All that was acknowledged is there, once, and nothing else."""
        found = [one["time"] for one in self.device.observations("app_use")]
        assert [time if "." in time else time[:-1] + ".000Z" for time in found] == self.times


def expect_come_later(reply: Reply) -> None:
    reply.expect_problem(503)
    assert int(reply.headers["retry-after"]) > 0


def test_a_full_disk_loses_nothing_and_ends_by_itself(
    disk: Disk, new_server: Callable[..., Server]
) -> None:
    server = new_server(disk.folder / "data", log=disk.folder.with_name("log")).start()
    account = Account(server)
    uploads = Uploads(account.enrolled())
    for _ in range(3):
        uploads.next().expect(200)
    server.settled()

    disk.fill(server)
    expect_come_later(uploads.until_refused())
    expect_come_later(account.api.post("/api/v1/people", {"name": "Ana", "time_zone": "UTC"}))
    sign_in = {"email": account.email, "password": account.password}
    expect_come_later(server.http().post("/api/v1/session", sign_in))
    # Who only reads is answered all the same.
    account.api.get("/api/v1/people").expect(200)
    account.api.get(uploads.device.path).expect(200)
    uploads.device.check_in()
    server.http().get("/health/live").expect(200)
    uploads.device.observations("app_use")

    disk.free(server)
    until(
        lambda: uploads.again().status == 200,
        "the refused upload is accepted, and is no duplicate",
        also=server.log_tail,
    )
    uploads.next().expect(200)
    account.person()
    server.settled()
    uploads.expect_kept()
    assert server.stop() == 0
    server.start()
    uploads.expect_kept()


def test_a_server_killed_on_a_full_disk_comes_back_with_all_it_acknowledged(
    disk: Disk, new_server: Callable[..., Server]
) -> None:
    server = new_server(disk.folder / "data", log=disk.folder.with_name("log")).start()
    uploads = Uploads(Account(server).enrolled())
    uploads.next().expect(200)
    disk.fill(server)
    uploads.until_refused()
    server.kill()
    disk.free(server)
    server.start()
    server.settled()
    uploads.expect_kept()
    uploads.again().expect(200)
    server.settled()
    uploads.expect_kept()
