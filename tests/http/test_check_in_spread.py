"""A fleet that was woken at once does not come back as one wave."""

import asyncio
from pathlib import Path
from statistics import mean

from adapters.inbound.cli.serving import opened
from application.ports.intake_queue import Intake
from application.use_cases.check_in import CHECK_IN_EVERY_S, MAX_CHECK_IN_S, CheckIn
from bootstrap import embedded
from domain.batch import Batch
from domain.kinds import Kind
from tests.support.client import Account

_CALLS = 200


def test_agents_are_told_different_times(account: Account) -> None:
    device = account.enrolled()
    told = [device.check_in()["next_check_in_s"] for _ in range(_CALLS)]
    assert min(told) >= 0.75 * CHECK_IN_EVERY_S - 1
    assert max(told) <= 1.25 * CHECK_IN_EVERY_S + 1
    # Even over the whole half of the interval: each fifth of it is hit.
    fifths = {int((one - 0.75 * CHECK_IN_EVERY_S) // (0.1 * CHECK_IN_EVERY_S)) for one in told}
    assert fifths >= {0, 1, 2, 3, 4}
    assert len(set(told)) > _CALLS / 4


def test_the_first_check_in_after_enrolment_is_spread_too(account: Account) -> None:
    told = {account.device().enrol()["next_check_in_s"] for _ in range(6)}
    assert len(told) > 1


def test_the_more_waits_the_later_they_shall_come(tmp_path: Path) -> None:
    async def run() -> list[float]:
        container = embedded(tmp_path / "data")
        async with opened(container, alone=True):
            check_in: CheckIn = container.application().services.check_in
            found = []
            for number in range(4):
                found.append(mean(check_in.next_check_in_s() for _ in range(_CALLS)))
                batches = [_batch(number, one) for one in range(4_000 * 4**number)]
                await container.queue().accept(Intake(batches))
            return found

    at_rest, loaded, more, most = asyncio.run(run())
    assert 0.9 * CHECK_IN_EVERY_S < at_rest < 1.1 * CHECK_IN_EVERY_S
    assert 1.7 * at_rest < loaded < 2.3 * at_rest
    assert loaded < more <= most <= 1.25 * MAX_CHECK_IN_S


def _batch(round_: int, number: int) -> Batch:
    return Batch("a", f"d{number % 50}", Kind.CALL, f"{round_}-{number}", b"x", 1, 0, 0, 0)
