"""Rules that are tried on what is stored."""

from pytest_bdd import parsers, then, when

from features.drivers.backtests import TrialAlert
from features.steps.rules import RULE, wish
from features.steps.wording import rows
from features.steps.world import World


@when(parsers.re(RULE + r" is tried on the last (?P<days>\d+) days"))
def try_rule(
    world: World,
    who: str,
    what: str,
    severity: str | None,
    days: str,
) -> None:
    world.settled()
    asked = wish(world, who, what, severity)
    world.backtest = world.driver.people.try_rule(world.owner, asked, int(days))


@when(parsers.re(f"somebody tries {RULE}"))
def somebody_tries(
    world: World,
    who: str,
    what: str,
    severity: str | None,
) -> None:
    asked = wish(world, who, what, severity)
    world.attempt(lambda: world.driver.people.try_rule(world.owner, asked, 7))


@then("it would have raised these alerts:")
def would_have_raised(world: World, datatable: list[list[str]]) -> None:
    expected = [{**row, "happened": world.moment(row["happened"], "")} for row in rows(datatable)]
    assert [_told(alert) for alert in world.backtest] == expected


@then("it would have raised no alert")
def would_have_been_silent(world: World) -> None:
    assert world.backtest == []


@then("it would have raised what was raised")
def would_have_raised_the_same(world: World) -> None:
    raised = [TrialAlert(one.text, one.happened, one.over) for one in world.alerts()]
    assert raised
    assert world.backtest == raised


def _told(alert: TrialAlert) -> dict[str, object]:
    return {
        "alert": alert.text,
        "happened": alert.happened,
        "it is": "going on" if alert.over is None else "over",
    }
