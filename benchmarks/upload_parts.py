"""The parts of an upload in the distributed assembly, each by itself, in this process."""

import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import uvloop

from adapters.outbound.dynamodb.stores import DynamoStores
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.rabbitmq.upload_message import from_message, to_message
from adapters.outbound.system_clock import SystemClock
from application.delivery import Delivery
from application.device_directory import DeviceAccess
from application.intake_gate import IntakeGate
from application.judging import judge_batches
from application.ports.device_ledger import Effects
from application.ports.intake_queue import Intake
from benchmarks.dynamo_table import table_settings
from benchmarks.judged_device import briefing
from benchmarks.judged_uploads import CountingTally
from benchmarks.table import Table, number
from benchmarks.uploads import walk
from deploy.local import Dynoxide
from domain.batch import Batch
from domain.consent import Consent, ConsentGate
from domain.device import Agent
from domain.device_history import DeviceHistory
from domain.kinds import Kind

_SIZE = 10
_UPLOADS = 200  # of a round
_ROUNDS = 5
_DEVICE = "device"

_HEADERS = ("part", "process", "CPU µs an upload")
_NOTE = (
    f"Uploads of {_SIZE} locations, one after the other; medians of {_ROUNDS} rounds of "
    f"{_UPLOADS}. Beside these parts a process speaks HTTP or the push protocol and AMQP."
)


def upload_parts() -> Table:
    with (
        tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder,
        Dynoxide(Path(folder), durable=False) as server,
    ):
        rows = uvloop.run(_rows(server))
    return Table("The parts of an upload", _HEADERS, rows, _NOTE)


async def _rows(server: Dynoxide) -> list[list[str]]:
    settings = table_settings(server)
    stores = DynamoStores(
        settings, NativeBlockCodec(), SystemClock(), CountingTally(), remembers=True
    )
    await stores.create()
    await stores.open()
    try:
        rounds = [await _Round(stores, place).costs() for place in range(_ROUNDS)]
    finally:
        await stores.close()
    return [
        [part, process, number(median(costs[part, process] for costs in rounds))]
        for part, process in rounds[0]
    ]


Costs = dict[tuple[str, str], float]


class _Round:
    """Some uploads of a device of its own, from JSON to the table."""

    def __init__(self, stores: DynamoStores, place: int) -> None:
        self._stores = stores
        self._codec = NativeBlockCodec()
        self._device = f"{_DEVICE}-{place}"
        self._costs: Costs = {}
        fixes = walk(_UPLOADS * _SIZE, place)
        self._bodies = [
            json.dumps(fixes[start : start + _SIZE]).encode()
            for start in range(0, len(fixes), _SIZE)
        ]

    async def costs(self) -> Costs:
        now_ms = int(time.time() * 1_000)
        gate, access = IntakeGate(self._codec), self._access()
        batches: list[Batch] = []
        messages: list[bytes] = []
        received: list[Batch] = []
        plain: list[Effects] = []
        judged: list[Effects] = []

        async def check(place: int) -> None:
            delivery = Delivery(Kind.LOCATION, self._bodies[place], place + 1)
            batch = gate.check(access, [delivery], now_ms)[0].batch
            assert batch is not None
            batches.append(batch)

        async def pack(place: int) -> None:
            messages.append(to_message(Intake([batches[place]])))

        async def unpack(place: int) -> None:
            received.extend(from_message(messages[place]).batches)

        def judge(rules: int, effects: list[Effects]) -> Callable[[int], Awaitable[None]]:
            brief = briefing(self._device, rules)

            async def one(place: int) -> None:
                before = effects[-1].history if effects else DeviceHistory(self._device, "a")
                effects.append(judge_batches(self._codec, brief, before, [received[place]], now_ms))

            return one

        async def apply(place: int) -> None:
            assert await self._stores.ledger.apply([judged[place]]) == [True]

        async def merge(_: int) -> None:
            await self._stores.blocks.merge_small(1)

        await self._part("decode, check and encode JSON", "web", check)
        await self._part("make the message", "web, gateway", pack)
        await self._part("read the message", "worker", unpack)
        await self._part("judge without rules", "worker", judge(0, plain))
        await self._part("judge by ten rules", "worker", judge(10, judged))
        await self._applied("write the entry to DynamoDB", "its merging", apply, merge)
        return self._costs

    async def _applied(
        self,
        apply_name: str,
        merge_name: str,
        apply: Callable[[int], Awaitable[None]],
        merge: Callable[[int], Awaitable[None]],
    ) -> None:
        """In turns, for a ring that is not merged is full."""
        applying = merging = 0.0
        for place in range(_UPLOADS):
            begun = time.process_time()
            await apply(place)
            between = time.process_time()
            await merge(place)
            applying += between - begun
            merging += time.process_time() - between
        self._costs[apply_name, "worker"] = applying / _UPLOADS * 1e6
        self._costs[merge_name, "worker"] = merging / _UPLOADS * 1e6

    async def _part(self, name: str, process: str, one: Callable[[int], Awaitable[None]]) -> None:
        begun = time.process_time()
        for place in range(_UPLOADS):
            await one(place)
        self._costs[name, process] = (time.process_time() - begun) / _UPLOADS * 1e6

    def _access(self) -> DeviceAccess:
        consent = Consent("c", "a", "p", (Kind.LOCATION,), 0)
        gate = ConsentGate((consent,), ZoneInfo("UTC"))
        return DeviceAccess("a", self._device, "p", Agent.FIELDPOST, gate, 1, 1)
