"""Why a rule cannot work, and what of a rule that can is doubtful."""

from collections.abc import Collection, Iterator, Mapping

import attrs

from domain.kinds import Kind
from domain.refusals import FieldError
from domain.rules.condition import (
    AllOf,
    AnyOf,
    Condition,
    Expression,
    Nature,
    Not,
    SilentFor,
    UsedOver,
    categories_named,
    expression_kinds,
    kinds_of,
    leaves,
    nature,
    place_ids,
)
from domain.rules.expression_values import EXPRESSION_KINDS
from domain.rules.rule import DASHBOARD, Rule

MAX_LEAVES = 20
MAX_HOLD_S = 7 * 86_400.0
MAX_SCOPE = 200
MAX_NAME = 200
MAX_CHANNELS = 20
_DAY_S = 86_400.0


@attrs.frozen
class Known:
    """The ids, and the names of categories, that a rule of the account may speak of."""

    places: Collection[str] = ()
    calendars: Collection[str] = ()
    channels: Collection[str] = ()
    categories: Collection[str] = ()


def rule_errors(rule: Rule, known: Known) -> list[FieldError]:
    return [
        *_numbers(rule),
        *condition_errors(rule.when, known),
        *_time_errors(rule),
        *_others(rule, known),
    ]


def _numbers(rule: Rule) -> Iterator[FieldError]:
    if not 1 <= len(rule.name) <= MAX_NAME:
        yield FieldError("name", f"must have 1 to {MAX_NAME} characters")
    for field in ("hold_s", "clear_s", "cooldown_s"):
        if not 0.0 <= getattr(rule, field) <= MAX_HOLD_S:
            yield FieldError(field, f"must be between 0 and {MAX_HOLD_S:.0f}")
    if len(rule.scope.people) + len(rule.scope.devices) > MAX_SCOPE:
        yield FieldError("scope", f"may name {MAX_SCOPE} people and devices at most")


def condition_errors(when: Condition, known: Known) -> Iterator[FieldError]:
    """Of what it is made of, and of what it speaks."""
    if len(list(leaves(when))) > MAX_LEAVES:
        yield FieldError("when", f"may have {MAX_LEAVES} conditions at most")
    yield from _structure(when, "when", alone=True)
    for place_id in place_ids(when):
        if place_id not in known.places:
            yield FieldError("when", f"there is no place {place_id}")
    for name in sorted(categories_named(when).difference(known.categories)):
        yield FieldError("when", f"there is no category {name}")
    for leaf in leaves(when):
        if isinstance(leaf, Expression):
            yield from _expression_errors(leaf)


def _structure(when: Condition, field: str, *, alone: bool) -> Iterator[FieldError]:
    """States can be combined freely; of events there can be one at a moment."""
    match when:
        case AllOf(parts) | AnyOf(parts):
            name = "all" if isinstance(when, AllOf) else "any"
            for index, part in enumerate(parts):
                yield from _structure(part, f"{field}.{name}[{index}]", alone=False)
            states = [nature(part) is Nature.STATE for part in parts]
            if name == "any" and any(states) and not all(states):
                reason = "joins what lasts and what happens at a moment; make two rules of it"
                yield FieldError(f"{field}.any", reason)
            if name == "all" and states.count(False) > 1:
                reason = "asks for two things to happen at the same moment"
                yield FieldError(f"{field}.all", reason)
        case Not(part):
            yield from _structure(part, f"{field}.not", alone=False)
            if nature(part) is not Nature.STATE:
                reason = "what happens at a moment is not happening nearly always"
                yield FieldError(f"{field}.not", reason)
        case SilentFor() if not alone:
            yield FieldError(f"{field}.silent_for_s", "cannot be combined: time tells it, not data")
        case UsedOver() if not alone and when.warn_at_s:
            yield FieldError(f"{field}.used_over.warn_at_s", "has no meaning in a combination")
        case _:
            return


def _expression_errors(leaf: Expression) -> Iterator[FieldError]:
    kinds = expression_kinds(leaf.text)
    if len(kinds) == 1 and kinds <= set(EXPRESSION_KINDS):
        return
    reason = "must speak of one kind, such as location.speed_mps; join several with all or any"
    yield FieldError("when.expression", reason)


def _time_errors(rule: Rule) -> Iterator[FieldError]:
    if nature(rule.when) is Nature.EVENT or isinstance(rule.when, SilentFor):
        for field in ("hold_s", "clear_s"):
            if getattr(rule, field):
                yield FieldError(field, "has no meaning here: the condition does not last")


def _others(rule: Rule, known: Known) -> Iterator[FieldError]:
    calendar_id = rule.schedule.calendar_id if rule.schedule else None
    if calendar_id is not None and calendar_id not in known.calendars:
        yield FieldError("schedule.except", f"there is no calendar {calendar_id}")
    if len(rule.channels) > MAX_CHANNELS:
        yield FieldError("channels", f"may be {MAX_CHANNELS} at most")
    for channel in rule.channels:
        if channel != DASHBOARD and channel not in known.channels:
            yield FieldError("channels", f"there is no channel {channel}")


def rule_warnings(rule: Rule, policies: Collection[Mapping[Kind, float]]) -> list[FieldError]:
    """What is allowed and probably not meant. `policies` say for each device in the rule's scope
    how many seconds apart each kind comes that it collects; of none nothing is asked.
    """
    found = list(_never(rule))
    for leaf in leaves(rule.when):
        for kind in sorted(kinds_of(leaf)) if policies else ():
            intervals = [policy[kind] for policy in policies if kind in policy]
            if not intervals:
                found.append(FieldError("when", f"no device in its scope collects {kind.value}"))
            elif 0 < rule.hold_s < max(intervals):
                reason = (
                    f"is shorter than the {max(intervals):g} s after which {kind.value} comes;"
                    " it is noticed later"
                )
                found.append(FieldError("hold_s", reason))
    return list(dict.fromkeys(found))


def _never(rule: Rule) -> Iterator[FieldError]:
    """What cannot come about."""
    hours_s = rule.schedule.longest_s if rule.schedule else None
    if hours_s is not None and rule.hold_s >= hours_s and nature(rule.when) is Nature.STATE:
        yield FieldError("hold_s", "is as long as the hours: it raises nothing before they end")
    for leaf in leaves(rule.when):
        if isinstance(leaf, UsedOver) and leaf.per_day_s >= _DAY_S:
            yield FieldError("when", "a day has 24 hours: nothing is used for longer")
