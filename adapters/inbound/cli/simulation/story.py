"""What each device has to tell: a past that ends where a live part begins, and that live part."""

from collections.abc import Sequence
from functools import cached_property

import attrs

from adapters.inbound.cli.simulation.days import between
from adapters.inbound.cli.simulation.history import LONGEST_JOURNEY_MS, history
from adapters.inbound.cli.simulation.live import live, live_position
from adapters.inbound.cli.simulation.people import (
    PEOPLE,
    SILENT_DEVICE,
    SILENT_FOR_MS,
    device,
    person,
)
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.world import World
from domain.kinds import Kind

PLAYS_ON_WITHIN_MS = 6 * 3_600_000
"""After a shorter interruption the live part simply goes on, as if it had been running."""

_BACKLOG_MS = 5 * 60_000
_BACKLOG_EVERY = 10


@attrs.frozen
class Chapter:
    """`earlier_live_ms` is when the live part began that was interrupted at `from_ms`."""

    from_ms: int
    live_ms: int
    earlier_live_ms: int | None = None

    def continued(self, stopped_ms: int, now_ms: int) -> "Chapter":
        """The chapter to play after an interruption from `stopped_ms` until now."""
        if now_ms - max(stopped_ms, self.live_ms) < PLAYS_ON_WITHIN_MS:
            return self
        earlier = self.live_ms if stopped_ms > self.live_ms else None
        return Chapter(stopped_ms, now_ms, earlier)


class Story:
    """Of one world and chapter."""

    def __init__(self, world: World, chapter: Chapter) -> None:
        self.world = world
        self.chapter = chapter

    def told(self, device_key: str, from_ms: int, to_ms: int) -> list[Seen]:
        """What the device gets to know from `from_ms` up to `to_ms`, in time order."""
        live_ms = self.chapter.live_ms
        past = [one for one in self._past.get(device_key, ()) if from_ms <= one.known_ms < to_ms]
        if to_ms <= live_ms or device_key == SILENT_DEVICE:
            return past
        begin_ms = max(from_ms, live_ms)
        every = _BACKLOG_EVERY if to_ms - begin_ms > _BACKLOG_MS else 1
        playing = live(
            self.world, live_ms, begin_ms, to_ms, every=every, devices=(device(device_key),)
        )
        return past + playing

    def untold(self, device_key: str, kind: Kind, from_ms: int, to_ms: int) -> list[Seen]:
        """What the device has of a time of the past and was not to send by itself: before the
        chapter everything, within it the fixes between those that were sent.
        """
        first_ms = self.chapter.from_ms
        until_ms = min(to_ms, self.chapter.live_ms - LONGEST_JOURNEY_MS)
        who = person(device(device_key).person)
        found = between(self.world, from_ms, until_ms, people=(who,), detail=True)
        return [
            one
            for one in found
            if one.device == device_key
            and one.kind is kind
            and from_ms <= one.time_ms < to_ms
            and (one.detail or one.known_ms < first_ms)
        ]

    @cached_property
    def _past(self) -> dict[str, Sequence[Seen]]:
        chapter = self.chapter
        came_from = None
        if chapter.earlier_live_ms is not None:
            came_from = {
                person.key: live_position(
                    self.world, person, chapter.earlier_live_ms, chapter.from_ms
                )
                for person in PEOPLE
            }
        told: dict[str, list[Seen]] = {}
        for one in history(self.world, chapter.from_ms, chapter.live_ms, came_from=came_from):
            if one.device != SILENT_DEVICE or one.known_ms < chapter.live_ms - SILENT_FOR_MS:
                told.setdefault(one.device, []).append(one)
        return dict(told)
