"""What an observation does to a rule: (rule, memory, observation) -> (memory, outcome).

A rule's condition is at each moment true, false or unknown. An *episode* begins when it turns
true, and raises at most one alert, once it has lasted for `hold_s`. The episode is over when
the condition has been false for `clear_s`.

States ("is outside") may begin with the first observation; transitions ("leaves") need to have
seen the opposite before. Neither says anything about what was already true when the rule was
made: `begin` starts such an episode as told.
"""

from zoneinfo import ZoneInfo

import attrs

from domain.observations import DeviceState, Location
from domain.place import Place
from domain.rules.condition import (
    BatteryBelow,
    Enters,
    Inside,
    PlaceCondition,
    SilentFor,
    SpeedOver,
    is_transition,
)
from domain.rules.rule import Rule

Judged = Location | DeviceState


@attrs.frozen
class Memory:
    """What a rule remembers of one device.

    `truth` is the condition as last seen (None: never) and `since_ms` when it became so.
    `inside` is the place's own answer, before the schedule. `told`: this episode has had its
    alert, or is not to have one. `raised_ms` is when the last alert occurred.
    """

    rule_version: int
    truth: bool | None = None
    since_ms: int = 0
    inside: bool | None = None
    told: bool = False
    alerting: bool = False
    raised_ms: int | None = None


@attrs.frozen
class Raised:
    """An alert is due: the condition was fulfilled at `occurred_at_ms` (event time)."""

    rule_id: str
    occurred_at_ms: int
    value: float | None
    threshold: float | None
    observation: Judged | None


@attrs.frozen
class Cleared:
    """The condition of the alert that occurred at `raised_ms` is over since `at_ms`."""

    rule_id: str
    raised_ms: int
    at_ms: int


Outcome = Raised | Cleared


@attrs.frozen
class BoundRule:
    """A rule with the place and the time zone that it needs to judge one device."""

    rule: Rule
    zone: ZoneInfo
    place: Place | None = None


def begin(bound: BoundRule, latest: Judged | None) -> Memory:
    """The memory of a new rule; what `latest` already fulfils counts as told."""
    memory = Memory(bound.rule.version)
    if latest is None:
        return memory
    memory, _ = judge(bound, memory, latest)
    return attrs.evolve(memory, told=bool(memory.truth), alerting=False, raised_ms=None)


def judge(bound: BoundRule, memory: Memory, seen: Judged) -> tuple[Memory, tuple[Outcome, ...]]:
    """One observation, later than all that this memory has seen.

    It may clear one alert and raise the next, if nothing was seen while the condition was over.
    """
    rule = bound.rule
    truth, inside = _truth(bound, memory, seen)
    if truth is None:
        return memory, ()
    transition = is_transition(rule.when)
    scheduled = rule.schedule is None or rule.schedule.covers(seen.time_ms, bound.zone)
    if truth and not scheduled and not transition:
        truth = False
    cleared: Cleared | None = None
    if truth != memory.truth:
        if truth and not _same_episode(rule, memory, seen.time_ms):
            first = memory.truth is None
            memory, cleared = _over(rule, memory, seen.time_ms)
            memory = attrs.evolve(memory, told=transition and (first or not scheduled))
        memory = attrs.evolve(memory, truth=truth, since_ms=seen.time_ms, inside=inside)
    elif inside is not memory.inside:
        memory = attrs.evolve(memory, inside=inside)
    outcome: Outcome | None
    if truth:
        memory, outcome = _lasting(rule, memory, seen)
    else:
        memory, outcome = _over(rule, memory, seen.time_ms)
    return memory, tuple(filter(None, (cleared, outcome)))


def judge_silence(
    bound: BoundRule, memory: Memory, last_seen_ms: int, now_ms: int
) -> tuple[Memory, Outcome | None]:
    """Time has passed, or something was seen: has the device been silent for too long?"""
    rule = bound.rule
    assert isinstance(rule.when, SilentFor)
    due_ms = last_seen_ms + round(rule.when.seconds * 1000)
    if now_ms < due_ms:
        if not memory.told:
            return memory, None
        cleared = _cleared(rule, memory, last_seen_ms)
        return attrs.evolve(memory, told=False, alerting=False), cleared
    if memory.told:
        return memory, None
    memory = attrs.evolve(memory, told=True)
    if rule.schedule is not None and not rule.schedule.covers(due_ms, bound.zone):
        return memory, None
    if _cooling(rule, memory, due_ms):
        return memory, None
    raised = Raised(rule.id, due_ms, (now_ms - last_seen_ms) / 1000, rule.when.seconds, None)
    return attrs.evolve(memory, alerting=True, raised_ms=due_ms), raised


def _truth(bound: BoundRule, memory: Memory, seen: Judged) -> tuple[bool | None, bool | None]:
    """The condition's truth (None: this observation says nothing) and the place's own."""
    when = bound.rule.when
    if isinstance(seen, Location):
        if isinstance(when, PlaceCondition):
            assert bound.place is not None
            inside = bound.place.contains(seen.lat, seen.lon, seen.accuracy_m, memory.inside)
            return inside is isinstance(when, Inside | Enters), inside
        if isinstance(when, SpeedOver) and seen.speed_mps is not None:
            return seen.speed_mps > when.mps, None
    elif isinstance(when, BatteryBelow) and seen.battery is not None:
        return seen.battery < when.level, None
    return None, memory.inside


def _lasting(rule: Rule, memory: Memory, seen: Judged) -> tuple[Memory, Outcome | None]:
    occurred_ms = memory.since_ms + round(rule.hold_s * 1000)
    if memory.told or seen.time_ms < occurred_ms:
        return memory, None
    memory = attrs.evolve(memory, told=True)
    if _cooling(rule, memory, occurred_ms):
        return memory, None
    value, threshold = _measure(rule, seen)
    raised = Raised(rule.id, occurred_ms, value, threshold, seen)
    return attrs.evolve(memory, alerting=True, raised_ms=occurred_ms), raised


def _over(rule: Rule, memory: Memory, time_ms: int) -> tuple[Memory, Cleared | None]:
    if not memory.alerting or time_ms - memory.since_ms < rule.clear_s * 1000:
        return memory, None
    cleared = _cleared(rule, memory, memory.since_ms)
    return attrs.evolve(memory, told=False, alerting=False), cleared


def _cleared(rule: Rule, memory: Memory, at_ms: int) -> Cleared | None:
    if not memory.alerting or memory.raised_ms is None:
        return None
    return Cleared(rule.id, memory.raised_ms, at_ms)


def _same_episode(rule: Rule, memory: Memory, time_ms: int) -> bool:
    """Whether a condition that turns true again was not over for long enough."""
    return memory.told and time_ms - memory.since_ms < rule.clear_s * 1000


def _cooling(rule: Rule, memory: Memory, occurred_ms: int) -> bool:
    """Measured between the times at which alerts occurred, whenever they were learned."""
    if memory.raised_ms is None:
        return False
    return occurred_ms - memory.raised_ms < rule.cooldown_s * 1000


def _measure(rule: Rule, seen: Judged) -> tuple[float | None, float | None]:
    if isinstance(rule.when, SpeedOver) and isinstance(seen, Location):
        return seen.speed_mps, rule.when.mps
    if isinstance(rule.when, BatteryBelow) and isinstance(seen, DeviceState):
        return seen.battery, rule.when.level
    return None, None
