"""In which line of a device's history an observation is judged.

Observations arrive late: a phone that was offline sends today's position first and three days
of backlog after it. Judging the backlog against today's state would raise "left" and "entered"
that never happened. So each kind of a device has two lines, each in event-time order:

- *live*: what is later than everything judged so far;
- *backfill*: what is older. What its first observation fulfils counts as told, since nobody
  knows for how long it had been so; what then happens is true history and is raised as late.

What falls into the span that the live line has already judged without a gap is kept but not
judged again.
"""

from collections.abc import Mapping, Sequence

import attrs

from domain.rules.judge import BoundRule, Judged, Memory, Outcome, begin, judge

GAP_MS = 30 * 60 * 1000
"""A longer pause between two observations ends a span: what lies in it may be filled later."""


@attrs.frozen
class Line:
    """Judged without a gap from `since_ms` to `last_ms`; the memories of rules by rule id."""

    since_ms: int
    last_ms: int
    memories: Mapping[str, Memory] = attrs.field(factory=dict)


@attrs.frozen
class Track:
    """Both lines of one kind on one device; None where nothing has been judged yet."""

    live: Line | None = None
    backfill: Line | None = None


def judge_in_order(
    rules: Sequence[BoundRule],
    track: Track,
    latest: Judged | None,
    observations: Sequence[Judged],
) -> tuple[Track, list[Outcome]]:
    """Judge observations of one kind, in time order, and say what came of it.

    `latest` is the newest observation of the kind before these; a rule that is new to the
    device takes it as what was already so.
    """
    if not observations:
        return track, []
    track = attrs.evolve(track, live=_caught_up(track.live, latest))
    live_from = track.live.last_ms if track.live else None
    late = [seen for seen in observations if live_from is not None and seen.time_ms <= live_from]
    backfill, outcomes = _judge_late(rules, track, late)
    live, fresh_outcomes = _judge_line(rules, track.live, latest, observations[len(late) :])
    return Track(live=live, backfill=backfill), outcomes + fresh_outcomes


def _caught_up(live: Line | None, latest: Judged | None) -> Line | None:
    """While a device has no rules its line stands still; it goes on from the newest observation,
    or else what comes late would be taken for news.
    """
    if latest is None or (live is not None and live.last_ms >= latest.time_ms):
        return live
    return Line(latest.time_ms, latest.time_ms)


def _judge_late(
    rules: Sequence[BoundRule], track: Track, late: Sequence[Judged]
) -> tuple[Line | None, list[Outcome]]:
    assert track.live is not None or not late
    unjudged = [seen for seen in late if track.live and seen.time_ms < track.live.since_ms]
    line = track.backfill
    if unjudged and line is not None and unjudged[0].time_ms <= line.last_ms:
        line = None
    return _judge_line(rules, line, unjudged[0], unjudged) if unjudged else (line, [])


def _judge_line(
    rules: Sequence[BoundRule],
    line: Line | None,
    latest: Judged | None,
    observations: Sequence[Judged],
) -> tuple[Line | None, list[Outcome]]:
    if not observations:
        return line, []
    first_ms, last_ms = observations[0].time_ms, observations[-1].time_ms
    old = line.memories if line else {}
    memories: dict[str, Memory] = {}
    outcomes: list[Outcome] = []
    for bound in rules:
        memory = old.get(bound.rule.id)
        if memory is None or memory.rule_version != bound.rule.version:
            memory = begin(bound, latest)
        for seen in observations:
            memory, found = judge(bound, memory, seen)
            outcomes += found
        memories[bound.rule.id] = memory
    return Line(_span_start(line, observations, first_ms), last_ms, memories), outcomes


def _span_start(line: Line | None, observations: Sequence[Judged], first_ms: int) -> int:
    """Where the stretch without a gap that ends with the last observation began."""
    since_ms = first_ms
    if line is not None and first_ms - line.last_ms <= GAP_MS:
        since_ms = line.since_ms
    previous = first_ms
    for seen in observations:
        if seen.time_ms - previous > GAP_MS:
            since_ms = seen.time_ms
        previous = seen.time_ms
    return since_ms
