"""Which batches had their effects: never a wrong yes, and no look where none is needed."""

import attrs
import pytest

from adapters.outbound.dynamodb import keys
from domain.batch import Batch, identity_of_content, identity_of_sequence
from domain.kinds import Kind
from tests.contracts.builders import ACCOUNT, DEVICE, OTHER_ACCOUNT, batch
from tests.dynamodb.table import UnitTally, Worker

pytestmark = pytest.mark.anyio


async def test_numbers_are_known_in_the_journal_and_after_it(worker: Worker) -> None:
    await _apply(worker, [batch(number) for number in range(2, 80, 2)])
    assert await worker.blocks.merge_small(5) == 1
    another = Worker.on(worker.client)
    asked = [(Kind.LOCATION, str(number)) for number in range(100)]
    expected = [number in range(2, 80, 2) for number in range(100)]
    assert await another.ledger.applied(ACCOUNT, DEVICE, asked) == expected
    assert await another.ledger.applied(ACCOUNT, DEVICE, [(Kind.CALL, "2")]) == [False]
    assert await another.ledger.applied(OTHER_ACCOUNT, DEVICE, asked[2:3]) == [False]
    assert await another.ledger.applied(ACCOUNT, DEVICE, []) == []


async def test_numbers_of_another_enrolment_are_others(worker: Worker) -> None:
    second = [batch(identity_of_sequence(number, 2)) for number in range(1, 40)]
    await _apply(worker, second)
    await worker.blocks.merge_small(5)
    first = [batch(number) for number in range(1, 40)]
    assert await Worker.on(worker.client).ledger.unapplied([*second, *first]) == first


async def test_a_batch_by_content_is_found_when_it_is_sent_again(worker: Worker) -> None:
    sent = [_by_content(number) for number in range(40)]
    await _apply(worker, sent)
    assert await worker.blocks.merge_small(5) == 1
    another = Worker.on(worker.client)
    new = _by_content(99)
    assert await another.ledger.unapplied([*sent, new]) == [new]
    told = await another.ledger.applied(ACCOUNT, DEVICE, [(b.kind, b.identity) for b in sent])
    # Those that are merged would have to be looked for on every day.
    assert told == [number >= keys.STRIDE for number in range(40)]


async def test_the_same_batch_twice_in_one_go_has_no_effects(worker: Worker) -> None:
    with pytest.raises(AssertionError):
        await worker.effect(batches=[batch(1), batch(1)])
    assert (await worker.history()).version == 0


async def test_batches_in_order_are_applied_without_reading(
    worker: Worker, tally: UnitTally
) -> None:
    await _apply(worker, [batch(number) for number in range(1, 41)])
    await worker.blocks.merge_small(5)
    before = {use: tally.units("read_units", use) for use in ("apply", "applied", "histories")}
    writes = tally.units("write_units", "apply")
    await _apply(worker, [batch(number) for number in range(41, 51)])
    assert {use: tally.units("read_units", use) for use in before} == before
    assert tally.units("write_units", "apply") - writes == 10


async def _apply(worker: Worker, batches: list[Batch]) -> None:
    for one in batches:
        await worker.effect(batches=[one])


def _by_content(number: int) -> Batch:
    """All of one second: none is certainly new by its time."""
    made = batch(identity_of_content(f"block {number}".encode()))
    return attrs.evolve(made, last_ms=made.first_ms)
