"""Acknowledged means kept, once: whichever process or server of many is killed."""

from pathlib import Path

import pytest

from deploy.local.process import PlatformProcess
from deploy.local.server import LocalServer
from tests.durability.checks import check_alerts, check_device
from tests.durability.fleet import INSIDE, LON, Fleet, Sent
from tests.durability.platform_server import PlatformServer, platform_server, restart
from tests.durability.push_agent import PushAgent

ROUNDS = 21
"""Three for each process and each server."""

SEED = 20261125
_DEVICES = 20
_PAUSE_S = 0.5
_PUSHED = 20
"""Observations that the push agent makes between two events."""

_UNDER_LOAD_S = 1.0
_FINISH_S = 120.0


@pytest.mark.timeout(900)
def test_what_was_acknowledged_is_kept_once_whatever_is_killed(tmp_path: Path) -> None:
    with platform_server(tmp_path / "platform") as server:
        platform = server.platform
        account = server.account()
        place = account.place(INSIDE, LON, radius_m=200)
        account.rule({"leaves": place})
        devices = [account.enrolled() for _ in range(_DEVICES)]
        fleet = Fleet(devices, SEED, exact=False, pause_s=_PAUSE_S)
        fleet.start()
        with PushAgent(platform, account.enrolled(), tmp_path / "agent") as pushing:
            for number in range(ROUNDS):
                _kill_and_restart(server, number, fleet, pushing)
            sent = fleet.finish(_FINISH_S)
            pushing.finish(_FINISH_S)
        server.settle(account, sum(len(one.departures) for one in sent.values()))
        for device in devices:
            check_device(device, sent[device.id])
        check_alerts(account, sent)
        check_device(pushing.device, Sent({"app_use": pushing.times}, []))
        told = sum(one.uploads for one in sent.values())
        print(f"{told} uploads in {ROUNDS} rounds, seed {SEED}")
        assert told > ROUNDS


def _kill_and_restart(
    server: PlatformServer, number: int, fleet: Fleet, pushing: PushAgent
) -> None:
    """Each in its turn."""
    platform = server.platform
    victims: list[PlatformProcess | LocalServer] = [*platform.processes, *platform.servers]
    victim = victims[number % len(victims)]
    pushing.observe(_PUSHED)
    fleet.broken.wait(_UNDER_LOAD_S)
    fleet.check()
    victim.kill()
    pushing.observe(_PUSHED)
    fleet.broken.wait(_UNDER_LOAD_S)
    restart(victim)
    server.alive()
