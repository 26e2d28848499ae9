"""Two sets of processes on the same stores at once: one takes over from the other, under load."""

from pathlib import Path

from deploy.local.platform import LocalPlatform
from deploy.local.ports import HOST, free_port
from deploy.local.process import PlatformProcess
from tests.durability.checks import check_alerts, check_device
from tests.durability.fleet import INSIDE, LON, Fleet, Sent
from tests.durability.platform_server import PlatformServer, platform_server
from tests.durability.push_agent import PushAgent

SEED = 20261127
_DEVICES = 20
_PAUSE_S = 0.5
_TOGETHER_S = 5.0
_ALONE_S = 2.0
_DRAINED_S = 30.0
_FINISH_S = 60.0
_PUSHED = 50


class _Balanced(PlatformServer):
    """Agents reach one web process after the other; `webs` are those that get calls."""

    def __init__(self, platform: LocalPlatform) -> None:
        super().__init__(platform)
        self.webs = [platform.web]
        self._calls = 0

    @property
    def url(self) -> str:
        self._calls += 1
        webs = self.webs
        return webs[self._calls % len(webs)].url


def test_while_a_new_set_takes_over_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    with platform_server(tmp_path / "platform") as started:
        platform = started.platform
        server = _Balanced(platform)
        account = server.account()
        account.rule({"leaves": account.place(INSIDE, LON, radius_m=200)})
        devices = [account.enrolled() for _ in range(_DEVICES)]
        fleet = Fleet(devices, SEED, exact=False, pause_s=_PAUSE_S)
        with PushAgent(platform, account.enrolled(), tmp_path / "agent") as pushing:
            fleet.start()
            pushing.observe(_PUSHED)
            _take_over(server, fleet)
            pushing.observe(_PUSHED)
            fleet.broken.wait(_ALONE_S)
            sent = fleet.finish(_FINISH_S)
            pushing.finish(_FINISH_S)
        # Who looks is served by the new set, too.
        account.api = server.http(**account.api.headers)
        server.settle(account, sum(len(one.departures) for one in sent.values()))
        for device in devices:
            check_device(device, sent[device.id])
        check_alerts(account, sent)
        check_device(pushing.device, Sent({"app_use": pushing.times}, []))


def _take_over(server: _Balanced, fleet: Fleet) -> None:
    """Both sets work for a while, then the old one drains; each of its processes ends well."""
    platform = server.platform
    old_web, old_workers = platform.web, platform.workers
    new_web = _successor(platform, old_web, "web")
    new_workers = [_successor(platform, worker, "worker") for worker in old_workers]
    for process in (new_web, *new_workers):
        process.spawn()
    try:
        for process in (new_web, *new_workers):
            process.wait()
        server.webs = [old_web, new_web]
        fleet.broken.wait(_TOGETHER_S)
        fleet.check()
        server.webs = [new_web]
    except BaseException:
        for process in (new_web, *new_workers):
            process.kill()
        raise
    platform.web, platform.workers = new_web, new_workers
    for process in (old_web, *old_workers):
        assert process.terminate(_DRAINED_S) == 0, process.log_tail()
    # Push agents know one address: there the new gateway follows the old one.
    assert platform.gateway.terminate(_DRAINED_S) == 0, platform.gateway.log_tail()
    platform.gateway.spawn()
    server.alive()


def _successor(platform: LocalPlatform, old: PlatformProcess, command: str) -> PlatformProcess:
    """On the same settings, with an address of its own."""
    address = f"{HOST}:{free_port()}"
    environment = {f"FIELDPOST_{command.upper()}_HTTP": address}
    arguments = [command, "--settings", str(platform.settings)]
    return PlatformProcess(f"{old.name}-new", arguments, address, platform.folder, environment)
