"""What every intake queue must do."""

import asyncio

import pytest

from application.faults import Unavailable
from application.ports.intake_queue import MAX_ASKED, Intake, IntakeQueue
from domain.batch import Batch
from domain.kinds import Kind
from tests.contracts.assembly import Assembly, StoreContract, Stores
from tests.contracts.builders import (
    ACCOUNT,
    DEVICE,
    accepted,
    batch,
    depth_becomes,
    processed,
    quarantined,
    taken,
)

SOON_S = 10.0


class IntakeQueueContract(StoreContract):
    PORT = IntakeQueue

    async def test_a_batch_comes_out_as_it_went_in(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            went_in = [batch(n, block=bytes([n]) * 50_000) for n in range(20)]
            await accepted(stores, *went_in)
            assert await taken(stores, 20) == went_in

    async def test_a_duplicate_is_of_the_same_device_kind_and_identity(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            first = batch(1)
            others = [batch(2), batch(1, kind=Kind.CALL)]
            elsewhere = batch(1, device="device-2")
            assert await stores.queue.accept(Intake([first, first])) == [True, False]
            answers = await stores.queue.accept(Intake([first, *others, batch(1, block=b"x")]))
            assert answers == [False, True, True, False]
            assert await stores.queue.accept(Intake([elsewhere])) == [True]
            found = await taken(stores, 4)
            assert sorted(map(_key, found)) == sorted(map(_key, [first, *others, elsewhere]))

    async def test_a_finished_batch_is_a_duplicate_for_ever(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, batch(1))
            await processed(stores, 1)
            assert await stores.queue.accept(Intake([batch(1)])) == [False]
        async with assembly.opened() as stores:
            assert await stores.queue.accept(Intake([batch(1)])) == [False]
            await depth_becomes(stores, 0)

    async def test_the_live_lane_goes_first_and_each_lane_in_order(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            late = [batch(n, late=True) for n in range(5)]
            live = [batch(n, kind=Kind.CALL) for n in range(5)]
            for one, another in zip(late, live, strict=True):
                await accepted(stores, one, another)
            await assembly.arrived(stores)
            found: list[Batch] = []
            while len(found) < 10:
                some = await stores.queue.take(3)
                assert 1 <= len(some) <= 3
                await stores.queue.finish(some)
                found += some
            assert found == live + late

    async def test_what_is_live_does_not_wait_behind_what_came_before(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, *(batch(n, late=True) for n in range(10)))
            await assembly.arrived(stores)
            await stores.queue.finish(await stores.queue.take(2))
            await accepted(stores, batch(99))
            await assembly.arrived(stores)
            assert (await stores.queue.take(2))[0] == batch(99)

    async def test_the_order_outlives_a_restart(self, assembly: Assembly) -> None:
        expected = [*(batch(n) for n in (1, 2)), *(batch(n, late=True) for n in (3, 4, 5))]
        async with assembly.opened() as stores:
            await accepted(stores, expected[2], expected[0], expected[3])
        async with assembly.opened() as stores:
            await accepted(stores, expected[1], expected[4])
            await assembly.arrived(stores)
            assert await stores.queue.take(100) == expected

    async def test_taking_waits_until_there_is_something(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            taking = asyncio.create_task(stores.queue.take(10))
            await asyncio.sleep(0)
            assert not taking.done()
            await accepted(stores, batch(1))
            assert await asyncio.wait_for(taking, SOON_S) == [batch(1)]

    async def test_what_was_taken_and_not_finished_is_given_again_after_a_restart(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, batch(1))
            await accepted(stores, batch(2))
            assert len(await taken(stores, 2)) == 2
            await stores.queue.finish([batch(1)])
            await depth_becomes(stores, 1)
        async with assembly.opened() as stores:
            await depth_becomes(stores, 1)
            assert await asyncio.wait_for(stores.queue.take(10), SOON_S) == [batch(2)]

    async def test_depth_counts_what_is_not_finished(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await depth_becomes(stores, 0)
            for number in (1, 2, 3):
                await accepted(stores, batch(number))
            await stores.queue.accept(Intake([batch(1)]))
            await depth_becomes(stores, 3)
            await assembly.arrived(stores)
            some = await stores.queue.take(2)
            await depth_becomes(stores, 3)
            await stores.queue.finish(some)
            await depth_becomes(stores, 1)

    async def test_one_of_many_callers_at_once_has_the_new_batch(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            uploads = [Intake([batch(n % 20), batch(1_000 + n)]) for n in range(200)]
            answers = await asyncio.gather(*(stores.queue.accept(one) for one in uploads))
            assert sum(first for first, _ in answers) == 20
            assert all(second for _, second in answers)
            identities = [one.identity for one in await taken(stores, 220)]
            assert len(set(identities)) == 220

    async def test_accepting_and_taking_at_once_loses_nothing(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            found: list[Batch] = []

            async def take_all() -> None:
                while len(found) < 300:
                    some = await stores.queue.take(7)
                    await stores.queue.finish(some)
                    found.extend(some)

            taking = asyncio.create_task(take_all())
            uploads = [Intake([batch(n, late=n % 3 == 0)]) for n in range(300)]
            await asyncio.gather(*(stores.queue.accept(one) for one in uploads))
            await asyncio.wait_for(taking, SOON_S)
            assert sorted(int(one.identity) for one in found) == list(range(300))
            await depth_becomes(stores, 0)

    async def test_an_upload_is_kept_whole_or_not_at_all(self, assembly: Assembly) -> None:
        upload = Intake([batch(1), batch(2)], [quarantined(1)])
        async with assembly.opened() as stores:
            with assembly.unavailable(), pytest.raises(Unavailable) as refused:
                await stores.queue.accept(upload)
            assert refused.value.retry_after_s > 0
            await depth_becomes(stores, 0)
            assert (await stores.quarantine.page(ACCOUNT, None, 10)).items == []
            assert await _accepted_at_last(stores, upload) == [True, True]
            assert await taken(stores, 2) == [batch(1), batch(2)]
            await stores.queue.finish([batch(1), batch(2)])
            assert (await stores.quarantine.page(ACCOUNT, None, 10)).items == [quarantined(1)]

    async def test_what_was_left_out_of_a_batch_is_kept_with_it_and_once(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            await stores.queue.accept(Intake([batch(1), batch(2, left_out=quarantined(1))]))
            # Sent again it would leave another copy: an entry is numbered as it comes.
            again = [batch(3), batch(2, left_out=quarantined(2)), batch(1, left_out=quarantined(3))]
            assert await stores.queue.accept(Intake(again)) == [True, False, False]
            await processed(stores, 3)
            assert (await stores.quarantine.page(ACCOUNT, None, 10)).items == [quarantined(1)]

    async def test_uploads_at_once_keep_their_own_remains(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            uploads = [
                Intake([batch(f"{n}-a"), batch(n // 2, left_out=quarantined(n))]) for n in range(40)
            ]
            answers = await asyncio.gather(*(stores.queue.accept(one) for one in uploads))
            expected = {n for n, (_, new) in enumerate(answers) if new}
            await processed(stores, 60)
            items = (await stores.quarantine.page(ACCOUNT, None, 100)).items
            assert {one.id for one in items} == {quarantined(n).id for n in expected}
            assert len(expected) == 20

    async def test_what_had_its_effects_is_known(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            for one in (batch(1), batch(2, kind=Kind.CALL), batch(3, device="device-2")):
                await accepted(stores, one)
                await processed(stores, 1, device=one.device_id)
        async with assembly.opened() as stores:
            kinds = (Kind.LOCATION, Kind.CALL)
            keys = [(kind, str(n)) for n in (3, 2, 1, 0) for kind in kinds]
            asked = [keys[4], *keys]
            known = await stores.queue.known(ACCOUNT, DEVICE, asked)
            assert [key for key, yes in zip(asked, known, strict=True) if yes] == [
                (Kind.LOCATION, "1"),
                (Kind.CALL, "2"),
                (Kind.LOCATION, "1"),
            ]
            assert await stores.queue.known(ACCOUNT, "device-2", [(Kind.LOCATION, "3")]) == [True]
            assert await stores.queue.known(ACCOUNT, DEVICE, []) == []

    async def test_many_are_asked_for_at_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.queue.accept(Intake([batch(n) for n in range(0, MAX_ASKED, 3)]))
            keys = [(Kind.LOCATION, str(n)) for n in range(MAX_ASKED)]
            known = await stores.queue.known(ACCOUNT, DEVICE, keys)
            assert known == [n % 3 == 0 for n in range(MAX_ASKED)]

    async def test_a_caller_that_goes_leaves_all_or_nothing(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            for moment in range(30):
                caller = asyncio.create_task(stores.queue.accept(Intake([batch(moment)])))
                for _ in range(moment):
                    await asyncio.sleep(0)
                caller.cancel()
                await asyncio.gather(caller, return_exceptions=True)
                await stores.queue.accept(Intake([batch(moment)]))
            await depth_becomes(stores, 30)
            # Nobody else has to come by for it to be processed.
            assert [one.identity for one in await taken(stores, 30)] == [str(n) for n in range(30)]

    async def test_a_batch_whose_caller_has_gone_is_processed_all_the_same(
        self, assembly: Assembly
    ) -> None:
        async with assembly.opened() as stores:
            caller = asyncio.create_task(stores.queue.accept(Intake([batch(1)])))
            await asyncio.sleep(0)
            caller.cancel()
            await asyncio.gather(caller, return_exceptions=True)
            (new,) = await stores.queue.accept(Intake([batch(1)]))
            some = await asyncio.wait_for(stores.queue.take(10), SOON_S)
            assert some == [batch(1)], f"the second caller was told {new}"
            await stores.queue.finish(some)
            await depth_becomes(stores, 0)

    async def test_a_taker_that_goes_takes_nothing_with_it(self, assembly: Assembly) -> None:
        for steps in range(25):
            batches = [batch(f"{steps}-{n}", late=n > 2) for n in range(6)]
            async with assembly.opened() as stores:
                await accepted(stores, *batches)
            async with assembly.opened() as stores:
                taker = asyncio.create_task(stores.queue.take(10))
                for _ in range(steps):
                    await asyncio.sleep(0.0002 if steps > 12 else 0)
                taker.cancel()
                (found,) = await asyncio.gather(taker, return_exceptions=True)
                some = found if isinstance(found, list) else []
                some += await taken(stores, 6 - len(some))
                assert sorted(map(_key, some)) == sorted(map(_key, batches)), f"after {steps} steps"
                await stores.queue.finish(some)


def _key(one: Batch) -> tuple[str, str, str]:
    return one.device_id, one.kind, one.identity


async def _accepted_at_last(stores: Stores, upload: Intake) -> list[bool]:
    """As an agent does that comes again until it is heard."""
    async with asyncio.timeout(SOON_S):
        while True:
            try:
                return await stores.queue.accept(upload)
            except Unavailable:
                await asyncio.sleep(0.05)
