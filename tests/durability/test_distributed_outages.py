"""Servers and workers that are away for a while: what waits, waits, and arrives once."""

import signal
import time
from collections.abc import Iterator

import pytest

from tests.durability.checks import check_alerts, check_device
from tests.durability.fleet import INSIDE, LON, Fleet
from tests.durability.platform_server import PlatformServer, platform_server
from tests.support.client import Account, Device, fix, upload
from tests.support.waiting import until

OUTAGE_S = 60.0
TAKEN_OVER_S = 30.0
_LATER_S = 60.0
_DRAINED_S = 30.0
_ANSWER_S = 15.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    with platform_server(tmp_path_factory.mktemp("away") / "platform") as server:
        yield server


@pytest.fixture
def device(server: PlatformServer) -> Device:
    """Known to the web process, with a location that is processed."""
    server.alive()
    device = server.account().enrolled()
    device.deliver("location", fix(INSIDE, LON))
    _arrived(server, device, 1)
    return device


def _arrived(server: PlatformServer, device: Device, count: int, within_s: float = 20.0) -> None:
    def there() -> bool:
        return len(device.observations("location")) >= count

    until(there, f"{count} locations are there", within_s, server.log_tail)
    assert len(device.observations("location")) == count


def test_what_a_worker_that_hangs_has_is_taken_over(server: PlatformServer) -> None:
    account = server.account()
    devices = [account.enrolled() for _ in range(12)]
    for device in devices:
        device.deliver("location", fix(INSIDE, LON, ago_s=60))
    for device in devices:
        _arrived(server, device, 1)
    hanging = server.platform.workers[0]
    hanging.signal(signal.SIGSTOP)
    try:
        for device in devices:
            device.deliver("location", fix(INSIDE, LON, ago_s=30))
        begun = time.monotonic()
        for device in devices:
            _arrived(server, device, 2, TAKEN_OVER_S)
        assert time.monotonic() - begun < TAKEN_OVER_S
    finally:
        hanging.signal(signal.SIGCONT)
    server.alive()
    for device in devices:
        device.deliver("location", fix(INSIDE, LON))
    for device in devices:
        _arrived(server, device, 3)


def test_while_mysql_is_away_known_devices_deliver_and_are_processed(
    server: PlatformServer, device: Device
) -> None:
    server.platform.mariadb.kill()
    try:
        deadline = time.monotonic() + OUTAGE_S
        count = 1
        while time.monotonic() < deadline:
            device.deliver("location", fix(INSIDE, LON + count / 10_000))
            count += 1
            time.sleep(1.0)
        said = server.platform.web.readiness()
        assert said is not None and said["status"] == "degraded", said
        assert said["dependencies"]["mysql"] != "ok"
    finally:
        server.platform.mariadb.start()
    _arrived(server, device, count, _LATER_S)
    server.account()  # and people can change things again
    # What was counted meanwhile has waited. One line may have been written just before the end,
    # and its confirmation have been lost.
    until(lambda: _logged(device) >= count, "all is in the intake log", _LATER_S)
    assert _logged(device) <= count + 1


def test_while_rabbitmq_is_away_agents_are_told_to_keep_their_data(
    server: PlatformServer, device: Device
) -> None:
    server.platform.rabbitmq.kill()
    try:
        body = upload("location", 1_000, fix(INSIDE, LON, ago_s=5))
        begun = time.monotonic()
        reply = device.agent.call("POST", "/agent/v1/batches", body)
        assert time.monotonic() - begun < _ANSWER_S
        assert reply.expect_problem(503)
        assert 1 <= int(reply.headers["retry-after"]) <= 60
        assert server.platform.web.readiness() is None, "no traffic should come here"
    finally:
        server.platform.rabbitmq.start()
    server.alive()

    def accepted() -> bool:
        return device.agent.call("POST", "/agent/v1/batches", body).status == 200

    until(accepted, "the upload is accepted", _LATER_S, server.log_tail)
    _arrived(server, device, 2, _LATER_S)


def test_while_dynamodb_is_away_what_was_accepted_waits(
    server: PlatformServer, device: Device
) -> None:
    server.platform.dynoxide.pause()
    try:
        deadline = time.monotonic() + OUTAGE_S
        count = 1
        while time.monotonic() < deadline:
            device.deliver("location", fix(INSIDE, LON + count / 10_000))
            count += 1
            time.sleep(1.0)
        waiting = [worker.running for worker in server.platform.workers]
        assert all(waiting), "workers wait; they do not end"
    finally:
        server.platform.dynoxide.resume()
    _arrived(server, device, count, _LATER_S)


def test_a_process_that_is_told_to_end_drains(server: PlatformServer) -> None:
    account: Account = server.account()
    place = account.place(INSIDE, LON, radius_m=200)
    account.rule({"leaves": place})
    devices = [account.enrolled() for _ in range(4)]
    fleet = Fleet(devices, 7, exact=False, pause_s=0.1)
    fleet.start()
    for process in server.platform.processes:
        fleet.broken.wait(1.0)
        fleet.check()
        begun = time.monotonic()
        assert process.terminate(_DRAINED_S) == 0, process.log_tail()
        assert time.monotonic() - begun < _DRAINED_S
        process.spawn()
        server.alive()
    sent = fleet.finish(_LATER_S)
    expected = sum(len(one.departures) for one in sent.values())
    until(lambda: len(account.alerts()) >= expected, "all is processed", _LATER_S, server.log_tail)
    check_alerts(account, sent)
    for device in devices:
        check_device(device, sent[device.id])


def _logged(device: Device) -> int:
    lines = device.account.api.get(f"{device.path}/intake").expect(200)["items"]
    return sum(line["accepted"] for line in lines)
