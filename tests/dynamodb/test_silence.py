"""When devices are looked at for silence, without a write for each upload."""

import pytest

from adapters.outbound.dynamodb import keys
from domain.kinds import Kind
from tests.contracts.builders import ACCOUNT, DEVICE, NOW_MS
from tests.dynamodb.table import UnitTally, Worker, items_of

pytestmark = pytest.mark.anyio

_HOUR_MS = 3_600_000


async def test_an_upload_that_makes_the_device_due_later_writes_nothing_more(
    worker: Worker, tally: UnitTally
) -> None:
    await _due(worker, NOW_MS + _HOUR_MS)
    before = tally.units("write_units", "apply")
    for number in range(1, 6):
        await _due(worker, NOW_MS + _HOUR_MS + number)
    assert tally.units("write_units", "apply") - before == 5
    assert await _listed_ms(worker) == NOW_MS + _HOUR_MS


async def test_who_looks_moves_it_to_when_it_is_due(worker: Worker) -> None:
    await _due(worker, NOW_MS + 1)
    await _due(worker, NOW_MS + _HOUR_MS)
    assert await worker.ledger.silent(NOW_MS + 1, 10) == []
    assert await _listed_ms(worker) == NOW_MS + _HOUR_MS
    (due,) = await worker.ledger.silent(NOW_MS + _HOUR_MS, 10)
    assert due == await worker.history()


async def test_a_device_that_is_due_earlier_is_found_earlier(worker: Worker) -> None:
    await _due(worker, NOW_MS + _HOUR_MS)
    await _due(worker, NOW_MS + 5)
    assert len(await worker.ledger.silent(NOW_MS + 5, 10)) == 1


async def test_a_device_that_is_never_due_is_not_looked_at_again(worker: Worker) -> None:
    await _due(worker, NOW_MS)
    await _due(worker, None)
    assert await worker.ledger.silent(NOW_MS, 10) == []
    assert await items_of(worker.client, keys.device(ACCOUNT, DEVICE), keys.DUE) == []
    await _due(worker, NOW_MS + 7)
    assert len(await worker.ledger.silent(NOW_MS + 7, 10)) == 1


async def test_a_look_that_is_overtaken_moves_nothing(worker: Worker) -> None:
    """Between the look at the item and the move, the device becomes due earlier."""
    await _due(worker, NOW_MS)
    await _due(worker, NOW_MS + _HOUR_MS)
    another = Worker.on(worker.client)
    original = worker.client.update

    async def update(use: object, request: dict[str, object]) -> object:
        if use == "silence":
            await _due(another, NOW_MS + 3)
        return await original(use, request)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker.client, "update", update)
        await worker.ledger.silent(NOW_MS, 10)
    assert await _listed_ms(worker) == NOW_MS + 3
    assert len(await Worker.on(worker.client).ledger.silent(NOW_MS + 3, 10)) == 1


async def test_many_due_devices_come_longest_first_and_once_each(worker: Worker) -> None:
    names = [f"device-{number}" for number in range(30)]
    for number, name in enumerate(names):
        await _due(worker, NOW_MS - number, device=name)
    for name in names[:10]:
        await _due(worker, NOW_MS + _HOUR_MS, device=name)
    found = await worker.ledger.silent(NOW_MS, 100)
    assert [one.device_id for one in found] == names[:9:-1]
    assert len(await worker.ledger.silent(NOW_MS, 7)) == 7


async def _due(worker: Worker, due_ms: int | None, *, device: str = DEVICE) -> None:
    latest = {Kind.LOCATION: {"time_ms": NOW_MS, "lat": 1.0}}
    await worker.effect(device=device, changes={"silence_due_ms": due_ms, "latest": latest})


async def _listed_ms(worker: Worker) -> int:
    (item,) = await items_of(worker.client, keys.device(ACCOUNT, DEVICE), keys.DUE)
    assert item["listed_as"]["S"] == f"{int(item['due_ms']['N']):016d}"
    return int(item["due_ms"]["N"])
