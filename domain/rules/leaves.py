"""What an observation says about the single conditions of a rule, and what they remember.

Each is true, false or unknown since some moment of event time. What an observation changes is
given as a new value; where nothing changes, the very same one comes back.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, get_args
from unicodedata import normalize

import attrs

from domain.consolidation.pulses import PULSE_MS
from domain.contact import plain_address
from domain.kinds import Kind
from domain.observations import (
    OBSERVATION_CLASSES,
    AppUse,
    Call,
    DeviceState,
    Location,
    Message,
    Presence,
    Traffic,
    WebVisit,
)
from domain.rules.binding import BoundRule, Surroundings
from domain.rules.condition import (
    ANYBODY,
    STRANGER,
    BatteryBelow,
    Charging,
    Communicates,
    Dwells,
    Enters,
    Expression,
    Inside,
    Keyword,
    Leaf,
    Leaves,
    Outside,
    PresenceIs,
    SpeedOver,
    Subject,
    TrafficOver,
    UsedOver,
    Uses,
)
from domain.rules.expression_values import expression_values
from domain.times import from_datetime, local

Seen = Location | WebVisit | AppUse | Presence | Message | Call | Traffic | DeviceState
"""What rules can be about."""

KIND_OF: dict[type[Any], Kind] = {
    cls: kind for kind, cls in OBSERVATION_CLASSES.items() if cls in get_args(Seen)
}

NOBODY, BY_APP, BY_SITE = 0, 1, 2
ENDS = 4
"""Added where what goes on has said how long it lasts."""


@attrs.frozen
class Belief:
    """What is known of one condition.

    `truth` is None while it is unknown; it is so since `since_ms`. `inside` is a place's own
    answer. `amount` (seconds or bytes) was counted since the local day or month `period` began,
    up to `until_ms`; `going_on` says by what something goes on then, and whether it has an end.
    For a dwelling `until_ms` is when the device came in.
    """

    truth: bool | None = None
    since_ms: int = 0
    inside: bool | None = None
    amount: float = 0.0
    period: int = 0
    until_ms: int = 0
    going_on: int = NOBODY


UNKNOWN = Belief()


def look(bound: BoundRule, leaf: Leaf, belief: Belief, seen: Seen) -> tuple[Belief, bool]:
    """The belief after an observation of one of the leaf's kinds, and whether its event
    happened: for a transition, that it turned true after it had been false.
    """
    cls = type(leaf)
    if cls in _EVENTS:
        return belief, _EVENTS[cls](bound.around, leaf, seen)
    after = _STATES[cls](bound, leaf, belief, seen)
    begun = cls in _TRANSITIONS and after.truth is True and belief.truth is False
    return after, begun


def _turned(belief: Belief, truth: bool | None, time_ms: int) -> Belief:
    if truth is None or truth is belief.truth:
        return belief
    return attrs.evolve(belief, truth=truth, since_ms=time_ms)


def _placed(
    bound: BoundRule, leaf: Inside | Outside | Enters | Leaves, belief: Belief, seen: Location
) -> Belief:
    place = bound.around.places[leaf.place_id]
    inside = place.contains(seen.lat, seen.lon, seen.accuracy_m, belief.inside)
    if inside is belief.inside:
        return belief
    truth = inside is isinstance(leaf, Inside | Enters)
    return Belief(truth, seen.time_ms, inside)


def _dwelling(bound: BoundRule, leaf: Dwells, belief: Belief, seen: Location) -> Belief:
    place = bound.around.places[leaf.place_id]
    inside = place.contains(seen.lat, seen.lon, seen.accuracy_m, belief.inside)
    if inside is not belief.inside:
        since_ms = belief.since_ms if belief.truth is False else seen.time_ms
        belief = Belief(False, since_ms, inside, until_ms=seen.time_ms)
    due_ms = belief.until_ms + round(leaf.seconds * 1000)
    if inside and belief.truth is False and seen.time_ms >= due_ms:
        return attrs.evolve(belief, truth=True, since_ms=due_ms)
    return belief


def _speeding(_bound: BoundRule, leaf: SpeedOver, belief: Belief, seen: Location) -> Belief:
    speed_mps = seen.speed_mps
    return _turned(belief, None if speed_mps is None else speed_mps > leaf.mps, seen.time_ms)


def _draining(_bound: BoundRule, leaf: BatteryBelow, belief: Belief, seen: DeviceState) -> Belief:
    level = seen.battery
    return _turned(belief, None if level is None else level < leaf.level, seen.time_ms)


def _charging(_bound: BoundRule, leaf: Charging, belief: Belief, seen: DeviceState) -> Belief:
    on = seen.charging
    return _turned(belief, None if on is None else on is leaf.on, seen.time_ms)


def _present(_bound: BoundRule, leaf: PresenceIs, belief: Belief, seen: Presence) -> Belief:
    return _turned(belief, seen.status == leaf.status, seen.time_ms)


def _used(bound: BoundRule, leaf: Uses, belief: Belief, seen: AppUse | WebVisit) -> Belief:
    return _turned(belief, is_about(bound.around, leaf.subject, seen), seen.time_ms)


def _expressed(bound: BoundRule, leaf: Expression, belief: Belief, seen: Seen) -> Belief:
    evaluate = bound.around.expressions[leaf.text]
    return _turned(belief, evaluate(expression_values(seen, bound.around)), seen.time_ms)


def _used_up(bound: BoundRule, leaf: UsedOver, belief: Belief, seen: AppUse | WebVisit) -> Belief:
    """Counts as sessions are merged: pulses of the same that follow within a pulse time go on,
    and what has no duration of its own lasts until the next of its kind.
    """
    by = BY_APP if isinstance(seen, AppUse) else BY_SITE
    start_ms = seen.time_ms
    goes_on = belief.going_on and start_ms - belief.until_ms <= PULSE_MS
    quota = _Quota(bound, leaf.per_day_s - bound.remaining_s)
    if not is_about(bound.around, leaf.subject, seen):
        if belief.going_on & ~ENDS != by:
            return quota.on_the_day(belief, start_ms)
        if goes_on and not belief.going_on & ENDS:
            belief = quota.count(belief, belief.until_ms, start_ms)
        return attrs.evolve(quota.on_the_day(belief, start_ms), going_on=NOBODY)
    end_ms = start_ms + round((seen.duration_s or 0.0) * 1000)
    belief = quota.count(belief, belief.until_ms if goes_on else start_ms, end_ms)
    return attrs.evolve(belief, going_on=by if seen.duration_s is None else by | ENDS)


def crosses_midnight(bound: BoundRule, seen: Seen) -> bool:
    """Whether it is a use that counts, on more than one local day."""
    if not isinstance(seen, AppUse | WebVisit) or not seen.duration_s:
        return False
    zone = bound.around.zone
    last_ms = seen.time_ms + round(seen.duration_s * 1000) - 1
    if local(seen.time_ms, zone).date() == local(last_ms, zone).date():
        return False
    quotas = (leaf for leaf in bound.leaves if isinstance(leaf, UsedOver))
    return any(is_about(bound.around, leaf.subject, seen) for leaf in quotas)


def parts_by_day(bound: BoundRule, seen: Seen) -> Iterator[Seen]:
    """The same use, cut at each local midnight."""
    assert isinstance(seen, AppUse | WebVisit)
    start_ms, end_ms = seen.time_ms, seen.time_ms + round((seen.duration_s or 0.0) * 1000)
    while start_ms < end_ms:
        part_ms = min(end_ms, _midnight_after(bound, start_ms))
        yield attrs.evolve(seen, time_ms=start_ms, duration_s=(part_ms - start_ms) / 1000)
        start_ms = part_ms


def _midnight_after(bound: BoundRule, time_ms: int) -> int:
    return _start_of_day(local(time_ms, bound.around.zone) + timedelta(days=1))


@attrs.frozen
class _Quota:
    """Seconds of a local day, up to a limit."""

    bound: BoundRule
    limit_s: float

    def count(self, belief: Belief, start_ms: int, end_ms: int) -> Belief:
        """Add what was not counted yet, each day's part to its day."""
        start_ms = max(start_ms, belief.until_ms)
        belief = self.on_the_day(belief, start_ms)
        while end_ms > start_ms:
            part_ms = min(end_ms, _midnight_after(self.bound, start_ms))
            before_s = belief.amount
            amount = before_s + (part_ms - start_ms) / 1000
            belief = attrs.evolve(belief, amount=amount, until_ms=part_ms)
            if amount > self.limit_s and belief.truth is not True:
                crossed_ms = start_ms + round((self.limit_s - before_s) * 1000)
                belief = attrs.evolve(belief, truth=True, since_ms=crossed_ms)
            start_ms = part_ms
            if end_ms > start_ms:
                belief = self.on_the_day(belief, start_ms)
        return attrs.evolve(belief, until_ms=max(belief.until_ms, start_ms))

    def on_the_day(self, belief: Belief, time_ms: int) -> Belief:
        """Each day begins with nothing counted."""
        moment = local(time_ms, self.bound.around.zone)
        day = moment.toordinal()
        if day <= belief.period:
            return belief
        since_ms = _start_of_day(moment)
        return attrs.evolve(belief, amount=0.0, period=day, truth=False, since_ms=since_ms)


