"""Rules, as people ask for them."""

import re
from collections.abc import Mapping
from typing import Any

import attrs
from pytest_bdd import given, parsers, then, when

from features.drivers.values import RuleWish
from features.steps import wording
from features.steps.conditions import condition
from features.steps.people import introduce
from features.steps.world import World

RULE = r"the (?P<severity>critical )?rule that (?P<who>anybody|[A-Z]\w+) (?P<what>.+)"


def wish(world: World, who: str, what: str, severity: str | None = None) -> RuleWish:
    """What is asked, and after commas how: when, how often, what else."""
    asks, *clauses = what.split(", ")
    when_, hold_s = condition(asks, world.places)
    plain = RuleWish(
        when=when_,
        people=() if who == "anybody" else (introduce(world, who),),
        hold_s=hold_s,
        severity=severity.strip() if severity else "info",
    )
    for clause in clauses:
        plain = attrs.evolve(plain, **_changes(world, plain, clause))
    return plain


def _changes(world: World, asked: RuleWish, clause: str) -> Mapping[str, Any]:
    if clause == "even if it is so already":
        return {"also_now": True}
    if clause == "at most once an hour":
        return {"cooldown_s": 3_600.0}
    if found := re.fullmatch(r"over after (.+)", clause):
        return {"clear_s": wording.duration(found[1]).total_seconds()}
    if found := re.fullmatch(r"with a warning (.+) before", clause):
        quota = asked.when["used_over"]
        warn_at_s = [wording.duration(found[1]).total_seconds()]
        return {"when": {"used_over": {**quota, "warn_at_s": warn_at_s}}}
    if found := re.fullmatch(r"except on (.+)", clause):
        assert asked.hours is not None, "exceptions are made to hours"
        return {"hours": attrs.evolve(asked.hours, calendar=world.calendars[found[1]])}
    return {"hours": wording.hours(clause)}


@given(parsers.re(RULE))
def make_rule(world: World, who: str, what: str, severity: str | None) -> None:
    asked = wish(world, who, what, severity)
    world.rules.append(world.driver.people.make_rule(world.owner, asked))


@when(parsers.re(f"somebody tries to make {RULE}"))
def try_to_make_rule(world: World, who: str, what: str, severity: str | None) -> None:
    asked = wish(world, who, what, severity)
    world.attempt(lambda: world.driver.people.make_rule(world.owner, asked))


@when("the rule is removed")
def remove_rule(world: World) -> None:
    world.settled()
    world.driver.people.remove_rule(world.owner, world.rules[-1])


@given(parsers.parse("the calendar {name} with last {day}"))
def keep_calendar(world: World, name: str, day: str) -> None:
    date = world.moment(f"{day} 00:00", "").date()
    world.calendars[name] = world.driver.people.keep_calendar(world.owner, name, [date])


@given(parsers.re(r"(?P<name>\w+) is a contact with the number (?P<number>.+)"))
def add_contact(world: World, name: str, number: str) -> None:
    world.driver.people.add_contact(world.owner, name, number)


@then(parsers.re(f"{RULE} reads as “(?P<sentence>.+)”"))
def reads_as(world: World, who: str, what: str, severity: str | None, sentence: str) -> None:
    seen = world.driver.people.describe_rule(world.owner, wish(world, who, what, severity))
    assert seen.sentence == sentence
