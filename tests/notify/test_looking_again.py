"""What cannot be announced of one device now keeps nothing of the others back, and is not lost."""

from collections.abc import Sequence

import attrs
import pytest

from application.faults import StoreBroken, Unavailable
from application.ports.device_ledger import Effects
from application.use_cases.look_again import LookAgain
from domain.device_history import DeviceHistory
from tests.contracts.builders import ACCOUNT, OTHER_ACCOUNT
from tests.notify.conftest import Platform

pytestmark = pytest.mark.anyio


async def _due(platform: Platform, account_id: str) -> None:
    """A device, of the same name as its account, with an alert that is to be announced."""
    now_ms = platform.clock.now_ms()
    history = DeviceHistory(account_id, account_id, 1, untold=("alert",), silence_due_ms=now_ms)
    assert await platform.container.ledger().apply([Effects(history)]) == [True]


async def _history(platform: Platform, account_id: str) -> DeviceHistory:
    found: DeviceHistory
    found = (await platform.container.ledger().histories([(account_id, account_id)]))[account_id]
    return found


def _looking(platform: Platform, fault: Exception, told: list[str]) -> LookAgain:
    async def announce(account_id: str, alert_ids: Sequence[str]) -> None:
        if account_id == ACCOUNT:
            raise fault
        told.append(account_id)

    look: LookAgain = platform.container.application().look_again
    return attrs.evolve(look, announce=announce)


@pytest.mark.parametrize(
    ("fault", "again_s"), [(Unavailable("the store"), 30), (StoreBroken("a row"), 300)]
)
async def test_one_waits_and_the_others_are_told(
    platform: Platform, fault: Exception, again_s: float
) -> None:
    await _due(platform, ACCOUNT)
    await _due(platform, OTHER_ACCOUNT)
    told: list[str] = []
    await _looking(platform, fault, told)()
    assert told == [OTHER_ACCOUNT]
    kept = await _history(platform, ACCOUNT)
    again_ms = platform.clock.now_ms() + again_s * 1000
    assert (kept.untold, kept.silence_due_ms) == (("alert",), again_ms)
    done = await _history(platform, OTHER_ACCOUNT)
    assert (done.untold, done.silence_due_ms) == ((), None)
