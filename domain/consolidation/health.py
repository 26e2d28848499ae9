"""How a device has been doing: battery, charging, silence, storage, versions."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs

from domain.consolidation.columns import Columns, rows_between
from domain.kinds import Kind
from domain.times import to_rfc3339

SILENCE_MS = 3_600_000
"""A longer time in which nothing at all was observed is silence."""

KNOWN_FOR_MS = 6 * 3_600_000
"""For so long after it was told, whether a device charges and how full it is counts as known."""

MAX_LISTED = 500
"""Spells, silences and versions in an answer each: the latest."""


@attrs.frozen
class Level:
    time_ms: int
    battery: float


@attrs.frozen
class Charging:
    """The levels are those told first and last, None when none was."""

    from_ms: int
    to_ms: int
    from_battery: float | None
    to_battery: float | None


@attrs.frozen
class Silence:
    from_ms: int
    to_ms: int


@attrs.frozen
class Version:
    """`what` is os_version or agent_version."""

    what: str
    version: str
    first_ms: int
    last_ms: int


@attrs.frozen
class Health:
    """`discharge_per_h` is the fraction of the battery that an hour takes while nothing charges
    it, None when that is not known.
    """

    levels: tuple[Level, ...]
    lowest: Level | None
    discharge_per_h: float | None
    charging: tuple[Charging, ...]
    silences: tuple[Silence, ...]
    storage_free_bytes: int | None
    versions: tuple[Version, ...]


State = tuple[int, float | None, bool | None, int | None, str | None, str | None]
"""Time, battery, charging, free storage, version of the system and of the agent."""


def health(
    kinds: Mapping[Kind, Columns], from_ms: int, to_ms: int, now_ms: int, max_points: int
) -> Health:
    """Of one device in [from_ms, to_ms), which should begin when it was first expected to speak.

    At most `max_points` levels (at least 4), the lowest and the highest of each stretch.
    """
    names = ("battery", "charging", "storage_free_bytes", "os_version", "agent_version")
    states: list[State] = rows_between(kinds.get(Kind.DEVICE_STATE, {}), names, from_ms, to_ms)
    levels = [Level(row[0], row[1]) for row in states if row[1] is not None]
    stored = [row[3] for row in states if row[3] is not None]
    return Health(
        levels=tuple(reduced(levels, max_points)),
        lowest=min(levels, key=lambda one: (one.battery, one.time_ms), default=None),
        discharge_per_h=_discharge_per_h(states),
        charging=tuple(_charging(states)),
        silences=tuple(silences(kinds.values(), from_ms, min(to_ms, now_ms))),
        storage_free_bytes=stored[-1] if stored else None,
        versions=tuple(_versions(states)),
    )


def reduced(levels: Sequence[Level], max_points: int) -> list[Level]:
    """The lowest and the highest of as many stretches of equal count as there is room for."""
    if len(levels) <= max_points:
        return list(levels)
    stretches = max_points // 2
    found: list[Level] = []
    for number in range(stretches):
        some = levels[len(levels) * number // stretches : len(levels) * (number + 1) // stretches]
        low = min(some, key=lambda one: one.battery)
        high = max(some, key=lambda one: one.battery)
        found += sorted({low, high}, key=lambda one: one.time_ms)
    return found


def silences(columns: Iterable[Columns], from_ms: int, to_ms: int) -> list[Silence]:
    """When nothing was observed for longer than SILENCE_MS, in [from_ms, to_ms)."""
    moments = {time_ms for one in columns for time_ms in one.get("time_ms", ())}
    heard = sorted(time_ms for time_ms in moments if from_ms <= time_ms < to_ms)
    edges = [from_ms, *heard, max(to_ms, from_ms)]
    return [Silence(start, end) for start, end in pairwise(edges) if end - start > SILENCE_MS]


def silence_ms(found: Sequence[Silence], from_ms: int, to_ms: int) -> int:
    """How much of the silences, which are in order, lies in [from_ms, to_ms)."""
    first = bisect_left(found, from_ms, key=lambda one: one.to_ms)
    total = 0
    for one in found[first:]:
        if one.from_ms >= to_ms:
            break
        total += min(one.to_ms, to_ms) - max(one.from_ms, from_ms)
    return total


def health_json(found: Health) -> dict[str, Any]:
    """The part of the answer to `GET /api/v1/devices/{id}/health` that is not by day."""
    lowest = found.lowest
    per_hour = found.discharge_per_h
    return {
        "battery": {
            "time": [to_rfc3339(one.time_ms) for one in found.levels],
            "level": [one.battery for one in found.levels],
        },
        "lowest": lowest and {"time": to_rfc3339(lowest.time_ms), "battery": lowest.battery},
        "discharge_per_h": None if per_hour is None else round(per_hour, 4),
        "charging": [
            {
                "from": to_rfc3339(one.from_ms),
                "to": to_rfc3339(one.to_ms),
                "from_battery": one.from_battery,
                "to_battery": one.to_battery,
            }
            for one in found.charging[-MAX_LISTED:]
        ],
        "silences": [
            {
                "from": to_rfc3339(one.from_ms),
                "to": to_rfc3339(one.to_ms),
                "duration_s": (one.to_ms - one.from_ms) / 1000,
            }
            for one in found.silences[-MAX_LISTED:]
        ],
        "storage_free_bytes": found.storage_free_bytes,
        "versions": [
            {
                "what": one.what,
                "version": one.version,
                "first": to_rfc3339(one.first_ms),
                "last": to_rfc3339(one.last_ms),
            }
            for one in found.versions[-MAX_LISTED:]
        ],
    }


def _charging(states: Sequence[State]) -> list[Charging]:
    """A spell ends when the device says so, or where it was told last before a long pause."""
    found: list[Charging] = []
    spell: list[State] = []
    for row in states:
        if spell and row[0] - spell[-1][0] > KNOWN_FOR_MS:
            found.append(_spell(spell, spell[-1][0]))
            spell = []
        if row[2] is False and spell:
            found.append(_spell(spell, row[0]))
            spell = []
        elif row[2] or (spell and row[2] is None):
            spell.append(row)
    if spell:
        found.append(_spell(spell, spell[-1][0]))
    return found


def _spell(states: Sequence[State], ends_ms: int) -> Charging:
    levels = [row[1] for row in states if row[1] is not None]
    first, last = (levels[0], levels[-1]) if levels else (None, None)
    return Charging(states[0][0], ends_ms, first, last)


def _discharge_per_h(states: Sequence[State]) -> float | None:
    """Between levels of which the later is not higher, and neither of which charges."""
    used, elapsed_ms = 0.0, 0
    known = [row for row in states if row[1] is not None]
    for before, after in pairwise(known):
        passed_ms = after[0] - before[0]
        if before[2] or after[2] or passed_ms > KNOWN_FOR_MS:
            continue
        drop = (before[1] or 0.0) - (after[1] or 0.0)
        if drop >= 0:
            used += drop
            elapsed_ms += passed_ms
    return used / (elapsed_ms / 3_600_000) if elapsed_ms else None


def _versions(states: Sequence[State]) -> list[Version]:
    """In the order in which they were seen first."""
    found: dict[tuple[str, str], Version] = {}
    for row in states:
        for what, version in (("os_version", row[4]), ("agent_version", row[5])):
            if version is not None:
                key = (what, version)
                first_ms = found[key].first_ms if key in found else row[0]
                found[key] = Version(what, version, first_ms, row[0])
    return list(found.values())
