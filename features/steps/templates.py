"""Rules to start from."""

from collections.abc import Mapping
from typing import Any

from pytest_bdd import parsers, then, when

from features.drivers.values import Hours, RuleWish
from features.steps.wording import rows
from features.steps.world import World

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def filled_in(template: Mapping[str, Any], answers: Mapping[str, str]) -> RuleWish:
    """The template's rule with something for each of its blanks, and for nothing else."""
    blanks = {blank["blank"] for blank in template["blanks"]}
    rule = _filled(template["rule"], {blank: answers[blank] for blank in blanks})
    schedule = rule.pop("schedule", None)
    hours = None
    if schedule is not None:
        days = tuple(schedule.get("days", _WEEK))
        hours = Hours(days, schedule["from"], schedule["to"], schedule.get("except"))
    return RuleWish(**rule, hours=hours)


def _filled(value: Any, answers: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(inner, answers) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, answers) for inner in value]
    return answers.get(value, value) if isinstance(value, str) else value


def _wishes(world: World) -> dict[str, RuleWish]:
    answers = {
        "<place>": world.places["School"],
        "<home>": world.places["Home"],
        "<calendar>": world.calendars["School holidays"],
    }
    templates = world.driver.people.templates(world.owner)
    return {template["title"]: filled_in(template, answers) for template in templates}


@then("the templates read as these sentences:")
def sentences(world: World, datatable: list[list[str]]) -> None:
    expected = {row["template"]: row["sentence"] for row in rows(datatable)}
    people = world.driver.people
    seen = {
        title: people.describe_rule(world.owner, asked).sentence
        for title, asked in _wishes(world).items()
    }
    assert seen == expected


@when("every template is made into a rule")
def make_all(world: World) -> None:
    for asked in _wishes(world).values():
        world.rules.append(world.driver.people.make_rule(world.owner, asked))


@when(parsers.parse("the template {title} is made into a rule"))
def make_one(world: World, title: str) -> None:
    world.rules.append(world.driver.people.make_rule(world.owner, _wishes(world)[title]))


@then(parsers.parse("there are {count:d} rules"))
def count_rules(world: World, count: int) -> None:
    assert len(set(world.rules)) == count
