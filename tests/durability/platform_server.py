"""The distributed platform, as the tests of one server know it: an address, its log, its rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from application.use_cases.create_account import CreatedAccount
from deploy.local.platform import LocalPlatform
from deploy.local.process import PlatformProcess
from deploy.local.server import LocalServer
from tests.support.client import Account
from tests.support.http_calls import Http
from tests.support.server import Server
from tests.support.waiting import until

PARTITIONS = 4
_SETTINGS: dict[str, dict[str, Any]] = {
    "rabbitmq": {"partitions": PARTITIONS, "depth_every_s": 0.1},
    "worker": {"silence_patience_s": 0.0},
}
_RECOVERED_S = 90.0
_SETTLED_S = 120.0


class PlatformServer:
    """Has what `Account` and `Device` ask of a server."""

    def __init__(self, platform: LocalPlatform) -> None:
        self.platform = platform
        self._accounts = 0

    @property
    def url(self) -> str:
        return self.platform.web.url

    def http(self, **headers: str) -> Http:
        port = int(self.platform.web.address.rpartition(":")[2])
        return Http(port).again(**headers)

    def log_tail(self, lines: int = 30) -> str:
        return self.platform.log_tail(lines)

    def account(self) -> Account:
        self._accounts += 1
        email = f"owner-{self._accounts}@example.org"
        made = self.platform.create_account("The family", email)
        created = CreatedAccount(email=email, **made)
        return Account(cast(Server, self), created)

    def alive(self) -> None:
        """Returns when every process is ready; none of them has ended by itself."""
        for process in self.platform.processes:
            until(process.readiness, f"{process.name} is ready", _RECOVERED_S, self.log_tail)

    def settle(self, account: Account, alerts: int) -> None:
        """Returns when nothing waits any more; the last effect of an upload is its alert."""

        def settled() -> bool:
            said = [worker.readiness() for worker in self.platform.workers]
            rests = all(one is not None and one["queue_depth"] == 0 for one in said)
            return rests and len(account.alerts()) >= alerts

        until(settled, f"all is processed, with {alerts} alerts", _SETTLED_S, self.log_tail)


@contextmanager
def platform_server(folder: Path, **options: Any) -> Iterator[PlatformServer]:
    platform = LocalPlatform(folder, more=_SETTINGS, **options)
    try:
        platform.start()
        # A queue that is killed right after it was declared may be gone: not what is tested here.
        until(lambda: _kept(platform), "the broker keeps its queues", 30.0)
        yield PlatformServer(platform)
        for process in platform.processes:
            process.terminate(30.0)
    finally:
        platform.kill()


def restart(victim: PlatformProcess | LocalServer) -> None:
    """As whoever watches over processes does."""
    if isinstance(victim, PlatformProcess):
        victim.spawn()
    else:
        victim.start()


def _kept(platform: LocalPlatform) -> bool:
    return all(
        platform.rabbitmq.keeps("/", f"observations.{lane}.{number}")
        for lane in ("live", "backlog")
        for number in range(PARTITIONS)
    )
