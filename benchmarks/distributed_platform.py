"""The distributed platform with devices, and what each of its processes has used."""

import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs

from benchmarks.fleet import Api, EnrolledDevice, enrol
from benchmarks.machine import cpu_s
from deploy.local.platform import LocalPlatform

_DRAIN_S = 60.0
_LOOK_EVERY_S = 0.05
_COUNTED = re.compile(r'fieldpost_events_total\{event="(\w+)",reason="(\w*)"\} (\S+)')


@attrs.frozen
class Running:
    platform: LocalPlatform
    api: Api
    devices: Sequence[EnrolledDevice]

    @property
    def web_port(self) -> int:
        return port_of(self.platform.web.address)

    def cpu_s(self) -> dict[str, float]:
        """Of each kind of process, servers too, since it was started."""
        platform = self.platform
        return {
            "web": cpu_s(platform.web.pid),
            "gateway": cpu_s(platform.gateway.pid),
            "workers": sum(cpu_s(worker.pid) for worker in platform.workers),
            "DynamoDB": cpu_s(platform.dynoxide.pid),
            "RabbitMQ": cpu_s(platform.rabbitmq.pid),
            "MySQL": cpu_s(platform.mariadb.pid),
        }

    def counted(self) -> Mapping[tuple[str, str], float]:
        """Events by their reasons, of all processes together."""
        total: dict[tuple[str, str], float] = {}
        for process in self.platform.processes:
            for event, reason, amount in _COUNTED.findall(process.metrics()):
                total[event, reason] = total.get((event, reason), 0.0) + float(amount)
        return total

    def await_processed(self) -> None:
        """Until what was accepted has had its effects."""
        deadline = time.monotonic() + _DRAIN_S
        while True:
            events = self.counted()
            accepted = events.get(("observations_accepted", ""), 0.0)
            if events.get(("observations_processed", ""), 0.0) >= accepted:
                return
            if time.monotonic() > deadline:
                raise RuntimeError("the queue is not processed in time")
            time.sleep(_LOOK_EVERY_S)


@contextmanager
def running(devices: int, workers: int = 2) -> Iterator[Running]:
    with (
        tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder,
        LocalPlatform(Path(folder), workers=workers) as platform,
    ):
        owner = platform.create_account("Benchmarks", "owner@example.org")
        api = Api(port_of(platform.web.address), owner["api_token"])
        try:
            yield Running(platform, api, enrol(api, devices))
        finally:
            api.close()


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])
