"""Which worker should have which partition: those that are heard of share them evenly.

The broker gives a partition to one worker at a time, the first that subscribed. So that the first
worker does not have all of them, each tells the others every few seconds that it is there, and all
of them work out the same shares (rendezvous hashing: few partitions move when one comes or goes).
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

EVERY_S = 3.0
GONE_AFTER_S = 10.0
_KIND = "worker"
_END = "worker_gone"


class Bus(Protocol):
    """What tells other processes, soon and perhaps never."""

    def send(self, kind: str, data: dict[str, Any]) -> None: ...

    def on(self, kind: str, handler: Callable[[dict[str, Any]], None]) -> None: ...

    def on_gap(self, callback: Callable[[], None]) -> None: ...


class Sharing:
    """`hand_over` is called for a partition that another worker should have."""

    def __init__(
        self,
        bus: Bus,
        name: str,
        partitions: int,
        hand_over: Callable[[int], Awaitable[None]],
        every_s: float = EVERY_S,
        gone_after_s: float = GONE_AFTER_S,
    ) -> None:
        self._bus = bus
        self._name = name
        self._partitions = partitions
        self._hand_over = hand_over
        self._every_s = every_s
        self._gone_after_s = gone_after_s
        self._heard_s: dict[str, float] = {}
        self._lives: dict[str, int] = {}
        self._workers: dict[str, int] = {}
        self._life = 0
        self._changed = asyncio.Event()
        bus.on(_KIND, self._hear)
        bus.on(_END, self._forget)
        bus.on_gap(self._begin_anew)

    def owner(self, partition: int) -> str:
        """Of those that are heard of, and this one."""
        return max({*self._workers, self._name}, key=lambda name: _weight(name, partition))

    def close(self) -> None:
        self._bus.send(_END, {"name": self._name})

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._bus.send(_KIND, {"name": self._name, "life": self._life})
            self._changed.clear()
            await self._share()
            try:
                async with asyncio.timeout(self._every_s):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _share(self) -> None:
        now_s = asyncio.get_running_loop().time()
        living = [n for n, at_s in self._heard_s.items() if now_s - at_s < self._gone_after_s]
        self._heard_s = {name: self._heard_s[name] for name in living}
        workers = {name: self._lives[name] for name in living}
        if workers == self._workers:
            return
        self._workers = workers
        given = [n for n in range(self._partitions) if self.owner(n) != self._name]
        await asyncio.gather(*(self._hand_over(partition) for partition in given))

    def _hear(self, data: dict[str, Any]) -> None:
        name, life = str(data.get("name", "")), data.get("life", 0)
        if name not in self._heard_s or self._lives.get(name) != life:
            self._changed.set()
        self._lives[name] = life
        self._heard_s[name] = asyncio.get_running_loop().time()

    def _begin_anew(self) -> None:
        """After the connection was lost this one is the last in every line; the others hear it."""
        self._life += 1
        self._changed.set()

    def _forget(self, data: dict[str, Any]) -> None:
        if self._heard_s.pop(str(data.get("name", "")), None) is not None:
            self._changed.set()


def _weight(name: str, partition: int) -> bytes:
    return hashlib.blake2b(f"{name}/{partition}".encode(), digest_size=8).digest()
