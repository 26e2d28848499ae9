"""A message that breaks or ends whoever takes it goes to quarantine, and holds up nobody."""

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from adapters.outbound.rabbitmq.topology import partition_of
from adapters.outbound.rabbitmq.upload_message import to_message
from application.ports.intake_queue import Intake
from deploy.local.process import PlatformProcess
from tests.durability.by_hand import (
    batch_of,
    put_among_dead,
    put_into_queue,
    remains_of,
    rules_locked,
    unreadable,
)
from tests.durability.fleet import INSIDE, LON
from tests.durability.platform_server import PARTITIONS, PlatformServer, platform_server
from tests.support.client import Account, Device, Quarantine, fix
from tests.support.waiting import until

_SOON_S = 60.0
_MOST_DEATHS = 25
_LEAST_DEATHS = 5
_TOO_LARGE = 450_000
"""More characters than the table takes in an item."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    with platform_server(tmp_path_factory.mktemp("poison") / "platform") as server:
        yield server


@pytest.fixture
def account(server: PlatformServer) -> Account:
    server.alive()
    return server.account()


def arrived(server: PlatformServer, device: Device, count: int) -> None:
    def there() -> bool:
        return len(device.observations("location")) >= count

    until(there, f"{count} locations are there", _SOON_S, server.log_tail)
    assert len(device.observations("location")) == count


def quarantined(server: PlatformServer, device: Device, *reasons: str) -> list[Any]:
    """The entries of the device, one for each reason and in the order of the reasons."""

    def found() -> list[Any]:
        return sorted(Quarantine(device).items(), key=lambda item: str(item["reason"]))

    what = f"{reasons} are in quarantine"
    until(lambda: len(found()) >= len(reasons), what, _SOON_S, server.log_tail)
    items = found()
    assert [item["reason"] for item in items] == sorted(reasons)
    return items


def test_what_cannot_be_read_is_kept_for_those_who_run_the_platform(
    server: PlatformServer, account: Account
) -> None:
    device = account.enrolled()
    good = to_message(Intake([batch_of(device, "7")]))
    bad = {b"", b"\x01 is no upload", b"\x01" + good[:40], b"\x02" + good[1:]}
    put_into_queue(server.platform, device.id, *bad, good)
    device.deliver("location", fix(INSIDE, LON))
    arrived(server, device, 2)

    def kept() -> bool:
        return len(unreadable(server.platform)) >= len(bad)

    until(kept, "what cannot be read is kept", _SOON_S, server.log_tail)
    found = unreadable(server.platform)
    assert {one.payload for one in found} == bad
    assert {one.reason for one in found} == {"bad_message"}
    assert account.all("/api/v1/quarantine") == []


def test_a_batch_that_cannot_be_judged_holds_up_nothing(
    server: PlatformServer, account: Account
) -> None:
    device, other = account.enrolled(), account.enrolled()
    broken = batch_of(device, "2", b"no block at all")
    broken.left_out = remains_of(device, 1)
    batches = [batch_of(device, "1"), broken, batch_of(device, "3")]
    put_into_queue(server.platform, device.id, to_message(Intake(batches)))
    other.deliver("location", fix(INSIDE, LON))
    arrived(server, other, 1)
    arrived(server, device, 2)
    _, item = quarantined(server, device, "invalid", "processing_failed")
    account.api.post(f"/api/v1/quarantine/{item['id']}/replay", {}).expect(409)
    device.deliver("location", fix(INSIDE, LON), sequence=4)
    arrived(server, device, 3)


def test_a_batch_that_the_store_does_not_take_is_given_up_and_comes_back(
    server: PlatformServer, account: Account
) -> None:
    device, other = account.enrolled(), account.enrolled()
    refused = batch_of(device, "x" * _TOO_LARGE)
    refused.left_out = remains_of(device, 1)
    put_into_queue(server.platform, device.id, to_message(Intake([refused])))
    other.deliver("location", fix(INSIDE, LON))
    arrived(server, other, 1)
    item, _ = quarantined(server, device, "gave_up", "invalid")
    assert item["replayable"]
    account.api.post(f"/api/v1/quarantine/{item['id']}/replay", {}).expect(204)
    arrived(server, device, 1)
    quarantined(server, device, "invalid")


def test_what_the_broker_gave_up_is_in_quarantine_whole(
    server: PlatformServer, account: Account
) -> None:
    device = account.enrolled()
    dead = batch_of(device, "1")
    dead.left_out = remains_of(device, 1)
    intake = Intake([dead], [attrs.evolve(remains_of(device, 2), reason="not_json")])
    put_among_dead(server.platform, to_message(intake))
    item, *_ = quarantined(server, device, "gave_up", "invalid", "not_json")
    account.api.post(f"/api/v1/quarantine/{item['id']}/replay", {}).expect(204)
    arrived(server, device, 1)


def test_a_batch_that_ends_whoever_takes_it_is_given_up_and_comes_back(
    server: PlatformServer, account: Account
) -> None:
    first = account.enrolled()
    behind = _of_the_same_partition(account, first)
    with rules_locked(server.platform):
        first.deliver("location", fix(INSIDE, LON))
        deaths = 0
        while not Quarantine(first).items():
            deaths += _end(server, first)
            assert deaths <= _MOST_DEATHS, server.log_tail()
            if deaths == 1:
                behind.deliver("location", fix(INSIDE, LON))
    assert deaths >= _LEAST_DEATHS, "it is not given up before it was tried"
    server.alive()
    arrived(server, behind, 1)
    (item,) = quarantined(server, first, "gave_up")
    assert item["replayable"]
    assert first.observations("location") == []
    account.api.post(f"/api/v1/quarantine/{item['id']}/replay", {}).expect(204)
    arrived(server, first, 1)
    assert Quarantine(behind).items() == Quarantine(first).items() == []


def _of_the_same_partition(account: Account, device: Device) -> Device:
    """What comes after the poison comes after it in the same queue."""
    wanted = partition_of(device.id, PARTITIONS)
    for _ in range(20 * PARTITIONS):
        other = account.device()
        if partition_of(other.id, PARTITIONS) == wanted:
            other.enrol()
            return other
    raise AssertionError("no device falls into the same partition")


def _end(server: PlatformServer, device: Device) -> int:
    """Kill the worker that has taken something, once there is one; 0 when it was given up."""

    def who() -> PlatformProcess | bool:
        for worker in server.platform.workers:
            said = worker.readiness()
            if said is not None and said["queue_depth"] > 0:
                return worker
        return bool(Quarantine(device).items())

    found = until(who, "a worker has it", _SOON_S, server.log_tail)
    if isinstance(found, bool):
        return 0
    found.kill()
    found.spawn()
    return 1