def _start_of_day(moment: datetime) -> int:
    return from_datetime(moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0))


def _loaded(bound: BoundRule, leaf: TrafficOver, belief: Belief, seen: Traffic) -> Belief:
    moment = local(seen.time_ms, bound.around.zone)
    period = moment.toordinal() if leaf.per == "day" else moment.year * 12 + moment.month
    if period > belief.period:
        first = moment if leaf.per == "day" else moment.replace(day=1)
        belief = Belief(False, _start_of_day(first), period=period)
    if leaf.interface not in (None, seen.interface) or leaf.app not in (None, seen.app):
        return belief
    belief = attrs.evolve(belief, amount=belief.amount + seen.sent_bytes + seen.received_bytes)
    return _turned(belief, belief.amount > leaf.bytes, seen.time_ms)


def is_about(around: Surroundings, subject: Subject, seen: AppUse | WebVisit) -> bool:
    """Whether that is what was used."""
    if isinstance(seen, AppUse):
        if subject.what == "category":
            return around.category_of_app(seen.app) == subject.name
        return subject.what == "app" and seen.app.casefold() == subject.name.casefold()
    site = around.site_of(seen.url)
    if site is None or subject.what == "app":
        return False
    if subject.what == "category":
        return around.category_of_site(site) == subject.name
    return site == subject.name.casefold()


