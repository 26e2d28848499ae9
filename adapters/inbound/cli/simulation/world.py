"""Where the family lives: around Lake Cerknica in Slovenia, and in Istria."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import attrs

from adapters.inbound.cli.simulation.plane import Position, moved
from adapters.inbound.cli.simulation.recordings import Recording, load

TIME_ZONE = "Europe/Ljubljana"

_HOME: Position = (45.79560, 14.36320)


@attrs.frozen
class Spot:
    """Somewhere one stays. With a radius it is a place of the account, too."""

    key: str
    name: str
    position: Position
    radius_m: float | None = None


SPOTS: tuple[Spot, ...] = (
    Spot("home", "Home", _HOME, 75.0),
    Spot("school", "School", moved(_HOME, -360.0, 190.0), 60.0),
    Spot("shop", "Shop", moved(_HOME, -180.0, -40.0), 45.0),
    Spot("work", "Work", (45.77600, 14.21100), 120.0),
    Spot("grandfather", "Grandfather's", (45.40700, 13.96000), 100.0),
    Spot("pool", "Swimming pool", (45.77200, 14.21800)),
    Spot("friend", "A friend's", moved(_HOME, 250.0, 420.0)),
    Spot("bakery", "Bakery", moved(_HOME, -300.0, -260.0)),
    Spot("village", "Village shop", (45.41000, 13.96600)),
    Spot("aunt", "An aunt's", (45.27352, 13.71421)),
)

LAKE: tuple[Position, ...] = (
    (45.7685, 14.3500),
    (45.7680, 14.3660),
    (45.7600, 14.3830),
    (45.7470, 14.4000),
    (45.7330, 14.4140),
    (45.7240, 14.4090),
    (45.7280, 14.3900),
    (45.7370, 14.3730),
    (45.7390, 14.3550),
    (45.7430, 14.3350),
    (45.7540, 14.3330),
    (45.7620, 14.3400),
)
LAKE_NAME = "Lake Cerknica"


def spot(key: str) -> Spot:
    return next(spot for spot in SPOTS if spot.key == key)


@attrs.frozen(eq=False)
class World:
    """All that the model depends on. Two worlds of the same seed have the same days."""

    seed: int
    recordings: Mapping[str, Recording]
    zone: ZoneInfo


def build(seed: int) -> World:
    """Reads the recordings; whatever follows is computed."""
    return World(seed, load(), ZoneInfo(TIME_ZONE))
