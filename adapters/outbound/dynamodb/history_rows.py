"""A device's history as rows of plain values, and what changed from one to the next.

Rows are read by position and may have more at their end than this version knows, so that two
versions can run side by side.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import attrs

from adapters.outbound.dynamodb.kind_codes import CODES, KINDS
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.rules.judge import Memory
from domain.rules.leaves import Belief
from domain.rules.track import Line, Track

Row = Sequence[Any]
T = TypeVar("T")

_MEMORY_FIELDS = len(attrs.fields(Memory))
_BELIEF_FIELDS = len(attrs.fields(Belief))
_NO_BELIEF = attrs.astuple(Belief())
_KEPT = 0
"""In the place of a line or of all memories: as it was."""


def change(before: DeviceHistory, after: DeviceHistory) -> Row:
    """What makes the history `after` of the one `before`."""
    return (
        after.seen_ms,
        after.received_ms,
        after.silence_due_ms,
        {CODES[kind]: row for kind, row in _changed(before.latest, after.latest).items()},
        {
            CODES[kind]: track and _track_row(before.tracks.get(kind, Track()), track)
            for kind, track in _changed(before.tracks, after.tracks).items()
        },
        _memory_rows(before.silence, after.silence),
        _memory_rows(before.live, after.live),
        _memory_rows(before.backfill, after.backfill),
        after.untold,
    )


def changed(before: DeviceHistory, row: Row) -> DeviceHistory:
    """The history after `before`, one version on."""
    seen_ms, received_ms, due_ms, latest, tracks, silence, live, backfill, untold = row[:9]
    rows: dict[Kind, Any] = {KINDS[code]: one for code, one in latest.items()}
    new_tracks = {
        KINDS[code]: one and _track(before.tracks.get(KINDS[code], Track()), one)
        for code, one in tracks.items()
    }
    return attrs.evolve(
        before,
        version=before.version + 1,
        seen_ms=seen_ms,
        received_ms=received_ms,
        silence_due_ms=due_ms,
        latest=_put(before.latest, rows),
        tracks=_put(before.tracks, new_tracks),
        silence=_memories(before.silence, silence),
        live=_memories(before.live, live),
        backfill=_memories(before.backfill, backfill),
        untold=tuple(untold),
    )


def _memory_rows(before: Mapping[str, Memory], after: Mapping[str, Memory]) -> Any:
    """Those that are new, different or gone; KEPT when there are none."""
    if after is before:
        return _KEPT
    changes = _changed(before, after)
    return {name: one and _memory_row(one) for name, one in changes.items()} or _KEPT


def _memories(before: Mapping[str, Memory], rows: Any) -> Mapping[str, Memory]:
    if rows == _KEPT:
        return before
    return _put(before, {name: one and _memory(one) for name, one in rows.items()})


def _changed(before: Mapping[Any, T], after: Mapping[Any, T]) -> dict[Any, T | None]:
    """The entries that are new or different; None for those that are gone."""
    found: dict[Any, T | None] = {
        name: value
        for name, value in after.items()
        if before.get(name) is not value and before.get(name) != value
    }
    for name in before:
        if name not in after:
            found[name] = None
    return found


def _put(before: Mapping[Any, T], new: Mapping[Any, T | None]) -> dict[Any, T]:
    return {name: value for name, value in {**before, **new}.items() if value is not None}


def _track_row(before: Track, after: Track) -> Row:
    return _line_row(before.live, after.live), _line_row(before.backfill, after.backfill)


def _track(before: Track, row: Row) -> Track:
    return Track(live=_line(before.live, row[0]), backfill=_line(before.backfill, row[1]))


def _line_row(before: Line | None, after: Line | None) -> Any:
    if after is None or after == before:
        return None if after is None else _KEPT
    return after.since_ms, after.last_ms


def _line(before: Line | None, row: Any) -> Line | None:
    if row is None:
        return None
    return before if row == _KEPT else Line(*row[:2])


def _memory_row(memory: Memory) -> Row:
    *others, beliefs = attrs.astuple(memory, recurse=False)
    return (*others, [_belief_row(one) for one in beliefs])


def _belief_row(belief: Belief) -> Row:
    """Without what is nothing at its end: most conditions count nothing."""
    row = attrs.astuple(belief)
    end = len(row)
    while end and row[end - 1] == _NO_BELIEF[end - 1]:
        end -= 1
    return row[:end]


def _memory(row: Row) -> Memory:
    version, truth, since_ms, told, alerting, raised_ms, beliefs = row[:_MEMORY_FIELDS]
    known = tuple(Belief(*one[:_BELIEF_FIELDS]) for one in beliefs)
    return Memory(version, truth, since_ms, told, alerting, raised_ms, known)
