"""Clocks that do not wait."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from typing import Any

_QUIET = 3
"""So many looks in a row without a change, and everybody waits for the clock."""


class SteppedClock:
    """For one sleeper at a time: it moves when somebody sleeps, and then at once.

    `slept_s` are the sleeps, in order.
    """

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self.slept_s: list[float] = []

    def now_ms(self) -> int:
        return self._now_ms

    def pass_ms(self, ms: int) -> None:
        self._now_ms += ms

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self._now_ms += round(seconds * 1000)
        await asyncio.sleep(0)


class DrivenClock:
    """For many sleepers: it moves when it is driven, from one awakening to the next, and only
    once what was woken has come to rest.
    """

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._order = itertools.count()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []

    def now_ms(self) -> int:
        return self._now_ms

    def pass_ms(self, ms: int) -> None:
        self._now_ms += ms

    async def sleep(self, seconds: float) -> None:
        wakes_ms = self._now_ms + max(0, round(seconds * 1000))
        awakening: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (wakes_ms, next(self._order), awakening))
        await awakening

    async def drive(self, ms: int, task: "asyncio.Task[Any]", activity: Callable[[], int]) -> None:
        """Let time pass while a task runs; less when the task ends.

        `activity` is a number that changes as long as something goes on.
        """
        end_ms = self._now_ms + ms
        while not task.done():
            await self._rest(task, activity)
            if not self._sleepers or self._sleepers[0][0] > end_ms:
                break
            wakes_ms, _, awakening = heapq.heappop(self._sleepers)
            self._now_ms = max(self._now_ms, wakes_ms)
            if not awakening.done():
                awakening.set_result(None)
        self._now_ms = max(self._now_ms, end_ms)

    async def _rest(self, task: "asyncio.Task[Any]", activity: Callable[[], int]) -> None:
        quiet, before = 0, (-1, -1)
        while quiet < _QUIET and not task.done():
            await asyncio.sleep(0.0005)
            now = (activity(), len(self._sleepers))
            quiet, before = (quiet + 1 if now == before else 0), now
