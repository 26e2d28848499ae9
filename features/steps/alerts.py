"""What people are told."""

from pytest_bdd import given, parsers, then, when

from features.drivers.patience import eventually
from features.drivers.seen import AlertSeen
from features.steps.wording import rows
from features.steps.world import World

_SILENCE_WITHIN_S = 30.0
"""A device that has just delivered is given ten seconds; then it is looked for every five."""


def only_alert(world: World) -> AlertSeen:
    (alert,) = world.alerts()
    return alert


def told(world: World, alert: AlertSeen, columns: set[str]) -> dict[str, object]:
    """The alert as a row of a table with these columns."""
    row: dict[str, object] = {"alert": alert.text, "happened": alert.happened}
    if "it is" in columns:
        row["it is"] = "over" if alert.over is not None else "going on"
        assert alert.over is None or alert.over >= alert.happened
    return row


def check_alerts(world: World, alerts: list[AlertSeen], datatable: list[list[str]]) -> None:
    expected: list[dict[str, object]] = [
        {**row, "happened": world.moment(row["happened"], "")} for row in rows(datatable)
    ]
    assert [told(world, alert, set(datatable[0])) for alert in alerts] == expected


@then("no alert is raised")
def no_alert(world: World) -> None:
    assert world.alerts() == []


@then(parsers.re(r"(?P<count>\d+) alerts? (?:is|are) raised"))
def alerts_raised(world: World, count: str) -> None:
    assert len(world.alerts()) == int(count)


@then("these alerts are raised:")
def these_alerts(world: World, datatable: list[list[str]]) -> None:
    check_alerts(world, world.alerts(), datatable)


@then("in the end these alerts are raised:")
def alerts_in_the_end(world: World, datatable: list[list[str]]) -> None:
    world.settled()
    world.driver.platform.look_for_silence()
    alerts = eventually(world.alerts, bool, within_s=_SILENCE_WITHIN_S)
    check_alerts(world, alerts, datatable)


@then(parsers.parse("the silence of {device} is over"))
def silence_over(world: World, device: str) -> None:
    alert = only_alert(world)
    assert alert.device_id == world.device(device).id
    assert alert.over == world.now


@then(parsers.parse("it is about {device}"))
def about(world: World, device: str) -> None:
    assert only_alert(world).device_id == world.device(device).id


@then(parsers.re(r"(?:they were|it was) learned just now and counts? as (?P<kind>late|news)"))
def learned_just_now(world: World, kind: str) -> None:
    for alert in world.alerts():
        assert world.now <= alert.learned <= world.driver.platform.now()
        assert alert.late is (kind == "late")


@then(parsers.parse("it is {state} and {severity}"))
def state_and_severity(world: World, state: str, severity: str) -> None:
    alert = only_alert(world)
    assert (alert.state, alert.severity) == (state, severity)


@given("the owner has acknowledged the alert", target_fixture="first_acknowledged")
@when("the owner acknowledges the alert")
def acknowledge(world: World) -> AlertSeen:
    world.driver.people.acknowledge(world.owner, only_alert(world).id)
    return only_alert(world)


@then("it has been acknowledged by the owner")
def acknowledged(world: World) -> None:
    alert = only_alert(world)
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", world.owner.email)


@then("it has been acknowledged by the owner when it was first acknowledged")
def acknowledged_once(world: World, first_acknowledged: AlertSeen) -> None:
    assert first_acknowledged.acknowledged is not None
    assert only_alert(world) == first_acknowledged


@then(parsers.re(r"it measured (?P<value>\d+) (?P<unit>km/h|%) against (?P<limit>\d+) (?:km/h|%)"))
def measured(world: World, value: str, unit: str, limit: str) -> None:
    scale = 3.6 if unit == "km/h" else 100.0
    alert = only_alert(world)
    assert alert.value is not None and alert.threshold is not None
    assert (round(alert.value * scale), round(alert.threshold * scale)) == (int(value), int(limit))


@then(parsers.parse("it shows the observation of {at}"))
def shows_observation(world: World, at: str) -> None:
    assert only_alert(world).observed == world.moment(at, "")


@then("it says since when:")
def says_since_when(world: World, datatable: list[list[str]]) -> None:
    expected = {row["what"]: world.moment(row["since"], "") for row in rows(datatable)}
    assert only_alert(world).reasons == expected
