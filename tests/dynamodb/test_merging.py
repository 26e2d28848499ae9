"""Strides that two merge at once, one of them far too slowly; what is large; what has expired."""

import asyncio
from random import Random
from typing import Any

import attrs
import fieldpost_native as native
import pytest

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.items import MAX_ITEM_BYTES, Use, integer, size_of
from adapters.outbound.dynamodb.settings import DynamoSettings
from application.ports.device_ledger import Effects, StoredBlock
from application.storing import blocks_of
from domain.batch import Batch
from domain.kinds import Kind
from domain.times import DAY_MS
from tests.contracts.builders import ACCOUNT, DEVICE, NOW_MS, TODAY_MS, batch
from tests.dynamodb.table import CODEC, SetClock, UnitTally, Worker, items_of, opened

pytestmark = pytest.mark.anyio

_PARTITION = keys.device(ACCOUNT, DEVICE)


class SlowClient(DynamoClient):
    """Stops before it puts an item whose key begins with `stops_at`, until it is told to go on."""

    stops_at = ""

    def __init__(self, settings: DynamoSettings) -> None:
        super().__init__(settings, UnitTally())
        self.stopped = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def call(
        self, use: Use, operation: str, request: dict[str, Any], *, of_table: bool = True
    ) -> dict[str, Any]:
        if self.stops_at and any(sort.startswith(self.stops_at) for sort in _put(request)):
            self.stopped.set()
            await self.goes_on.wait()
        return await super().call(use, operation, request, of_table=of_table)


def _put(request: dict[str, Any]) -> list[str]:
    """The sort keys of the items that a call puts."""
    items = [request["Item"]] if "Item" in request else []
    for some in request.get("RequestItems", {}).values():
        items += [one["PutRequest"]["Item"] for one in some if "PutRequest" in one]
    return [item["sk"]["S"] for item in items]


@pytest.mark.parametrize("place", ["day#", "seen#", "journal#base"])
async def test_who_merges_too_slowly_undoes_nothing(
    settings: DynamoSettings, worker: Worker, place: str
) -> None:
    batches = [_upload(number) for number in range(1, 2 * keys.STRIDE + 1)]
    for one in batches:
        await worker.effect(batches=[one], blocks=[_block(one)])
    async with opened(SlowClient(settings)) as slow:
        slow.stops_at = place
        late = asyncio.create_task(Worker.on(slow).merger.merge(ACCOUNT, DEVICE))
        async with asyncio.timeout(10):
            await slow.stopped.wait()
        assert await worker.blocks.merge_small(10) == 2
        # More than a stride, so that what the slow one has read is overwritten.
        for number in range(2 * keys.STRIDE + 1, 3 * keys.STRIDE + 3):
            batches.append(_upload(number))
            await worker.effect(batches=batches[-1:], blocks=[_block(batches[-1])])
        slow.goes_on.set()
        assert await late
        another = Worker.on(slow)
        assert await another.ledger.unapplied(batches) == []
        assert (await another.history()).version == len(batches)
        assert await _count(another) == sum(one.count for one in batches)


async def test_a_ring_that_is_full_is_merged_by_who_needs_the_room(worker: Worker) -> None:
    batches = [_upload(number) for number in range(1, keys.RING + keys.STRIDE)]
    for one in batches:
        await worker.effect(batches=[one], blocks=[_block(one)])
    another = Worker.on(worker.client)
    assert await _count(another) == 10 * len(batches)
    assert await another.ledger.unapplied(batches) == []


async def test_a_block_that_outgrows_its_entry_is_put_by_itself_once(worker: Worker) -> None:
    large = _upload(1, count=600)
    await worker.effect(batches=[large], blocks=[_block(large)])
    assert len(await items_of(worker.client, _PARTITION, "day#")) == 1
    (entry,) = await items_of(worker.client, _PARTITION, "journal#ring")
    assert size_of(entry) < 512
    assert await _count(worker) == 600
    for number in range(2, keys.STRIDE + 1):
        await worker.effect(batches=[_upload(number)])
    assert await worker.blocks.merge_small(1) == 1
    assert await _count(Worker.on(worker.client)) == 600


