"""What an observation does to a rule: (rule, memory, observation) -> (memory, outcome).

A rule's condition is at each moment true, false or unknown. An *episode* begins when it turns
true, and raises at most one alert, once it has lasted for `hold_s`. The episode is over when
the condition has been false for `clear_s`.

States ("is outside") may begin with the first observation; transitions ("leaves") need to have
seen the opposite before; events ("has written") have no episode: each of them may be an alert.
None says anything about what was already true when the rule was made, unless the rule wants
that (`also_now`): `begin` starts such an episode as told.

A combination is true by what is believed of its parts, each with the moment since which it is
so. That moment of "all" is the latest of its parts, of "any" the earliest: so it does not matter
in which order observations of different kinds arrive.
"""

from collections.abc import Iterable

import attrs

from domain.rules.binding import BoundRule
from domain.rules.condition import Nature, SilentFor
from domain.rules.leaves import (
    KIND_OF,
    UNKNOWN,
    Belief,
    Seen,
    crosses_midnight,
    look,
    parts_by_day,
)
from domain.rules.measures import measured
from domain.rules.rule import Rule
from domain.rules.truth import believed, fires

Judged = Seen

_NOTHING: frozenset[int] = frozenset()
_THE_ONE = frozenset({0})
_UNKNOWN = (UNKNOWN,)


@attrs.frozen
class Memory:
    """What a rule remembers of one device.

    `beliefs` are what is known of its single conditions, in their order. `truth` is the
    condition as last seen, within the schedule (None: never), and `since_ms` when it became so.
    `told`: this episode has had its alert, or is not to have one. `raised_ms` is when the last
    alert occurred.
    """

    rule_version: int
    truth: bool | None = None
    since_ms: int = 0
    told: bool = False
    alerting: bool = False
    raised_ms: int | None = None
    beliefs: tuple[Belief, ...] = ()


@attrs.frozen
class Raised:
    """An alert is due: the condition was fulfilled at `occurred_at_ms` (event time).

    `value` is what was measured against `threshold`, where there is a number. `remaining_s` is
    what an early warning says is left. It was still so at `so_until_ms`.
    """

    rule_id: str
    occurred_at_ms: int
    value: float | None
    threshold: float | None
    observation: Judged | None
    remaining_s: float = 0.0
    beliefs: tuple[Belief, ...] = ()
    so_until_ms: int = 0


@attrs.frozen
class Cleared:
    """The condition of the alert that occurred at `raised_ms` is over since `at_ms`."""

    rule_id: str
    raised_ms: int
    at_ms: int
    remaining_s: float = 0.0


Outcome = Raised | Cleared


def begin(bound: BoundRule, latest: Iterable[Judged]) -> Memory:
    """The memory of a new rule, by the newest observations of its kinds, in time order; what
    they already fulfil counts as told, unless the rule wants to hear of it.
    """
    memory = Memory(bound.rule.version)
    for seen in latest:
        memory, _ = judge(bound, memory, seen)
    if bound.rule.also_now:
        return Memory(bound.rule.version, beliefs=memory.beliefs)
    return as_told(memory)


def as_told(memory: Memory) -> Memory:
    """What is fulfilled already is not raised any more."""
    return attrs.evolve(memory, told=bool(memory.truth), alerting=False, raised_ms=None)


def judge(bound: BoundRule, memory: Memory, seen: Judged) -> tuple[Memory, tuple[Outcome, ...]]:
    """One observation of one of the rule's kinds, later than all of its kind that this memory
    has seen. It may clear one alert and raise the next, if nothing was seen while the condition
    was over.
    """
    if bound.counts_days and crosses_midnight(bound, seen):
        return _day_by_day(bound, memory, seen)
    return _judged(bound, memory, seen)


def judge_series(
    bound: BoundRule, memory: Memory, series: Iterable[Judged]
) -> tuple[Memory, list[Outcome]]:
    """`judge`, one observation after the other."""
    outcomes: list[Outcome] = []
    still = False
    for seen in series:
        # Nearly always nothing is new, and then nothing can come of it: that is all there is to do.
        if still:
            beliefs, happened = _looked(bound, memory, seen)
            if beliefs is memory.beliefs and not happened:
                continue
        memory, found = judge(bound, memory, seen)
        outcomes += found
        still = _still(bound, memory)
    return memory, outcomes


def _still(bound: BoundRule, memory: Memory) -> bool:
    """Whether nothing happens for as long as what is believed stays."""
    if bound.counts_days or not memory.beliefs:
        return False
    truth, since_ms = believed(bound, memory.beliefs)
    if bound.nature is Nature.EVENT or truth is None:
        return True
    return _settled(bound, memory, truth, since_ms)


