"""Workers that die between any two calls: every batch has its effects once."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import attrs
import pytest

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.items import Use
from adapters.outbound.dynamodb.settings import DynamoSettings
from application.faults import Unavailable
from application.ports.device_ledger import Effects
from application.storing import blocks_of
from domain.batch import Batch, identity_of_content, identity_of_sequence
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.rules.judge import Memory
from domain.rules.track import Line, Track
from domain.times import DAY_MS
from tests.contracts.builders import ACCOUNT, NOW_MS, TODAY_MS, encoded
from tests.dynamodb.table import CODEC, UnitTally, Worker, items_of, opened

_BATCHES = 240
_DEVICES = ("device-1", "device-2")
_ENDS = 0.01
"""How likely a call is the last one of its worker, before it is made or after."""

_FAILS = 0.02


class Death(Exception):
    """The worker is gone."""


class MortalClient(DynamoClient):
    """Calls that are not made, or whose answer never comes."""

    chance: Random | None = None

    async def call(
        self, use: Use, operation: str, request: dict[str, Any], *, of_table: bool = True
    ) -> dict[str, Any]:
        self._perhaps_fail()
        answer = await super().call(use, operation, request, of_table=of_table)
        self._perhaps_fail()
        return answer

    def _perhaps_fail(self) -> None:
        drawn = self.chance.random() if self.chance else 1.0
        if drawn < _ENDS:
            raise Death
        if drawn < _ENDS + _FAILS:
            raise Unavailable("as the test wants it")


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(6))
async def test_every_batch_has_its_effects_once(settings: DynamoSettings, seed: int) -> None:
    chance = Random(seed)
    batches = _batches(chance)
    async with opened(MortalClient(settings, UnitTally())) as client:
        waiting = _shuffled_a_little(chance, batches)
        client.chance = chance
        await asyncio.gather(*(_work(client, chance, waiting) for _ in range(3)))
        client.chance = None
        last = Worker.on(client)
        await _process(last, batches)
        assert await last.ledger.unapplied(batches) == []
        for device in _DEVICES:
            assert await items_of(client, keys.device(ACCOUNT, device), "day#"), "none was merged"
            await _check(last, device, [one for one in batches if one.device_id == device])


async def _work(client: MortalClient, chance: Random, waiting: list[Batch]) -> None:
    """One process after the other takes what waits; what a dead one had may have had its effects
    or not, and is taken again. Some is taken by two.
    """
    worker = Worker.on(client)
    while waiting:
        taken = [waiting.pop() for _ in range(min(len(waiting), chance.choice((1, 1, 2, 5))))]
        if chance.random() < 0.2:
            waiting += taken[:1]
        try:
            await _process(worker, taken)
            if chance.random() < 0.3:
                await worker.blocks.merge_small(2)
        except (Death, Unavailable) as end:
            waiting += taken
            if isinstance(end, Death):
                worker = Worker.on(client)


async def _process(worker: Worker, batches: list[Batch]) -> None:
    """As the use case does, with a history that counts."""
    pending = list(batches)
    for _ in range(60):
        if not pending:
            return
        effects = []
        for device in dict.fromkeys(batch.device_id for batch in pending):
            some = {_key(b): b for b in pending if b.device_id == device}
            before = await worker.history(device)
            effects.append(_effects(before, list(some.values())))
        applied = await worker.ledger.apply(effects)
        if all(applied):
            return
        refused = [
            b for one, done in zip(effects, applied, strict=True) if not done for b in one.batches
        ]
        pending = await worker.ledger.unapplied(refused)
    raise AssertionError("never applied")


def _effects(before: DeviceHistory, batches: list[Batch]) -> Effects:
    """`received_ms` counts batches, the rest is what the last one of a kind left."""
    latest = dict(before.latest)
    tracks = dict(before.tracks)
    live = dict(before.live)
    for batch in batches:
        known = latest.get(batch.kind, {"time_ms": 0, "count": 0})
        newest = max(known["time_ms"], batch.last_ms)
        latest[batch.kind] = {"time_ms": newest, "count": known["count"] + batch.count}
        line = Line(batch.first_ms, newest)
        tracks[batch.kind] = Track(line, tracks.get(batch.kind, Track()).live)
        live[batch.identity[-1]] = Memory(1, since_ms=newest)
    after = attrs.evolve(
        before,
        version=before.version + 1,
        received_ms=(before.received_ms or 0) + len(batches),
        latest=latest,
        tracks=tracks,
        live=live,
    )
    return Effects(after, batches, blocks_of(CODEC, batches))


async def _check(worker: Worker, device: str, batches: list[Batch]) -> None:
    history = await worker.history(device)
    assert history.received_ms == len(batches)
    for kind in (Kind.LOCATION, Kind.APP_USE):
        of_kind = [batch for batch in batches if batch.kind is kind]
        found = await worker.blocks.blocks(ACCOUNT, device, kind, 0, 2**52)
        assert _rows(found) == _rows([batch.block for batch in of_kind])
        assert history.latest[kind]["count"] == sum(batch.count for batch in of_kind)
        assert history.latest[kind]["time_ms"] == max(batch.last_ms for batch in of_kind)


def _rows(blocks: list[bytes]) -> Counter[bytes]:
    return Counter(row for block in blocks for row in CODEC.rows_json([block], 0, 2**52))


def _batches(chance: Random) -> list[Batch]:
    """Numbered ones of two enrolments and ones by content, small and large, of several days. No
    two observations are equal.
    """
    made = []
    for number in range(_BATCHES):
        kind = chance.choice((Kind.LOCATION, Kind.APP_USE))
        count = chance.choice((1, 3, 10, 10, 10, 300))
        first_ms = TODAY_MS + chance.randrange(-2 * DAY_MS, DAY_MS) // 1_000 * 1_000 + number
        times_ms = [first_ms + place * 60_000 for place in range(count)]
        block = encoded(CODEC, kind, times_ms, lat=number / 4)
        identity = chance.choice(
            (
                identity_of_sequence(number + 1),
                identity_of_sequence(number * 900 + 1, 2),
                identity_of_content(block),
            )
        )
        device = chance.choice(_DEVICES)
        times = (times_ms[0], times_ms[-1], NOW_MS)
        made.append(Batch(ACCOUNT, device, kind, identity, block, count, *times))
    return made


def _shuffled_a_little(chance: Random, batches: list[Batch]) -> list[Batch]:
    """Taken from the end: mostly in order, some far too late."""
    return sorted(
        batches, key=lambda b: batches.index(b) + chance.choice((0, 0, 0, 90)), reverse=True
    )


def _key(batch: Batch) -> tuple[str, str, str]:
    return batch.device_id, batch.kind, batch.identity


def test_the_simulation_has_blocks_of_all_sizes() -> None:
    sizes = [len(batch.block) for batch in _batches(Random(1))]
    assert min(sizes) < 512 < max(sizes)
