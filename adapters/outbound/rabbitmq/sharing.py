"""Which worker should have which partition: those that are heard of share them evenly.

The broker gives a partition to one worker at a time, the first that subscribed. So that the first
worker does not have all of them, each tells the others every few seconds that it is there, and all
of them work out the same shares (rendezvous hashing: few partitions move when one comes or goes).
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

EVERY_S = 3.0
GONE_AFTER_S = 10.0
_LONGEST_PAUSE_S = 60.0
_KIND = "worker"
_END = "worker_gone"


class Bus(Protocol):
    """What tells other processes, soon and perhaps never."""

    def send(self, kind: str, data: dict[str, Any]) -> None: ...

    def on(self, kind: str, handler: Callable[[dict[str, Any]], None]) -> None: ...


class Sharing:
    """`holds` tells whether this worker has a partition; `hand_over` is called where another should
    have it. The broker gives it to the next in line, who may have to hand it over in turn.
    """

    def __init__(
        self,
        bus: Bus,
        name: str,
        partitions: int,
        holds: Callable[[int], bool],
        hand_over: Callable[[int], Awaitable[None]],
        every_s: float = EVERY_S,
        gone_after_s: float = GONE_AFTER_S,
    ) -> None:
        self._bus = bus
        self._name = name
        self._partitions = partitions
        self._holds = holds
        self._hand_over = hand_over
        self._every_s = every_s
        self._gone_after_s = gone_after_s
        self._heard_s: dict[str, float] = {}
        self._workers: set[str] = set()
        self._pause_s = every_s
        self._look_s = 0.0
        self._asked = asyncio.Event()
        self._changed = asyncio.Event()
        bus.on(_KIND, self._hear)
        bus.on(_END, self._forget)

    def owner(self, partition: int) -> str:
        """Of those that are heard of, and this one."""
        return max(self._workers | {self._name}, key=lambda name: _weight(name, partition))

    def close(self) -> None:
        self._bus.send(_END, {"name": self._name})

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._tell())
            both.create_task(self._keep_sharing())

    async def _tell(self) -> None:
        while True:
            self._asked.clear()
            self._bus.send(_KIND, {"name": self._name})
            await self._until(self._asked)

    async def _keep_sharing(self) -> None:
        while True:
            self._changed.clear()
            await self._share()
            await self._until(self._changed)

    async def _until(self, event: asyncio.Event) -> None:
        """It is set, or a while has gone by."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._every_s):
                await event.wait()

    async def _share(self) -> None:
        """Handing over takes as long as what is being processed does."""
        now_s = asyncio.get_running_loop().time()
        self._heard_s = {
            name: at_s for name, at_s in self._heard_s.items() if now_s - at_s < self._gone_after_s
        }
        changed = self._heard_s.keys() != self._workers
        self._workers = set(self._heard_s)
        others = [n for n in range(self._partitions) if self.owner(n) != self._name]
        if changed:
            # All of them, to stand behind their owners in each line.
            await self._give(others)
            self._pause_s = self._every_s
            self._look_s = now_s
        elif now_s >= self._look_s and (held := [n for n in others if self._holds(n)]):
            # Somebody was not in line when it was handed over. Whoever cannot take it is not
            # asked all the time.
            await self._give(held)
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            self._look_s = now_s + self._pause_s

    async def _give(self, partitions: Sequence[int]) -> None:
        await asyncio.gather(*(self._hand_over(partition) for partition in partitions))

    def _hear(self, data: dict[str, Any]) -> None:
        name = str(data.get("name", ""))
        if name not in self._heard_s:
            self._changed.set()
            self._asked.set()
        self._heard_s[name] = asyncio.get_running_loop().time()

    def _forget(self, data: dict[str, Any]) -> None:
        if self._heard_s.pop(str(data.get("name", "")), None) is not None:
            self._changed.set()


def _weight(name: str, partition: int) -> bytes:
    return hashlib.blake2b(f"{name}/{partition}".encode(), digest_size=8).digest()