def has_keyword(_around: Surroundings, leaf: Keyword, seen: Any) -> bool:
    """Whatever the case, and however accents are encoded."""
    search = _pattern(leaf.words).search
    texts = (getattr(seen, field, None) for field in leaf.fields)
    return any(text and search(_plain(text)) for text in texts)


@lru_cache(maxsize=1_000)
def _pattern(words: tuple[str, ...]) -> "re.Pattern[str]":
    # A word ends where no letter follows; `\b` would never match before a sign such as "+".
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(_plain(one)) for one in words)})(?!\w)")


def _plain(text: str) -> str:
    return text.lower() if text.isascii() else normalize("NFC", normalize("NFC", text).casefold())


def _is_with(around: Surroundings, leaf: Communicates, seen: Message | Call) -> bool:
    if leaf.direction not in (None, seen.direction):
        return False
    if leaf.counterpart == ANYBODY:
        return True
    address = plain_address(seen.counterpart)
    if leaf.counterpart == STRANGER:
        return address not in around.contacts
    whom = plain_address(leaf.counterpart)
    return address == whom or address in around.addresses.get(whom, ())


_TRANSITIONS = frozenset({Enters, Leaves})
_EVENTS: dict[type[Any], Callable[[Surroundings, Any, Any], bool]] = {
    Keyword: has_keyword,
    Communicates: _is_with,
}
_STATES: dict[type[Any], Callable[[BoundRule, Any, Belief, Any], Belief]] = {
    Inside: _placed,
    Outside: _placed,
    Enters: _placed,
    Leaves: _placed,
    Dwells: _dwelling,
    SpeedOver: _speeding,
    BatteryBelow: _draining,
    Charging: _charging,
    PresenceIs: _present,
    Uses: _used,
    UsedOver: _used_up,
    TrafficOver: _loaded,
    Expression: _expressed,
}