async def test_a_block_of_a_version_that_another_one_wrote_is_not_read(worker: Worker) -> None:
    mine, theirs = _upload(1, count=600), _upload(2, count=500)
    stale = Worker.on(worker.client)
    await stale.history()
    await worker.effect(batches=[mine], blocks=[_block(mine)])
    with pytest.raises(AssertionError):
        await stale.effect(batches=[theirs], blocks=[_block(theirs)])
    assert await _count(worker) == 600
    assert len(await items_of(worker.client, _PARTITION, "day#")) == 1


async def test_a_block_that_its_writer_could_not_take_back_is_not_read(worker: Worker) -> None:
    mine, theirs = _upload(1, count=600), _upload(2, count=500)
    dying = Worker.on(worker.client)
    before = await dying.history()
    await worker.effect(batches=[mine], blocks=[_block(mine)])
    late = Effects(attrs.evolve(before, version=1), [theirs], [_block(theirs)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker.client, "write_many", _fail)
        with pytest.raises(ConnectionError):
            await dying.ledger.apply([late])
    assert len(await items_of(worker.client, _PARTITION, "day#")) == 2
    assert await _count(worker) == 600
    for number in range(3, keys.STRIDE + 2):
        await worker.effect(batches=[_upload(number)])
    assert await worker.blocks.merge_small(1) == 1
    assert await _count(worker) == 600


async def _fail(*_: Any) -> None:
    raise ConnectionError


async def test_a_block_that_outgrows_an_item_is_split(worker: Worker) -> None:
    times_ms = [TODAY_MS + place * 1_000 for place in range(3_000)]
    urls = [f"https://example.org/{Random(place).getrandbits(1_000):x}" for place in times_ms]
    block = _columns(Kind.WEB_VISIT, time_ms=times_ms, url=urls)
    assert len(block) > MAX_ITEM_BYTES
    whole = StoredBlock(
        ACCOUNT, DEVICE, Kind.WEB_VISIT, TODAY_MS, "1", block, 3_000, times_ms[0], times_ms[-1]
    )
    await worker.effect(blocks=[whole])
    found = await worker.blocks.blocks(ACCOUNT, DEVICE, Kind.WEB_VISIT, 0, 2**52)
    assert len(found) > 1
    assert CODEC.rows_json(found, 0, 2**52) == CODEC.rows_json([block], 0, 2**52)
    items = await items_of(worker.client, _PARTITION, "day#")
    assert all(size_of(item) < 400_000 for item in items)


async def test_days_expire_whole_and_are_not_read_after_that(
    settings: DynamoSettings,
) -> None:
    kept = attrs.evolve(settings, retention_days=3)
    async with opened(DynamoClient(kept, UnitTally())) as client:
        clock = SetClock(NOW_MS)
        worker = Worker.on(client, clock)
        large = _upload(1, count=600)
        await worker.effect(batches=[large], blocks=[_block(large)])
        for number in range(2, keys.STRIDE + 3):
            one = _upload(number)
            await worker.effect(batches=[one], blocks=[_block(one)])
        assert await worker.blocks.merge_small(1) == 1
        all_of_it = 600 + (keys.STRIDE + 1) * 10
        ends_ms = TODAY_MS + 4 * DAY_MS
        for item in await items_of(client, _PARTITION, "day#"):
            assert integer(item, "expires_at") == ends_ms // 1_000
        clock.time_ms = ends_ms - 1
        assert await _count(worker) == all_of_it
        clock.time_ms = ends_ms
        assert await _count(worker) == 0
        # That it was there is known for ever.
        assert await Worker.on(client).ledger.unapplied([large, _upload(2)]) == []


def _upload(number: int, count: int = 10) -> Batch:
    """Small, or a walk by chance, which takes some bytes a step."""
    times_ms = [TODAY_MS + number * 1_000_000 + place * 1_000 for place in range(count)]
    chance = Random(number)
    lat, lon = ([chance.random() for _ in times_ms] for _ in range(2))
    made = batch(number, block=_columns(Kind.LOCATION, time_ms=times_ms, lat=lat, lon=lon))
    return attrs.evolve(made, count=count, first_ms=times_ms[0], last_ms=times_ms[-1])


def _block(one: Batch) -> StoredBlock:
    (block,) = blocks_of(CODEC, [one])
    return block


def _columns(kind: Kind, **columns: Any) -> bytes:
    return native.encode_columns(kind, columns)


async def _count(worker: Worker) -> int:
    found = await worker.blocks.blocks(ACCOUNT, DEVICE, Kind.LOCATION, 0, 2**52)
    return len(CODEC.rows_json(found, 0, 2**52)) if found else 0