def _day_by_day(
    bound: BoundRule, memory: Memory, seen: Judged
) -> tuple[Memory, tuple[Outcome, ...]]:
    """What lasts over midnight: a quota that it uses up before is one of a day that is over."""
    outcomes: list[Outcome] = []
    for part in parts_by_day(bound, seen):
        memory, found = _judged(bound, memory, part)
        outcomes += [
            attrs.evolve(one, observation=seen) if isinstance(one, Raised) else one for one in found
        ]
    return memory, tuple(outcomes)


def _judged(bound: BoundRule, memory: Memory, seen: Judged) -> tuple[Memory, tuple[Outcome, ...]]:
    beliefs, happened = _looked(bound, memory, seen)
    if beliefs is not memory.beliefs:
        memory = attrs.evolve(memory, beliefs=beliefs)
    if bound.nature is Nature.EVENT:
        if not happened or not fires(bound.when, iter(enumerate(beliefs or _UNKNOWN)), happened):
            return memory, ()
        return _happening(bound, memory, seen)
    if not beliefs:
        return memory, ()
    truth, since_ms = believed(bound, beliefs)
    if truth is None or _settled(bound, memory, truth, since_ms):
        return memory, ()
    return _episode(bound, memory, seen, truth, since_ms)


def silence_due_ms(bound: BoundRule, last_seen_ms: int) -> int | None:
    """When a silence since then is to be told: when it is long enough, within the hours."""
    assert isinstance(bound.when, SilentFor)
    return bound.hours_begin(last_seen_ms + round(bound.when.seconds * 1000))


def judge_silence(
    bound: BoundRule, memory: Memory, last_seen_ms: int, now_ms: int
) -> tuple[Memory, Outcome | None]:
    """Time has passed, or something was seen: has the device been silent for too long?"""
    rule = bound.rule
    assert isinstance(rule.when, SilentFor)
    if now_ms < last_seen_ms + round(rule.when.seconds * 1000):
        if not memory.told:
            return memory, None
        cleared = _cleared(bound, memory, last_seen_ms)
        return attrs.evolve(memory, told=False, alerting=False), cleared
    due_ms = silence_due_ms(bound, last_seen_ms)
    if memory.told or due_ms is None or now_ms < due_ms:
        return memory, None
    memory = attrs.evolve(memory, told=True)
    if _cooling(rule, memory, due_ms):
        return memory, None
    silent_s = (now_ms - last_seen_ms) / 1000
    raised = Raised(rule.id, due_ms, silent_s, rule.when.seconds, None, so_until_ms=now_ms)
    return attrs.evolve(memory, alerting=True, raised_ms=due_ms), raised


def _looked(
    bound: BoundRule, memory: Memory, seen: Judged
) -> tuple[tuple[Belief, ...], frozenset[int]]:
    """All beliefs after the observation, and the places of those whose event has happened."""
    before = memory.beliefs or (UNKNOWN,) * len(bound.leaves)
    if len(before) == 1:
        belief, happens = look(bound, bound.leaves[0], before[0], seen)
        happened = _THE_ONE if happens else _NOTHING
        return (memory.beliefs if belief is before[0] else (belief,)), happened
    after, places, changed = list(before), [], not memory.beliefs
    for place, leaf in bound.asked.get(KIND_OF[type(seen)], ()):
        after[place], happens = look(bound, leaf, before[place], seen)
        changed = changed or after[place] is not before[place]
        if happens:
            places.append(place)
    return tuple(after) if changed else memory.beliefs, frozenset(places)


def _settled(bound: BoundRule, memory: Memory, truth: bool, since_ms: int) -> bool:
    """Nothing can come of it, as nearly always: what is so is told and no schedule can end it,
    or what is over has no alert to clear.
    """
    if truth is not memory.truth:
        return False
    if not truth:
        return not memory.alerting
    endless = bound.rule.schedule is None or bound.nature is Nature.TRANSITION
    return memory.told and endless and since_ms <= memory.since_ms


def _happening(
    bound: BoundRule, memory: Memory, seen: Judged
) -> tuple[Memory, tuple[Outcome, ...]]:
    time_ms = seen.time_ms
    if not bound.scheduled(time_ms) or _cooling(bound.rule, memory, time_ms):
        return memory, ()
    raised = _raised(bound, memory, time_ms, seen, time_ms)
    return attrs.evolve(memory, raised_ms=max(time_ms, memory.raised_ms or 0)), (raised,)


