"""The demo: a family is set up, its last days are delivered, and then it goes on living.

Everything goes through the public calls. What has to be remembered between two runs is in the
state file; a second start goes on where the first one stopped.
"""

from pathlib import Path

from adapters.inbound.cli.simulation.calls import calling
from adapters.inbound.cli.simulation.clock import Clock, SystemClock
from adapters.inbound.cli.simulation.couriers import Counts
from adapters.inbound.cli.simulation.dashboard import DashboardApi
from adapters.inbound.cli.simulation.household import Household, Progress
from adapters.inbound.cli.simulation.stage import opened
from adapters.inbound.cli.simulation.world import build

_ATTEMPTS = 12


def quiet(_text: str, _done: int, _total: int) -> None:
    """A progress that nobody sees."""


async def populate(
    base_url: str,
    api_token: str,
    state: Path,
    *,
    seed: int = 1,
    days: int = 7,
    progress: Progress = quiet,
    clock: Clock | None = None,
) -> Counts:
    """Set the family up and deliver its last `days` up to now.

    With the state of an earlier run, only what came after that. `progress` is called with what
    is done, how much of it is done, and how much there is. Raises CallRefused and Unreachable;
    the next run takes up where one broke off.
    """
    clock = clock or SystemClock()
    async with calling(base_url, clock, attempts=_ATTEMPTS) as calls:
        stage = opened(state, build(seed), days, clock, calls)
        record = stage.record
        if not record.settled:
            household = Household(DashboardApi(calls, api_token), progress)
            people = await household.people()
            await household.places_and_rules(people)
            await household.devices(people, record.devices, record.chapter_from_ms)
            stage.expect_lateness()
            record.settled = True
            stage.remember()
        return await stage.deliver_past(progress)


async def live(base_url: str, state: Path, *, seed: int = 1, clock: Clock | None = None) -> None:
    """Let the family go on living, until cancelled. `populate` has to come first.

    A platform that cannot be reached is tried again for as long as it takes.
    """
    clock = clock or SystemClock()
    async with calling(base_url, clock) as calls:
        await opened(state, build(seed), 0, clock, calls).live()
