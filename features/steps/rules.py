"""Rules, as people ask for them."""

from pytest_bdd import given, parsers, when

from features.drivers.values import RuleWish
from features.steps import wording
from features.steps.people import introduce
from features.steps.world import World

RULE = (
    r"the (?P<severity>critical )?rule that (?P<who>anybody|\w+) (?P<what>[^,]+)"
    r"(?:, (?P<hours>on week[^,]+))?(?:, at most once an (?P<cooldown>hour))?"
)


def wish(
    world: World,
    who: str,
    what: str,
    severity: str | None = None,
    hours: str | None = None,
    cooldown: str | None = None,
) -> RuleWish:
    condition, hold_s = wording.condition(what, world.places)
    return RuleWish(
        when=condition,
        people=() if who == "anybody" else (introduce(world, who),),
        hold_s=hold_s,
        cooldown_s=3600.0 if cooldown else 0.0,
        hours=wording.hours(hours) if hours else None,
        severity=severity.strip() if severity else "info",
    )


@given(parsers.re(RULE))
def make_rule(
    world: World,
    who: str,
    what: str,
    severity: str | None,
    hours: str | None,
    cooldown: str | None,
) -> None:
    asked = wish(world, who, what, severity, hours, cooldown)
    world.rules.append(world.driver.people.make_rule(world.owner, asked))


@when("the rule is removed")
def remove_rule(world: World) -> None:
    world.settled()
    world.driver.people.remove_rule(world.owner, world.rules[-1])