def _episode(
    bound: BoundRule, memory: Memory, seen: Judged, truth: bool, since_ms: int
) -> tuple[Memory, tuple[Outcome, ...]]:
    rule = bound.rule
    transition = bound.nature is Nature.TRANSITION
    # A long use is judged to its end: what is seen meanwhile is older than what is known.
    known_ms = max(seen.time_ms, memory.since_ms)
    memory, before = _hours_over(bound, memory, seen, known_ms)
    scheduled = bound.scheduled(known_ms)
    if truth and not scheduled and not transition:
        truth, since_ms = False, known_ms
    cleared: Cleared | None = None
    if truth and memory.truth and since_ms > memory.since_ms and len(bound.leaves) == 1:
        # It was over in between, unseen: a quota's day has ended, and the next is used up.
        cleared = _cleared(bound, memory, since_ms)
        memory = attrs.evolve(memory, since_ms=since_ms, told=False, alerting=False)
    if truth is not memory.truth:
        if since_ms < memory.since_ms or not bound.scheduled(since_ms):
            since_ms = known_ms
        if truth and not _same_episode(rule, memory, since_ms):
            first = memory.truth is None
            memory, cleared = _over(bound, memory, since_ms)
            memory = attrs.evolve(memory, told=transition and (first or not scheduled))
        memory = attrs.evolve(memory, truth=truth, since_ms=since_ms)
    outcome: Outcome | None
    if truth:
        memory, outcome = _lasting(bound, memory, seen, seen.time_ms)
    else:
        memory, outcome = _over(bound, memory, seen.time_ms)
    return memory, tuple(filter(None, (*before, cleared, outcome)))


def _hours_over(
    bound: BoundRule, memory: Memory, seen: Judged, known_ms: int
) -> tuple[Memory, tuple[Outcome | None, ...]]:
    """A state ends with the hours, whether anything is seen then or not."""
    if not memory.truth or bound.rule.schedule is None or bound.nature is Nature.TRANSITION:
        return memory, ()
    end_ms = bound.hours_end(memory.since_ms)
    if end_ms is None or end_ms > known_ms:
        return memory, ()
    memory, raised = _lasting(bound, memory, seen, end_ms - 1)
    memory = attrs.evolve(memory, truth=False, since_ms=end_ms)
    memory, cleared = _over(bound, memory, known_ms)
    return memory, (raised, cleared)


def _lasting(
    bound: BoundRule, memory: Memory, seen: Judged, known_ms: int
) -> tuple[Memory, Outcome | None]:
    """It is so until `known_ms`: long enough for an alert?"""
    rule = bound.rule
    so_until_ms = known_ms
    occurred_ms = memory.since_ms + round(rule.hold_s * 1000)
    if bound.counts_days and len(bound.leaves) == 1:
        known_ms = max(known_ms, memory.beliefs[0].until_ms)  # what was used has an end
    if memory.told or known_ms < occurred_ms:
        return memory, None
    if bound.nature is Nature.STATE and not bound.scheduled(occurred_ms):
        return memory, None  # the hours end before
    memory = attrs.evolve(memory, told=True)
    if _cooling(rule, memory, occurred_ms):
        return memory, None
    memory = attrs.evolve(memory, alerting=True, raised_ms=occurred_ms)
    return memory, _raised(bound, memory, occurred_ms, seen, so_until_ms)


def _raised(
    bound: BoundRule, memory: Memory, occurred_ms: int, seen: Judged, so_until_ms: int
) -> Raised:
    beliefs = memory.beliefs or _UNKNOWN
    value, threshold = measured(bound, beliefs, seen)
    return Raised(
        bound.rule.id,
        occurred_ms,
        value,
        threshold,
        seen,
        bound.remaining_s,
        beliefs,
        so_until_ms,
    )


def _over(bound: BoundRule, memory: Memory, time_ms: int) -> tuple[Memory, Cleared | None]:
    if not memory.alerting or time_ms - memory.since_ms < bound.rule.clear_s * 1000:
        return memory, None
    cleared = _cleared(bound, memory, memory.since_ms)
    return attrs.evolve(memory, told=False, alerting=False), cleared


def _cleared(bound: BoundRule, memory: Memory, at_ms: int) -> Cleared | None:
    if not memory.alerting or memory.raised_ms is None:
        return None
    return Cleared(bound.rule.id, memory.raised_ms, at_ms, bound.remaining_s)


def _same_episode(rule: Rule, memory: Memory, time_ms: int) -> bool:
    """Whether a condition that turns true again was not over for long enough."""
    return memory.told and time_ms - memory.since_ms < rule.clear_s * 1000


def _cooling(rule: Rule, memory: Memory, occurred_ms: int) -> bool:
    """Measured between the times at which alerts occurred, whenever they were learned: what
    happens comes in batches by its kind, and may be older than the last alert.
    """
    if memory.raised_ms is None:
        return False
    return abs(occurred_ms - memory.raised_ms) < rule.cooldown_s * 1000
