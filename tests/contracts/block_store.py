"""What every block store must do."""

import asyncio
from random import Random

import pytest

from application.ports.block_store import BlockStore
from domain.kinds import Kind
from domain.times import DAY_MS
from tests.contracts.assembly import Assembly, StoreContract, Stores
from tests.contracts.builders import (
    ACCOUNT,
    DEVICE,
    OTHER_ACCOUNT,
    TODAY_MS,
    effect,
    stored,
)

ALL_MS = (0, 2**52)
AROUND_MS = (TODAY_MS - 2 * DAY_MS, TODAY_MS + 40 * DAY_MS)
MANY = 40
"""More small blocks on a day than any store leaves unmerged."""


class BlockStoreContract(StoreContract):
    PORT = BlockStore

    async def test_blocks_come_by_their_first_event_time(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            starts = [50, 10, 90, 30, DAY_MS + 5, -DAY_MS]
            blocks = [
                stored(stores.codec, n, [TODAY_MS + s, TODAY_MS + s + 100])
                for n, s in enumerate(starts)
            ]
            await effect(stores, blocks=blocks)
            in_order = sorted(blocks, key=lambda block: block.first_ms)
        async with assembly.opened() as stores:
            assert await _blocks(stores) == [block.block for block in in_order]

    async def test_a_range_has_its_start_and_not_its_end(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            first, last = TODAY_MS + 1_000, TODAY_MS + 5_000
            block = stored(stores.codec, 1, [first, last])
            await effect(stores, blocks=[block])

            async def found(from_ms: int, to_ms: int) -> bool:
                return bool(await _blocks(stores, from_ms, to_ms))

            assert await found(first, last + 1)
            assert await found(last, last + 1)
            assert await found(0, first + 1)
            assert await found(first + 1, last)  # nothing in it, but the block spans it
            assert not await found(last + 1, last + DAY_MS)
            assert not await found(first - DAY_MS, first)

    async def test_a_block_is_of_one_account_device_and_kind(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            block = stored(stores.codec, 1, [TODAY_MS])
            app_use = stored(stores.codec, 1, [TODAY_MS], kind=Kind.APP_USE)
            another = stored(stores.codec, 1, [TODAY_MS + 1], device="device-2")
            await effect(stores, blocks=[block, app_use])
            await effect(stores, blocks=[another], device="device-2")
            assert await _blocks(stores) == [block.block]
            store = stores.blocks
            assert await store.blocks(OTHER_ACCOUNT, DEVICE, Kind.LOCATION, *ALL_MS) == []
            assert await store.blocks(ACCOUNT, "device-2", Kind.LOCATION, *ALL_MS) == [
                another.block
            ]
            kinds = [Kind.LOCATION, Kind.APP_USE, Kind.CALL]
            found = await store.blocks_of_kinds(ACCOUNT, DEVICE, kinds, *ALL_MS)
            assert found == {
                Kind.LOCATION: [block.block],
                Kind.APP_USE: [app_use.block],
                Kind.CALL: [],
            }

    async def test_the_same_block_is_stored_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            block = stored(stores.codec, 1, [TODAY_MS])
            tomorrow = stored(stores.codec, 1, [TODAY_MS + DAY_MS])
            await effect(stores, blocks=[block, tomorrow])
            await effect(stores, blocks=[block, tomorrow])
            assert await _blocks(stores) == [block.block, tomorrow.block]

    async def test_merging_keeps_every_observation(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await _fill(stores, 0)
            large = stored(stores.codec, "large", [TODAY_MS + n for n in range(400)])
            await effect(stores, blocks=[large])
            before = await _rows(stores)
            assert len(before) == MANY + 400
            assert await stores.blocks.merge_small(10) == 1
            assert await _rows(stores) == before
            assert len(await _blocks(stores)) <= MANY // 2
            assert await stores.blocks.merge_small(10) == 0
        async with assembly.opened() as stores:
            assert await _rows(stores) == before

    async def test_a_merged_day_takes_more_and_is_merged_again(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await _fill(stores, 0)
            await stores.blocks.merge_small(10)
            await _fill(stores, 1)
            before = await _rows(stores)
            assert len(before) == 2 * MANY
            assert await stores.blocks.merge_small(10) == 1
            assert await _rows(stores) == before

    async def test_few_blocks_are_not_worth_it_and_the_limit_is_kept(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            await effect(stores, blocks=[stored(stores.codec, "one", [TODAY_MS])])
            assert await stores.blocks.merge_small(10) == 0
            for device in ("a", "b", "c"):
                await _fill(stores, 0, device=device)
            assert await stores.blocks.merge_small(2) == 2
            assert await stores.blocks.merge_small(2) == 1
            assert await stores.blocks.merge_small(2) == 0

    async def test_readers_never_see_a_merge_half_done(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            devices = [f"device-{number}" for number in range(6)]
            for device in devices:
                await _fill(stores, 0, device=device)
            before = [await _rows(stores, device) for device in devices]
            merging = asyncio.create_task(stores.blocks.merge_small(10))
            seen = 0
            while not merging.done() or seen == 0:
                assert [await _rows(stores, device) for device in devices] == before
                seen += 1
            assert await merging == 6

    async def test_storing_and_merging_at_once_loses_nothing(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await _fill(stores, 0)
            filling = asyncio.create_task(_fill(stores, 1))
            while not filling.done():
                await stores.blocks.merge_small(10)
                await asyncio.sleep(0)  # a store that has nothing to merge does not wait
            await filling
            assert len(await _rows(stores)) == 2 * MANY

    async def test_a_day_has_another_version_with_each_block_of_it(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            assert await _versions(stores) == {}
            seen = []
            for number in range(3):
                block = stored(stores.codec, number, [TODAY_MS + number])
                await effect(stores, blocks=[block])
                seen.append((await _versions(stores))[TODAY_MS])
            app_use = stored(stores.codec, 9, [TODAY_MS], kind=Kind.APP_USE)
            await effect(stores, blocks=[app_use])
            seen.append((await _versions(stores))[TODAY_MS])
            assert len(set(seen)) == 4
            assert TODAY_MS - DAY_MS not in await _versions(stores)
        async with assembly.opened() as stores:
            assert (await _versions(stores))[TODAY_MS] == seen[-1]

    async def test_versions_are_of_one_account_and_device(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await effect(stores, blocks=[stored(stores.codec, 1, [TODAY_MS])])
            store = stores.blocks
            for account, device in ((OTHER_ACCOUNT, DEVICE), (ACCOUNT, "device-2")):
                assert await store.versions(account, device, *AROUND_MS) == {}

    async def test_versions_of_days_that_are_over_stay(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            days = [TODAY_MS + n * DAY_MS for n in range(5)]
            for day_ms in days:
                for number in range(MANY):
                    block = stored(stores.codec, f"{day_ms}-{number}", [day_ms + number * 1_000])
                    await effect(stores, blocks=[block])
                await stores.blocks.merge_small(10)
            over = [(await _versions(stores))[day_ms] for day_ms in days[:3]]
            for number in range(MANY):
                block = stored(stores.codec, f"more-{number}", [days[-1] + number * 1_000 + 1])
                await effect(stores, blocks=[block])
            await stores.blocks.merge_small(10)
            assert [(await _versions(stores))[day_ms] for day_ms in days[:3]] == over

    @pytest.mark.parametrize("seed", range(4))
    async def test_a_version_stands_for_one_content(self, assembly: Assembly, seed: int) -> None:
        """However days take turns, and whenever they are merged."""
        chance = Random(seed)
        contents: dict[tuple[int, str], list[bytes]] = {}
        async with assembly.opened() as stores:
            newest = 2
            for number in range(260):
                newest += chance.random() < 0.05
                day = newest if chance.random() < 0.9 else chance.randrange(newest + 2)
                for one in range(chance.choice((1, 1, 1, 3))):
                    time_ms = TODAY_MS + day * DAY_MS + number * 1_000 + one
                    block = stored(stores.codec, f"{number}-{one}", [time_ms])
                    await effect(stores, blocks=[block])
                if chance.random() < 0.1:
                    await stores.blocks.merge_small(10)
                if chance.random() < 0.3:
                    versions = await _versions(stores)
                    for day_ms in (TODAY_MS + n * DAY_MS for n in range(newest + 2)):
                        blocks = await _blocks(stores, day_ms, day_ms + DAY_MS)
                        rows = stores.codec.rows_json(blocks, *ALL_MS)
                        key = day_ms, versions.get(day_ms, "")
                        assert contents.setdefault(key, rows) == rows
                        assert rows == [] or day_ms in versions


async def _versions(stores: Stores) -> dict[int, str]:
    return await stores.blocks.versions(ACCOUNT, DEVICE, *AROUND_MS)


async def _fill(stores: Stores, round_: int, *, device: str = DEVICE) -> None:
    """Small blocks of one day, each in an effect of its own."""
    for number in range(MANY):
        time_ms = TODAY_MS + number * 1_000 + round_
        block = stored(stores.codec, f"{round_}-{number}", [time_ms], device=device)
        await effect(stores, blocks=[block], device=device)


async def _blocks(
    stores: Stores, from_ms: int = 0, to_ms: int = 2**52, device: str = DEVICE
) -> list[bytes]:
    return await stores.blocks.blocks(ACCOUNT, device, Kind.LOCATION, from_ms, to_ms)


async def _rows(stores: Stores, device: str = DEVICE) -> list[bytes]:
    return stores.codec.rows_json(await _blocks(stores, device=device), *ALL_MS)
