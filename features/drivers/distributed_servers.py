"""The distributed platform as real processes on real servers, all private to the run."""

from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.topology import observation_queues
from deploy.local.platform import LocalPlatform
from features.drivers.clerk import Clerk, distributed_clerk

_BROKER: dict[str, Any] = {"partitions": 4, "depth_every_s": 0.05}
_SETTINGS: dict[str, Any] = {
    "rabbitmq": _BROKER,
    "worker": {"silence_patience_s": 0.0},
    "webhooks": {"to_private": True},
}


class DistributedServers:
    """One web process, one gateway, two workers."""

    def __init__(self, folder: Path) -> None:
        self._platform = LocalPlatform(folder / "platform", more=_SETTINGS).start()
        self.address = self._platform.web.url
        self.push = self._platform.push
        self.certificate = self._platform.certificate
        self._looking = start_blocking_portal()
        self._portal: BlockingPortal = self._looking.__enter__()
        self._broker = self._portal.call(self._connected)

    def clerk(self) -> Clerk:
        return distributed_clerk(self._platform.settings)

    def depth(self) -> float:
        """How many uploads wait, or are with a worker."""
        waiting: int = self._portal.call(self._ready)
        return waiting + sum(self._with(worker) for worker in range(len(self._platform.workers)))

    def kill(self) -> None:
        """All processes of the platform at once, without warning; its servers go on."""
        for process in self._platform.processes:
            process.kill()

    def start_again(self) -> None:
        for process in self._platform.processes:
            process.spawn()
        for process in self._platform.processes:
            process.wait()

    def stop(self) -> None:
        self._portal.call(self._broker.close)
        self._looking.__exit__(None, None, None)
        self._platform.stop()

    async def _connected(self) -> RabbitConnection:
        server = self._platform.rabbitmq
        connection = RabbitConnection(
            RabbitSettings(
                host=server.host,
                port=server.port,
                user=server.user,
                password=server.password,
                **_BROKER,
            )
        )
        await connection.open()
        return connection

    async def _ready(self) -> int:
        waiting = 0
        async with self._broker.brief_channel() as channel:
            for name in observation_queues(self._broker.settings):
                waiting += (await channel.queue_declare(name, passive=True)).message_count or 0
        return waiting

    def _with(self, worker: int) -> int:
        said = self._platform.workers[worker].readiness()
        return 1 if said is None else int(said["queue_depth"])
