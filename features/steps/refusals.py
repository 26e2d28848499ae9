"""What cannot work is refused when it is saved, and what is doubtful is said."""

from collections.abc import Sequence

from pytest_bdd import parsers, then, when

from features.drivers.values import Denial
from features.steps.rules import RULE, wish
from features.steps.world import SPOTS, World

_FIELDS = {
    "condition": "when",
    "hold": "hold_s",
    "shape": "polygon",
    "radius": "circle.radius_m",
    "middle": "circle.lon",
    "quota": "when.used_over.per_day_s",
}
_LAT, _LON = SPOTS["Home"]
_SHAPES: dict[str, Sequence[tuple[float, float]]] = {
    "a bow tie": ((_LAT, _LON), (_LAT + 1, _LON + 1), (_LAT + 1, _LON), (_LAT, _LON + 1)),
    "a line": ((_LAT, _LON), (_LAT, _LON + 0.1), (_LAT, _LON + 0.2)),
    "half a continent": ((_LAT, _LON), (_LAT, _LON + 30), (_LAT - 20, _LON)),
    "the North Pole": ((89.0, 0.0), (89.0, 120.0), (89.0, -120.0)),
    "a box across the date line": ((-17, 179.9), (-17, -179.9), (-16, -179.9), (-16, 179.9)),
}


@when(parsers.re(r"somebody draws the place (?P<name>\w+) as (?P<shape>an? [a-z ]+|.+)"))
def draw_shape(world: World, name: str, shape: str) -> None:
    draw = world.driver.people.draw_polygon
    world.attempt(lambda: draw(world.owner, name, _SHAPES[shape]))


@when(parsers.parse("somebody draws a circle of {km:d} km around {name}"))
def draw_large_circle(world: World, km: int, name: str) -> None:
    draw = world.driver.people.draw_circle
    world.attempt(lambda: draw(world.owner, name, *SPOTS[name], km * 1_000.0))


@when(parsers.parse("somebody draws a circle at {lon:d} degrees east"))
def draw_circle_beyond(world: World, lon: int) -> None:
    draw = world.driver.people.draw_circle
    world.attempt(lambda: draw(world.owner, "Island", -17.0, float(lon), 100.0))


@then("that is fine")
def fine(world: World) -> None:
    assert world.denied is None, str(world.denied)


@then(parsers.re(r"it is refused for its (?P<field>\w+): (?P<reason>.+)"))
def refused_for(world: World, field: str, reason: str) -> None:
    assert world.denied is not None, "it was not refused"
    assert world.denied.denial is Denial.A_MISTAKE
    ((name, said),) = world.denied.reasons.items()
    assert name.startswith(_FIELDS[field])
    assert reason in said


@then(parsers.re(f"{RULE} is doubtful for its (?P<field>\\w+): (?P<reason>.+)"))
def doubtful(
    world: World, who: str, what: str, severity: str | None, field: str, reason: str
) -> None:
    seen = world.driver.people.describe_rule(world.owner, wish(world, who, what, severity))
    assert reason in seen.warnings[_FIELDS[field]]


@then(parsers.re(f"{RULE} raises no doubts"))
def no_doubts(world: World, who: str, what: str, severity: str | None) -> None:
    seen = world.driver.people.describe_rule(world.owner, wish(world, who, what, severity))
    assert seen.warnings == {}
