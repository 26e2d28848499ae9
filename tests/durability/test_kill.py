"""Acknowledged means kept, once: whatever moment the server is killed at."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.durability.checks import check_alerts, check_device
from tests.durability.fleet import INSIDE, LON, Fleet
from tests.support.client import Account
from tests.support.server import Server

KILLS = 50
SEED = 20261123
_DEVICES = 6
_STARTUP_S = 0.9
_UNDER_LOAD_S = 0.5


def test_what_was_acknowledged_is_kept_once_however_often_the_server_is_killed(
    new_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = new_server().start()
    account = Account(server)
    place = account.place(INSIDE, LON, radius_m=200)
    account.rule({"leaves": place})
    devices = [account.enrolled() for _ in range(_DEVICES)]
    fleet = Fleet(devices, SEED)
    fleet.start()
    chance = random.Random(SEED)
    for kill in range(KILLS):
        if kill % 3 == 0:  # while it starts, and opens what the last one left
            moment_s = chance.uniform(0.0, _STARTUP_S)
        else:  # while it takes uploads and processes them
            server.wait()
            moment_s = chance.uniform(0.0, _UNDER_LOAD_S)
        fleet.broken.wait(moment_s)
        fleet.check()
        server.kill()
        server.spawn()
    server.wait()
    sent = fleet.finish()
    server.kill()
    server.start()  # nobody delivers any more: processing resumes by itself
    server.settled()
    for device in devices:
        check_device(device, sent[device.id])
    check_alerts(account, sent)
    told = sum(one.uploads for one in sent.values())
    unheard = sum(one.kept_unheard for one in sent.values())
    repeated = sum(one.repeated for one in sent.values())
    print(f"{told} uploads, {unheard} kept but unheard, {repeated} repeated, seed {SEED}")
    assert told > KILLS and repeated > 0
    assert server.stop() == 0
