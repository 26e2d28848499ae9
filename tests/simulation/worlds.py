"""Worlds and moments that the tests share."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache

from adapters.inbound.cli.simulation.plane import Position
from adapters.inbound.cli.simulation.seen import Seen
from adapters.inbound.cli.simulation.world import World, build
from domain.kinds import Kind
from domain.times import from_datetime

MONDAY = date(2026, 6, 1)
WEEK = tuple(MONDAY + timedelta(days=number) for number in range(7))
SATURDAY, SUNDAY = WEEK[5], WEEK[6]

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

NOON_MS = from_datetime(datetime(2026, 6, 3, 10, 0, tzinfo=UTC))
"""Wednesday noon in Ljubljana."""


@cache
def world(seed: int = 7) -> World:
    return build(seed)


def locations(found: Iterable[Seen], device: str | None = None) -> list[Seen]:
    return [
        one
        for one in found
        if one.kind is Kind.LOCATION and (device is None or one.device == device)
    ]


def position(one: Seen) -> Position:
    return one.observation["lat"], one.observation["lon"]
