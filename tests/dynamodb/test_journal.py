"""Workers that end between any two calls: every batch has its effects once, nothing is lost."""

import asyncio
import random
from typing import Any

import attrs
import pytest

from adapters.outbound.dynamodb.settings import DynamoSettings
from adapters.outbound.dynamodb.stores import DynamoStores
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.prometheus_tally import PrometheusTally
from application.ports.device_ledger import Effects
from deploy.local import Dynoxide
from domain.batch import Batch
from domain.kinds import Kind
from domain.times import DAY_MS
from tests.contracts.builders import ACCOUNT, NOW_MS, TODAY_MS, batch, history, stored

SEEDS = (1, 2)
_DEVICES = 2
_BATCHES = 110
"""More than the ring for each device, so that slots are used again."""

_CRASH_ONE_IN = 12


class StandingClock:
    def now_ms(self) -> int:
        return NOW_MS


class _Crash(Exception):
    """The process has ended."""


@attrs.define
class Worker:
    """One process; `calls_left` says how many calls it lives, None for ever."""

    stores: DynamoStores
    calls_left: int | None = None

    @classmethod
    async def started(cls, settings: DynamoSettings, codec: NativeBlockCodec) -> "Worker":
        tally = PrometheusTally()
        stores = DynamoStores(settings, codec, StandingClock(), tally, remembers=True)
        await stores.open()
        worker = cls(stores)
        worker._watch_calls()
        return worker

    def _watch_calls(self) -> None:
        call = self.stores.client.call

        async def counted(*arguments: Any, **options: Any) -> Any:
            self._live()
            answer = await call(*arguments, **options)
            self._live()  # it was done, and nobody knows
            return answer

        object.__setattr__(self.stores.client, "call", counted)

    def _live(self) -> None:
        if self.calls_left is not None:
            self.calls_left -= 1
            if self.calls_left < 0:
                raise _Crash


@pytest.fixture
def settings(dynoxide: Dynoxide, table_name: str) -> DynamoSettings:
    options = dynoxide.client_options
    return DynamoSettings(
        table=table_name,
        region=options["region_name"],
        endpoint_url=options["endpoint_url"],
        access_key_id=options["aws_access_key_id"],
        secret_access_key=options["aws_secret_access_key"],
    )


@pytest.mark.anyio
@pytest.mark.parametrize("seed", SEEDS)
async def test_every_batch_has_its_effects_once(settings: DynamoSettings, seed: int) -> None:
    chance = random.Random(seed)
    codec = NativeBlockCodec()
    maker = DynamoStores(settings, codec, StandingClock(), PrometheusTally(), remembers=True)
    await maker.create()
    workers = [await Worker.started(settings, codec) for _ in range(2)]
    queue = [
        batch(_identity(chance, number), device=f"device-{number % _DEVICES}")
        for number in range(_DEVICES * _BATCHES)
    ]
    crashes = 0
    waiting = list(enumerate(queue))
    while waiting:
        number, one = waiting[0]
        worker = workers[chance.randrange(2)]
        if chance.randrange(_CRASH_ONE_IN) == 0:
            worker.calls_left = chance.randrange(14)
        try:
            await _process(worker, codec, number, one)
            if chance.randrange(3) == 0:
                await worker.stores.blocks.merge_small(4)
        except (_Crash, ExceptionGroup):
            crashes += 1
            await worker.stores.close()
            workers[workers.index(worker)] = await Worker.started(settings, codec)
            continue  # nobody acknowledged it: it is given again
        waiting.pop(0)
        if chance.randrange(10) == 0:  # a message that is delivered twice
            waiting.append((number, one))
    assert crashes > 10
    for device in range(_DEVICES):
        await _check(workers[0], codec, [b for b in queue if b.device_id == f"device-{device}"])
    for worker in workers:
        worker.calls_left = None
        await worker.stores.close()


async def _process(worker: Worker, codec: NativeBlockCodec, number: int, one: Batch) -> None:
    """As the use case does it, without rules."""
    ledger = worker.stores.ledger
    for _ in range(20):
        if not await ledger.unapplied([one]):
            return
        before = (await ledger.histories([(ACCOUNT, one.device_id)]))[one.device_id]
        after = history(before.version + 1, device=one.device_id)
        block = stored(codec, one.identity, [_time_ms(number)], device=one.device_id)
        if await ledger.apply([Effects(after, [one], [block])]) == [True]:
            return
        await asyncio.sleep(0)
    raise AssertionError("its turn never came")


async def _check(worker: Worker, codec: NativeBlockCodec, batches: list[Batch]) -> None:
    worker.calls_left = None
    device = batches[0].device_id
    blocks = await worker.stores.blocks.blocks(ACCOUNT, device, Kind.LOCATION, 0, 2**52)
    rows = codec.rows_json(blocks, 0, 2**52)
    assert len(rows) == len(set(rows)) == len(batches)
    found = (await worker.stores.ledger.histories([(ACCOUNT, device)]))[device]
    assert found.version == len(batches)
    assert await worker.stores.ledger.unapplied(batches) == []


def _identity(chance: random.Random, number: int) -> str:
    """Of a numbered agent, of one that enrolled anew, or known by content."""
    kinds = (str(number), f"2.{number}", f"~{number:024x}")
    return kinds[chance.choice((0, 0, 0, 1, 2))]


def _time_ms(number: int) -> int:
    """Over three days; each its own."""
    return TODAY_MS - (number % 3) * DAY_MS + number * 1_000
