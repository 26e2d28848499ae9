"""Acknowledged means kept, once: whichever process or server of many is killed."""

from pathlib import Path

import pytest

from deploy.local.process import PlatformProcess
from deploy.local.server import LocalServer
from tests.durability.checks import check_alerts, check_device
from tests.durability.fleet import INSIDE, LON, Fleet
from tests.durability.platform_server import PlatformServer, platform_server, restart
from tests.support.client import Account
from tests.support.waiting import until

ROUNDS = 21
"""Three for each process and each server."""

SEED = 20261125
_DEVICES = 6
_UNDER_LOAD_S = 1.0
_FINISH_S = 120.0
_SETTLED_S = 120.0


@pytest.mark.timeout(900)
def test_what_was_acknowledged_is_kept_once_whatever_is_killed(tmp_path: Path) -> None:
    with platform_server(tmp_path / "platform") as server:
        platform = server.platform
        account = server.account()
        place = account.place(INSIDE, LON, radius_m=200)
        account.rule({"leaves": place})
        devices = [account.enrolled() for _ in range(_DEVICES)]
        fleet = Fleet(devices, SEED, exact=False)
        fleet.start()
        victims: list[PlatformProcess | LocalServer] = [*platform.processes, *platform.servers]
        for number in range(ROUNDS):
            victim = victims[number % len(victims)]
            fleet.broken.wait(_UNDER_LOAD_S)
            fleet.check()
            victim.kill()
            fleet.broken.wait(_UNDER_LOAD_S)
            restart(victim)
            server.alive()
        sent = fleet.finish(_FINISH_S)
        _settle(server, account, sum(len(one.departures) for one in sent.values()))
        for device in devices:
            check_device(device, sent[device.id])
        check_alerts(account, sent)
        told = sum(one.uploads for one in sent.values())
        print(f"{told} uploads in {ROUNDS} rounds, seed {SEED}")
        assert told > ROUNDS


def _settle(server: PlatformServer, account: Account, alerts: int) -> None:
    """The last effect of an upload is its alert."""

    def settled() -> bool:
        said = [worker.readiness() for worker in server.platform.workers]
        rests = all(one is not None and one["queue_depth"] == 0 for one in said)
        return rests and len(account.alerts()) >= alerts

    until(settled, f"all is processed, with {alerts} alerts", _SETTLED_S, server.log_tail)
