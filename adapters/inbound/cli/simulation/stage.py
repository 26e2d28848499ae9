"""One run of the demo: its state, its story, and a player for each device."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from adapters.inbound.cli.simulation import record as records
from adapters.inbound.cli.simulation.answering import Answerer
from adapters.inbound.cli.simulation.calls import Calls
from adapters.inbound.cli.simulation.clock import Clock
from adapters.inbound.cli.simulation.couriers import (
    Counts,
    Courier,
    FieldpostCourier,
    OwnTracksCourier,
)
from adapters.inbound.cli.simulation.household import Progress
from adapters.inbound.cli.simulation.people import LATE_BY_MS, LATE_DEVICE, device
from adapters.inbound.cli.simulation.player import Player
from adapters.inbound.cli.simulation.power import battery_at
from adapters.inbound.cli.simulation.record import DeviceRecord, Record
from adapters.inbound.cli.simulation.story import Chapter, Story
from adapters.inbound.cli.simulation.world import World

LATE_DELIVERS_AFTER_MS = 180_000
"""When the phone that was without network is back, after the live part has begun."""

_EVERY_S = {"father-phone": 2.0, "daughter-phone": 3.0, "grandfather-phone": 8.0}
_OTHERS_EVERY_S = 5.0
_DAY_MS = 86_400_000


@attrs.frozen
class Stage:
    path: Path
    record: Record
    story: Story
    clock: Clock
    calls: Calls
    counts: Counts = attrs.field(factory=Counts)

    def remember(self) -> None:
        records.write(self.path, self.record)

    def expect_lateness(self) -> None:
        """One phone still has the last half day to deliver when the live part begins."""
        late, late_ms = self.record.devices[LATE_DEVICE], self.record.live_ms - LATE_BY_MS
        if late.delivered_ms < late_ms:
            late.owed = (late_ms, self.record.live_ms)

    async def deliver_past(self, progress: Progress) -> Counts:
        """All devices at once, each in its own order."""
        players = list(self._players())
        total = sum(
            len(self.story.told(one.key, one.record.delivered_ms, self._past_end(one.record)))
            for one in players
        )
        done = 0

        def delivered(count: int) -> None:
            nonlocal done
            done += count
            progress("History", done, total)

        await asyncio.gather(*(self._deliver_past(player, delivered) for player in players))
        return self.counts

    async def live(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for player in self._players():
                late_ms = self.record.live_ms + LATE_DELIVERS_AFTER_MS
                from_ms = late_ms if player.record.owed else 0
                every_s = _EVERY_S.get(player.key, _OTHERS_EVERY_S)
                tasks.create_task(player.play(every_s, from_ms))
                if isinstance(player.courier, FieldpostCourier):
                    tasks.create_task(self._answerer(player.key, player.courier).run())

    def _players(self) -> Iterator[Player]:
        for key, one in self.record.devices.items():
            courier = self._courier(key, one)
            yield Player(key, self.story, one, courier, self.clock, self.remember)

    def _courier(self, key: str, one: DeviceRecord) -> Courier:
        carried = device(key)
        if carried.agent == "owntracks":
            world = self.story.world
            return OwnTracksCourier(
                self.calls, one, lambda at_ms: battery_at(world, carried, at_ms), self.counts
            )
        return FieldpostCourier(self.calls, one, self.remember, self.counts)

    def _answerer(self, key: str, courier: FieldpostCourier) -> Answerer:
        return Answerer(key, self.story, self.record, courier, self.clock, self.remember)

    def _past_end(self, one: DeviceRecord) -> int:
        return one.owed[0] if one.owed else self.record.live_ms

    async def _deliver_past(self, player: Player, delivered: Callable[[int], None]) -> None:
        await player.deliver_until(self._past_end(player.record), delivered)
        player.record.delivered_ms = max(player.record.delivered_ms, self.record.live_ms)
        self.remember()


def opened(path: Path, world: World, days: int, clock: Clock, calls: Calls) -> Stage:
    """Where an earlier run stopped, or at the beginning."""
    now_ms = clock.now_ms() // 1000 * 1000
    record = records.read(path)
    if record is None or record.seed != world.seed:
        record = Record(world.seed, now_ms - days * _DAY_MS, now_ms)
    chapter = Chapter(record.chapter_from_ms, record.live_ms, record.earlier_live_ms)
    continued = chapter.continued(record.stopped_ms, now_ms)
    if continued != chapter:
        record.chapter_from_ms, record.live_ms = continued.from_ms, continued.live_ms
        record.earlier_live_ms = continued.earlier_live_ms
        for one in record.devices.values():
            one.forget_owed()
    return Stage(path, record, Story(world, continued), clock, calls)
