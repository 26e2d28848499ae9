"""Versions of days: beside a process of an older version, a slow one, and once days expire."""

import asyncio

import attrs
import pytest

from adapters.outbound.dynamodb import keys, merging
from adapters.outbound.dynamodb.settings import DynamoSettings
from domain.times import DAY_MS
from tests.contracts.builders import ACCOUNT, DEVICE, TODAY_MS, stored
from tests.dynamodb.table import CODEC, SetClock, UnitTally, Worker, opened
from tests.dynamodb.test_merging import SlowClient

pytestmark = pytest.mark.anyio

_RANGE_MS = (TODAY_MS - DAY_MS, TODAY_MS + 4 * DAY_MS)


async def test_what_an_older_version_merges_is_noticed(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It notes nothing and leaves no markers."""
    await _strides(worker, 0, 1)
    seen = [await _version_of_first_day(worker)]
    with monkeypatch.context() as older:
        older.setattr(merging, "noted", lambda closed: {})
        older.setattr(merging, "markers", lambda *rest: [])
        await _strides(worker, 0)
        seen.append(await _version_of_first_day(worker))
    await _strides(worker, 1, 2)
    seen.append(await _version_of_first_day(worker))
    await _strides(worker, 3)
    seen.append(await _version_of_first_day(worker))
    # Only the last two may be equal: between them the first day got nothing.
    assert len(set(seen)) == 3
    assert seen[2] == seen[3]


@pytest.mark.parametrize("place", ["touched#", "journal#base"])
async def test_who_merges_too_slowly_brings_no_version_back(
    settings: DynamoSettings, worker: Worker, place: str
) -> None:
    await _strides(worker, 1)
    await _entries(worker, keys.STRIDE, 0)
    async with opened(SlowClient(settings)) as slow:
        slow.stops_at = place
        late = asyncio.create_task(Worker.on(slow).merger.merge(ACCOUNT, DEVICE))
        async with asyncio.timeout(10):
            await slow.stopped.wait()
        await worker.merger.merge(ACCOUNT, DEVICE)
        seen = [await _version_of_first_day(worker)]
        await _strides(worker, 0)
        seen.append(await _version_of_first_day(worker))
        slow.goes_on.set()
        await late
        assert await _version_of_first_day(worker) == seen[1] != seen[0]


async def test_days_that_have_expired_have_no_version(settings: DynamoSettings) -> None:
    kept = attrs.evolve(settings, retention_days=30)
    clock = SetClock()
    async with opened(SlowClient(kept)) as client:
        worker = Worker.on(client, clock)
        await _strides(worker, 0, 1)
        assert set(await _versions(worker)) >= {TODAY_MS, TODAY_MS + DAY_MS}
        clock.time_ms = TODAY_MS + 31 * DAY_MS
        assert TODAY_MS not in await _versions(worker)
        assert TODAY_MS + DAY_MS in await _versions(worker)


async def test_versions_cost_the_journal_and_little_more(tally: UnitTally, worker: Worker) -> None:
    """And not what the days hold."""
    await _strides(worker, *range(40), *range(40))
    before = tally.units("read_units", "read_day")
    found = await worker.blocks.versions(ACCOUNT, DEVICE, TODAY_MS, TODAY_MS + 40 * DAY_MS)
    assert len(found) == 40
    assert tally.units("read_units", "read_day") - before <= 8


async def _version_of_first_day(worker: Worker) -> str:
    return (await _versions(worker))[TODAY_MS]


async def _versions(worker: Worker) -> dict[int, str]:
    return await worker.blocks.versions(ACCOUNT, DEVICE, *_RANGE_MS)


async def _strides(worker: Worker, *days: int) -> None:
    """A stride of blocks of each of these days, merged one after the other."""
    for day in days:
        await _entries(worker, keys.STRIDE, day)
        assert await worker.merger.merge(ACCOUNT, DEVICE)


async def _entries(worker: Worker, count: int, day: int) -> None:
    for _ in range(count):
        version = (await worker.history()).version
        time_ms = TODAY_MS + day * DAY_MS + version
        await worker.effect(blocks=[stored(CODEC, version, [time_ms])])
