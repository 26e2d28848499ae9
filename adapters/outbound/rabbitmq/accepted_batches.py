"""Which batches this process has accepted, or is about to: callers at once, and those who repeat.

What another process accepted is not known here until it has had its effects. A batch that two
processes call new has its effects once all the same: the ledger sees to that.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from application.faults import StoreBroken, Unavailable
from application.ports.tally import Tally
from domain.batch import Batch
from domain.kinds import Kind

Key = tuple[str, Kind, str]
"""Device, kind, identity."""

Applied = Callable[[str, str, Sequence[tuple[Kind, str]]], Awaitable[list[bool]]]
"""Of an account's device: which batches have had their effects. Raises Unavailable."""

MAX_REMEMBERED = 200_000
_LOOK_S = 0.3
"""Intake goes on without the answer: it tells duplicates by name, no more."""

T = TypeVar("T")


def key_of(batch: Batch) -> Key:
    return batch.device_id, batch.kind, batch.identity


class AcceptedBatches:
    def __init__(self, applied: Applied, tally: Tally) -> None:
        self._applied = applied
        self._tally = tally
        self._accepted: dict[Key, None] = {}
        self._met: dict[str, None] = {}
        self._under_way: dict[Key, asyncio.Future[bool]] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._accepted

    async def meet(self, account_id: str, device_id: str, keys: Sequence[Key]) -> None:
        """The first time that a device is heard of here: what it repeats may be processed."""
        if device_id in self._met:
            return
        try:
            async with asyncio.timeout(_LOOK_S):
                asked = [(kind, identity) for _, kind, identity in keys]
                applied = await self._applied(account_id, device_id, asked)
        except (Unavailable, StoreBroken, TimeoutError):
            self._tally.count("duplicates_not_looked_up")
            return
        _remember(self._met, device_id)
        for key, yes in zip(keys, applied, strict=True):
            if yes:
                _remember(self._accepted, key)

    def claim(self, key: Key) -> "asyncio.Future[bool] | None":
        """None when it is the caller's to be published now, who says with `settle` what came of
        it; else the future that tells what came of somebody else's try.
        """
        under_way = self._under_way.get(key)
        if under_way is None:
            self._under_way[key] = asyncio.get_running_loop().create_future()
        return under_way

    def settle(self, keys: Sequence[Key], *, durable: bool) -> None:
        for key in keys:
            if durable:
                _remember(self._accepted, key)
            self._under_way.pop(key).set_result(durable)

    async def known(
        self, account_id: str, device_id: str, keys: Sequence[tuple[Kind, str]]
    ) -> list[bool]:
        """Raises Unavailable."""
        known = [(device_id, kind, identity) in self._accepted for kind, identity in keys]
        asked = [key for key, yes in zip(keys, known, strict=True) if not yes]
        if not asked:
            return known
        applied = iter(await self._applied(account_id, device_id, asked))
        return [yes or next(applied) for yes in known]


def _remember(known: dict[T, None], key: T) -> None:
    if len(known) >= MAX_REMEMBERED:
        del known[next(iter(known))]
    known[key] = None
