"""In which line of a device's history an observation is judged.

Observations arrive late: a phone that was offline sends today's position first and three days
of backlog after it. Judging the backlog against today's state would raise "left" and "entered"
that never happened. So each kind of a device has two lines, each in event-time order:

- *live*: what is later than everything judged so far;
- *backfill*: what is older. What its first observation fulfils counts as told, since nobody
  knows for how long it had been so; what then happens is true history and is raised as late.

What falls into the span that the live line has already judged without a gap is kept but not
judged again.

A rule has one memory for each line, whatever the number of its kinds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from domain.kinds import Kind
from domain.rules.binding import BoundRule
from domain.rules.condition import Nature
from domain.rules.judge import Judged, Memory, Outcome, as_told, begin, judge, judge_series

GAP_MS = 30 * 60 * 1000
"""A longer pause between two observations ends a span: what lies in it may be filled later."""

Seen = Mapping[Kind, Sequence[Judged]]
"""Observations by kind, each in time order."""

Memories = Mapping[str, Memory]
"""By `BoundRule.key`."""


@attrs.frozen
class Line:
    """Judged without a gap from `since_ms` to `last_ms`."""

    since_ms: int
    last_ms: int


@attrs.frozen
class Track:
    """Both lines of one kind on one device; None where nothing has been judged yet."""

    live: Line | None = None
    backfill: Line | None = None


@attrs.frozen
class Judgement:
    """Where all kinds stand, and what rules remember in each line."""

    tracks: Mapping[Kind, Track] = attrs.field(factory=dict)
    live: Memories = attrs.field(factory=dict)
    backfill: Memories = attrs.field(factory=dict)


def judge_in_order(
    rules: Sequence[BoundRule],
    before: Judgement,
    latest: Mapping[Kind, Judged],
    observations: Seen,
) -> tuple[Judgement, list[Outcome]]:
    """Judge observations, those of each kind in time order, and say what came of it.

    `latest` are the newest observations of kinds before these; a rule that is new to the
    device takes them as what was already so.
    """
    tracks = dict(before.tracks)
    late: dict[Kind, Sequence[Judged]] = {}
    live: dict[Kind, Sequence[Judged]] = {}
    restarted: set[Kind] = set()
    unwatched: set[Kind] = set()
    for kind, seen in observations.items():
        if not seen:
            continue
        known = tracks.get(kind, Track())
        line, backfill = _caught_up(known.live, latest.get(kind)), known.backfill
        if line is not known.live:
            unwatched.add(kind)
        old, new = _divided(line, seen)
        if old:
            late[kind] = old
            if backfill is None or old[0].time_ms <= backfill.last_ms:
                restarted.add(kind)
                backfill = None
            backfill = _extended(backfill, old)
        if new:
            live[kind] = new
            line = _extended(line, new)
        tracks[kind] = Track(line, backfill)
    backfill_memories = _without(before.backfill, rules, restarted)
    backfill_memories, outcomes = _judge_late(rules, backfill_memories, late)
    live_memories = _without(before.live, rules, unwatched)
    live_memories, found = _judge_live(rules, live_memories, latest, live)
    return Judgement(tracks, live_memories, backfill_memories), outcomes + found


def _caught_up(live: Line | None, latest: Judged | None) -> Line | None:
    """While a device has no rules its line stands still; it goes on from the newest observation,
    or else what comes late would be taken for news.
    """
    if latest is None or (live is not None and live.last_ms >= latest.time_ms):
        return live
    return Line(latest.time_ms, latest.time_ms)


def _divided(
    live: Line | None, seen: Sequence[Judged]
) -> tuple[Sequence[Judged], Sequence[Judged]]:
    """What is older than the span that was judged, and what is newer."""
    if live is None:
        return (), seen
    old = [one for one in seen if one.time_ms < live.since_ms]
    return old, [one for one in seen if one.time_ms > live.last_ms]


def _extended(line: Line | None, seen: Sequence[Judged]) -> Line:
    """The line after these: its span begins after the last gap."""
    since_ms = seen[0].time_ms
    if line is not None and since_ms - line.last_ms <= GAP_MS:
        since_ms = line.since_ms
    previous_ms = seen[0].time_ms
    for one in seen:
        if one.time_ms - previous_ms > GAP_MS:
            since_ms = one.time_ms
        previous_ms = one.time_ms
    return Line(since_ms, previous_ms)


def _judge_live(
    rules: Sequence[BoundRule], old: Memories, latest: Mapping[Kind, Judged], seen: Seen
) -> tuple[Memories, list[Outcome]]:
    def new_memory(bound: BoundRule) -> Memory:
        return begin(bound, in_time_order(latest[kind] for kind in bound.kinds if kind in latest))

    return judge_line(rules, old, seen, new_memory)


def _without(old: Memories, rules: Sequence[BoundRule], kinds: set[Kind]) -> Memories:
    """Rules about these kinds begin anew: what they remember is not of the same line."""
    if not kinds:
        return old
    gone = {bound.key for bound in rules if bound.kinds & kinds}
    return {key: memory for key, memory in old.items() if key not in gone}


def _judge_late(
    rules: Sequence[BoundRule], old: Memories, seen: Seen
) -> tuple[Memories, list[Outcome]]:
    return judge_line(rules, old, seen, lambda bound: Memory(bound.rule.version), late=True)


def judge_line(
    rules: Sequence[BoundRule],
    old: Memories,
    seen: Seen,
    new_memory: Callable[[BoundRule], Memory],
    *,
    late: bool = False,
) -> tuple[Memories, list[Outcome]]:
    """The memories of all rules that there are now; those of removed rules are forgotten."""
    memories: dict[str, Memory] = {}
    outcomes: list[Outcome] = []
    together: dict[frozenset[Kind], Sequence[Judged]] = {}
    for bound in rules:
        memory = old.get(bound.key)
        if memory is not None and memory.rule_version != bound.rule.version:
            memory = None
        kinds = bound.kinds.intersection(seen)
        if kinds:
            if kinds not in together:
                together[kinds] = _together(seen, kinds)
            observations = together[kinds]
            if memory is None:
                memory = new_memory(bound)
                if late and bound.nature is not Nature.EVENT:
                    memory = as_told(judge(bound, memory, observations[0])[0])
                    observations = observations[1:]
            memory, found = judge_series(bound, memory, observations)
            outcomes += found
        if memory is not None:
            memories[bound.key] = memory
    return memories, outcomes


def _together(seen: Seen, kinds: frozenset[Kind]) -> Sequence[Judged]:
    if len(kinds) == 1:
        (kind,) = kinds
        return seen[kind]
    return in_time_order(one for kind in Kind if kind in kinds for one in seen[kind])


def in_time_order(observations: Iterable[Judged]) -> list[Judged]:
    """Those of one moment keep their order."""
    return sorted(observations, key=lambda one: one.time_ms)
