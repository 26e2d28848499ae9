"""A demo with a platform in miniature, which tests start, stop and let time pass for."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.inbound.cli.simulation import demo
from adapters.inbound.cli.simulation.couriers import Counts
from domain.times import from_datetime
from tests.simulation.clocks import DrivenClock
from tests.simulation.platform_double import API_TOKEN, PlatformDouble, running
from tests.simulation.worlds import MINUTE_MS, NOON_MS

DAYS = 2


def ms(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text))


class Demo:
    """A platform, the state beside it, and a clock; each call is a new start."""

    def __init__(self, folder: Path) -> None:
        self.platform = PlatformDouble()
        self.clock = DrivenClock(NOON_MS)
        self.state = folder / "data" / "family.json"
        self.progress: list[tuple[str, int, int]] = []

    def populate(self) -> Counts:
        counts: Counts = self._with(self._populate)
        return counts

    def live(self, minutes: float) -> None:
        """Until so much time has passed."""

        async def until_then(url: str) -> None:
            playing = asyncio.create_task(demo.live(url, self.state, seed=7, clock=self.clock))
            time_ms = round(minutes * MINUTE_MS)
            await self.clock.drive(time_ms, playing, lambda: self.platform.activity)
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await playing

        self._with(until_then)

    async def _populate(self, url: str) -> Counts:
        return await demo.populate(
            url,
            API_TOKEN,
            self.state,
            seed=7,
            days=DAYS,
            progress=lambda *one: self.progress.append(one),
            clock=self.clock,
        )

    def _with(self, act: Callable[[str], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            async with running(self.platform) as url:
                return await act(url)

        return asyncio.run(run())

    def times(self, name: str, kind: str = "location") -> list[str]:
        return [row["time"] for row in self.platform.observations(name, kind)]
