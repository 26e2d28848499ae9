"""From the queue to blocks, histories and alerts, in this process."""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import uvloop

from adapters.inbound.cli.serving import opened
from application.identifiers import digest
from application.use_cases.accept_batches import Delivery
from benchmarks import servers
from benchmarks.fleet import Api, EnrolledDevice, add_rules, enrol
from benchmarks.table import Table, number
from benchmarks.uploads import walk
from bootstrap import embedded
from domain.kinds import Kind

_DEVICES = 64
_WALKS = 8
_SIZES = (10, 100, 500)
_FIXES = 1_000  # of a device in a round
_ROUNDS = 3
_UPLOAD = 50
_PATIENCE_S = 20.0

_HEADERS = (
    "locations a batch",
    "observations/s without rules",
    "batches/s",
    "observations/s with ten rules",
    "batches/s",
    "ratio",
)
_NOTE = (
    f"{_DEVICES} devices; before the clock runs the queue is filled, and what is configured is "
    "known, as after a device's first batch. The rules: places entered, left and stayed outside "
    "of, circles and polygons, and speed; each judges every location."
)


def processing() -> Table:
    """In turns without rules and with ten, on two platforms."""
    with tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder:
        homes = [_Home(Path(folder) / name, rules) for name, rules in (("none", 0), ("ten", 10))]
        rows = [_compare(homes, size, place) for place, size in enumerate(_SIZES)]
    return Table("Processing", _HEADERS, rows, _NOTE)


class _Home:
    """A folder with devices and rules."""

    def __init__(self, data: Path, rules: int) -> None:
        self.data = data
        data.mkdir()
        owner = servers.create_account(data)
        with servers.fieldpost(data) as server:
            api = Api(server.port, owner.api_token)
            self.devices: Sequence[EnrolledDevice] = enrol(api, _DEVICES)
            add_rules(api, rules)
            api.close()


def _compare(homes: Sequence[_Home], size: int, place: int) -> list[str]:
    rates: list[list[float]] = [[] for _ in homes]
    for turn in range(_ROUNDS):
        # Each round continues where the one before it ended.
        rounds_after = (len(_SIZES) - place) * _ROUNDS - turn
        ends_s = time.time() - rounds_after * _FIXES
        walks = [_deliveries(size, seed, ends_s) for seed in range(_WALKS)]
        for home, found in zip(homes, rates, strict=True):
            found.append(uvloop.run(_round(home, walks)))
    without, ten = median(rates[0]), median(rates[1])
    shown = (without, without / size, ten, ten / size)
    return [str(size), *(number(value) for value in shown), f"{ten / without:.2f}"]


def _deliveries(size: int, seed: int, ends_s: float) -> list[Delivery]:
    fixes = walk(_FIXES, seed, ends_s=ends_s)
    batches = [fixes[start : start + size] for start in range(0, _FIXES, size)]
    return [Delivery(Kind.LOCATION, json.dumps(batch).encode()) for batch in batches]


async def _round(home: _Home, walks: Sequence[Sequence[Delivery]]) -> float:
    """Observations a second."""
    container = embedded(home.data)
    async with opened(container, alone=True):
        count = await _fill(container, home.devices, walks)
        await _know(container, home.devices)
        started = time.perf_counter()
        pump = asyncio.create_task(container.pump().run())
        while container.queue().depth() > 0:
            if pump.done() or time.perf_counter() - started > _PATIENCE_S:
                raise RuntimeError("the queue is not processed in time")
            await asyncio.sleep(0.002)
        elapsed_s = time.perf_counter() - started
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)
    return count / elapsed_s


async def _know(container: Any, devices: Sequence[EnrolledDevice]) -> None:
    directory = container.application().directory
    for device in devices:
        access = await directory.access(digest(device.credential))
        await directory.briefing(access.account_id, device.id)


async def _fill(
    container: Any, devices: Sequence[EnrolledDevice], walks: Sequence[Sequence[Delivery]]
) -> int:
    accept, directory = container.application().accept_batches, container.application().directory
    uploads = []
    for place, device in enumerate(devices):
        access = await directory.access(digest(device.credential))
        batches = walks[place % len(walks)]
        for start in range(0, len(batches), _UPLOAD):
            uploads.append(accept(access, batches[start : start + _UPLOAD]))
    receipts = [receipt for some in await asyncio.gather(*uploads) for receipt in some]
    return sum(receipt.accepted for receipt in receipts)
