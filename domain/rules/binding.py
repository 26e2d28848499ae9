"""Rules made ready to judge a device: with the places, hours and names that they speak of."""

from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

import attrs

from domain.calendar import Calendar
from domain.kinds import Kind
from domain.place import Place
from domain.rules.condition import (
    Condition,
    Leaf,
    Nature,
    SilentFor,
    UsedOver,
    kinds_of,
    leaves,
    nature,
    spelled_out,
)
from domain.rules.rule import Rule

Evaluate = Callable[[Mapping[str, object]], bool | None]
"""An expression's truth by the values of an observation, None where one that matters is missing."""


def _nothing(_name: str) -> None:
    return None


def _host(url: str) -> str | None:
    return url


@attrs.frozen
class Surroundings:
    """What rules about one person speak of, beside the observations.

    `contacts` are plain addresses, `addresses` those of each contact by its name. `site_of` gives
    the site of a URL, `category_of_app` and `category_of_site` the category of an app and of a
    site. `expressions` are ready to be evaluated, by their text.
    """

    zone: ZoneInfo
    places: Mapping[str, Place] = attrs.field(factory=dict)
    calendars: Mapping[str, Calendar] = attrs.field(factory=dict)
    contacts: frozenset[str] = frozenset()
    addresses: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
    site_of: Callable[[str], str | None] = _host
    category_of_app: Callable[[str], str | None] = _nothing
    category_of_site: Callable[[str], str | None] = _nothing
    expressions: Mapping[str, Evaluate] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class BoundRule:
    """A rule with its surroundings. `remaining_s` makes it the early warning of a quota.

    What is derived of the condition is derived once, for it is asked with every observation.
    """

    rule: Rule
    around: Surroundings
    remaining_s: float = 0.0
    when: Condition = attrs.field(init=False)
    leaves: tuple[Leaf, ...] = attrs.field(init=False)
    asked: Mapping[Kind, tuple[tuple[int, Leaf], ...]] = attrs.field(init=False)
    kinds: frozenset[Kind] = attrs.field(init=False)
    counts_days: bool = attrs.field(init=False)
    nature: Nature = attrs.field(init=False)
    calendar: Calendar | None = attrs.field(init=False)

    @when.default
    def _when(self) -> Condition:
        return spelled_out(self.rule.when)

    @leaves.default
    def _leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaves(self.when))

    @asked.default
    def _asked(self) -> Mapping[Kind, tuple[tuple[int, Leaf], ...]]:
        """The single conditions that observations of a kind say something about, with places."""
        found: dict[Kind, tuple[tuple[int, Leaf], ...]] = {}
        for place, leaf in enumerate(self.leaves):
            for kind in kinds_of(leaf):
                found[kind] = (*found.get(kind, ()), (place, leaf))
        return found

    @kinds.default
    def _kinds(self) -> frozenset[Kind]:
        return frozenset(self.asked)

    @counts_days.default
    def _counts_days(self) -> bool:
        return any(isinstance(leaf, UsedOver) for leaf in self.leaves)

    @nature.default
    def _nature(self) -> Nature:
        return nature(self.rule.when)

    @calendar.default
    def _calendar(self) -> Calendar | None:
        schedule = self.rule.schedule
        if schedule is None or schedule.calendar_id is None:
            return None
        return self.around.calendars.get(schedule.calendar_id)

    @property
    def key(self) -> str:
        """Under which its memory is kept."""
        return f"{self.rule.id}#{self.remaining_s:g}" if self.remaining_s else self.rule.id

    @property
    def waits_for_time(self) -> bool:
        """It is about silence, which no observation tells."""
        return isinstance(self.when, SilentFor)

    def scheduled(self, time_ms: int) -> bool:
        schedule = self.rule.schedule
        return schedule is None or schedule.covers(time_ms, self.around.zone, self.calendar)

    def hours_begin(self, time_ms: int) -> int | None:
        """The first time from this on that is within the hours; None where there is none."""
        return self._turns(True, time_ms)

    def hours_end(self, time_ms: int) -> int | None:
        """The first time from this on that is not; None where the hours have no end."""
        return self._turns(False, time_ms)

    def _turns(self, on: bool, time_ms: int) -> int | None:
        schedule = self.rule.schedule
        if schedule is None:
            return time_ms if on else None
        return schedule.turns(on, time_ms, self.around.zone, self.calendar)


def bound_rules(rule: Rule, around: Surroundings) -> Iterator[BoundRule]:
    """The rule, and its early warnings, which are judged like rules of their own."""
    yield BoundRule(rule, around)
    if isinstance(rule.when, UsedOver):
        for remaining_s in rule.when.warn_at_s:
            yield BoundRule(rule, around, remaining_s)
