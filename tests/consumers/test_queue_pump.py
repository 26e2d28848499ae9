"""Rounds that hang, and devices that the store does not take, hold up nobody else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import attrs
import pytest

from adapters.inbound.consumers.queue_pump import ProcessingHangs, QueuePump
from application.faults import StoreBroken, StoreClosed, Unavailable
from application.ports.device_ledger import DeviceLedger, Effects
from application.ports.intake_queue import Intake
from application.use_cases.process_batches import ProcessBatches
from domain.batch import Batch
from domain.device import Device
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from tests.contracts.builders import ACCOUNT, NOW_MS, batch, encoded
from tests.contracts.entities import person

pytestmark = pytest.mark.anyio

SOON_S = 30.0
DEVICES = ("device-1", "device-2", "device-3")
BAD = DEVICES[1]


@attrs.frozen
class CheckedLedger:
    """The real ledger, after `check` has looked at the devices whose effects are to be made."""

    ledger: DeviceLedger
    check: Callable[[Sequence[str]], Any]

    async def histories(self, devices: Sequence[tuple[str, str]]) -> dict[str, DeviceHistory]:
        return await self.ledger.histories(devices)

    async def unapplied(self, batches: Sequence[Batch]) -> list[Batch]:
        return await self.ledger.unapplied(batches)

    async def apply(self, effects: Sequence[Effects]) -> list[bool]:
        await self.check([one.history.device_id for one in effects])
        return await self.ledger.apply(effects)

    async def silent(self, now_ms: int, limit: int) -> list[DeviceHistory]:
        return await self.ledger.silent(now_ms, limit)


@pytest.fixture
async def uploads(container: Any) -> list[Batch]:
    """Accepted: a batch of each device."""
    async with container.configuration().changing() as tx:
        await tx.people.add(person("p"))
        for device in DEVICES:
            await tx.devices.add(Device(device, ACCOUNT, "p", device, "android", NOW_MS))
    block = encoded(
        container.codec(), Kind.LOCATION, [NOW_MS - ago_ms for ago_ms in (3_000, 2_000, 1_000)]
    )
    uploads = [batch(device=device, block=block) for device in DEVICES]
    for one in uploads:
        await container.queue().accept(Intake([one]))
    return uploads


def pump_of(container: Any, check: Callable[[Sequence[str]], Any], **options: Any) -> QueuePump:
    application = container.application()
    process = ProcessBatches(
        CheckedLedger(container.ledger(), check),
        application.directory,
        container.codec(),
        container.feed(),
        container.clock(),
        container.tally(),
    )
    return QueuePump(
        container.queue(), process, container.quarantine(), container.tally(), **options
    )


@asynccontextmanager
async def pumping(
    container: Any, check: Callable[[Sequence[str]], Any], **options: Any
) -> AsyncIterator["asyncio.Task[None]"]:
    running = asyncio.create_task(pump_of(container, check, **options).run())
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def finished(container: Any) -> None:
    async with asyncio.timeout(SOON_S):
        while container.queue().depth():
            await asyncio.sleep(0.02)


async def applied(container: Any, uploads: list[Batch]) -> list[str]:
    unapplied = await container.ledger().unapplied(uploads)
    return [one.device_id for one in uploads if one not in unapplied]


async def shelved(container: Any) -> list[tuple[str, str, bytes]]:
    items = (await container.quarantine().page(ACCOUNT, None, 10)).items
    return [(one.device_id, one.reason, one.payload) for one in items]


async def test_a_device_that_the_store_does_not_take_is_kept_aside(
    container: Any, uploads: list[Batch]
) -> None:
    tries = 0

    async def check(devices: Sequence[str]) -> None:
        nonlocal tries
        if BAD in devices:
            tries += devices == [BAD]
            raise StoreBroken("it is too large")

    async with pumping(container, check):
        await finished(container)
    assert await applied(container, uploads) == [DEVICES[0], DEVICES[2]]
    assert await shelved(container) == [(BAD, "gave_up", uploads[1].block)]
    assert tries == 3
    said = container.tally().exposition(0).decode()
    assert 'event="quarantined_batches",reason="gave_up"} 1.0' in said


async def test_a_store_that_lets_nobody_in_is_waited_for(
    container: Any, uploads: list[Batch]
) -> None:
    tries = 0

    async def check(devices: Sequence[str]) -> None:
        nonlocal tries
        tries += 1
        if tries <= 5:
            raise StoreClosed("access denied")

    async with pumping(container, check):
        await finished(container)
    assert await applied(container, uploads) == [*DEVICES]
    assert await shelved(container) == []
    assert tries == 6


async def test_a_failure_that_passes_costs_nobody_anything(
    container: Any, uploads: list[Batch]
) -> None:
    failures: list[Exception] = [
        StoreBroken("it is strange"),
        StoreBroken("still"),
        Unavailable("it is away"),
    ]

    async def check(devices: Sequence[str]) -> None:
        if BAD in devices and failures:
            raise failures.pop()

    async with pumping(container, check):
        await finished(container)
    assert failures == []
    assert await applied(container, uploads) == [*DEVICES]
    assert await shelved(container) == []


async def test_a_round_that_hangs_ends_the_pump_and_loses_nothing(
    container: Any, uploads: list[Batch]
) -> None:
    async def hang(_: Sequence[str]) -> None:
        await asyncio.Event().wait()

    async with pumping(container, hang, hangs_after_s=0.1) as running:
        async with asyncio.timeout(SOON_S):
            await asyncio.wait([running])
        with pytest.raises(ProcessingHangs, match=r"longer than 0.1 s"):
            running.result()
    assert await applied(container, uploads) == []
    assert container.queue().depth() == len(DEVICES)


async def test_a_device_that_hangs_by_itself_ends_the_pump_too(
    container: Any, uploads: list[Batch]
) -> None:
    async def check(devices: Sequence[str]) -> None:
        if devices == [BAD]:
            await asyncio.Event().wait()
        if BAD in devices:
            raise StoreBroken("it is too large")

    async with pumping(container, check, hangs_after_s=0.5) as running:
        async with asyncio.timeout(SOON_S):
            await asyncio.wait([running])
        with pytest.raises(ProcessingHangs):
            running.result()
    assert await applied(container, uploads) == [DEVICES[0]]


async def test_a_time_out_of_the_store_s_own_is_no_hanging(
    container: Any, uploads: list[Batch]
) -> None:
    async def check(_: Sequence[str]) -> None:
        raise TimeoutError("ours")

    async with pumping(container, check, hangs_after_s=SOON_S) as running:
        async with asyncio.timeout(SOON_S):
            await asyncio.wait([running])
        with pytest.raises(TimeoutError, match="ours"):
            running.result()


async def test_who_is_stopped_ends_the_round_and_begins_no_other(
    container: Any, uploads: list[Batch]
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def check(_: Sequence[str]) -> None:
        begun.set()
        await go_on.wait()

    pump = pump_of(container, check, at_once=1)
    running = asyncio.create_task(pump.run())
    async with asyncio.timeout(SOON_S):
        await begun.wait()
        stopping = asyncio.create_task(pump.stop())
        await asyncio.sleep(0)
        assert not stopping.done(), "a round is under way"
        go_on.set()
        await stopping
        await running
    assert len(await applied(container, uploads)) == 1
    assert container.queue().depth() == len(DEVICES) - 1
