"""Places: when a device counts as inside, and which shapes can be places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.place import (
    LEAVE_MARGIN_M,
    MAX_CORNERS,
    MAX_MARGIN_M,
    MAX_RADIUS_M,
    MIN_RADIUS_M,
    Circle,
    Place,
    Polygon,
    shape_errors,
)
from tests.domain.builders import circle, position, square

PLACES = [circle(100.0), square(100.0)]


def contains(place: Place, east_m: float, accuracy_m: float | None, was: bool | None) -> bool:
    return place.contains(*position(east_m), accuracy_m, was)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("was", [None, False])
def test_to_come_in_the_fix_must_lie_inside(place: Place, was: bool | None) -> None:
    assert contains(place, 99, 50.0, was)
    assert not contains(place, 101, 50.0, was)


@pytest.mark.parametrize("place", PLACES)
def test_to_be_gone_it_must_lie_outside_by_its_own_accuracy(place: Place) -> None:
    assert contains(place, 139, 40.0, True)
    assert not contains(place, 141, 40.0, True)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("accuracy_m", [None, 0.0, 3.0])
def test_but_by_a_margin_at_least(place: Place, accuracy_m: float | None) -> None:
    assert contains(place, 100 + LEAVE_MARGIN_M - 1, accuracy_m, True)
    assert not contains(place, 100 + LEAVE_MARGIN_M + 1, accuracy_m, True)


@pytest.mark.parametrize("place", PLACES)
def test_a_vague_fix_cannot_keep_a_device_inside_for_ever(place: Place) -> None:
    assert not contains(place, 100 + MAX_MARGIN_M + 1, 5_000.0, True)


@given(st.floats(-600, 600), st.floats(0, 500) | st.none())
def test_who_would_come_in_would_also_stay_in(east_m: float, accuracy_m: float | None) -> None:
    for place in PLACES:
        if contains(place, east_m, accuracy_m, False):
            assert contains(place, east_m, accuracy_m, True)


def test_shapes_that_can_be_places() -> None:
    assert not shape_errors(Circle(90.0, 180.0, MIN_RADIUS_M))
    assert not shape_errors(Polygon(((48.0, 11.0), (48.0, 11.01), (48.01, 11.0))))


@pytest.mark.parametrize(
    ("shape", "field"),
    [
        (Circle(90.1, 0.0, 100.0), "circle.lat"),
        (Circle(0.0, -180.1, 100.0), "circle.lon"),
        (Circle(0.0, 0.0, MIN_RADIUS_M - 1), "circle.radius_m"),
        (Circle(0.0, 0.0, MAX_RADIUS_M + 1), "circle.radius_m"),
        (Circle(0.0, 0.0, float("nan")), "circle.radius_m"),
        (Polygon(((48.0, 11.0), (48.0, 11.01))), "polygon"),
        (Polygon(tuple((0.0, index / 1000) for index in range(MAX_CORNERS + 1))), "polygon"),
        (Polygon(((48.0, 11.0), (91.0, 11.01), (48.01, 11.0))), "polygon[1].lat"),
        (Polygon(((48.0, 11.0), (48.0, 30.0), (48.01, 11.0))), "polygon"),
        (Polygon(((48.0, 11.0), (48.0, 11.01), (48.01, 11.0), (48.0, 11.0))), "polygon"),
        (Polygon(((48.0, 11.0), (48.01, 11.01), (48.01, 11.0), (48.0, 11.01))), "polygon"),
        (Polygon(((48.0, 11.0), (48.0, 11.01), (48.0, 11.02))), "polygon"),
        (Polygon(((48.0, 11.0), (48.00001, 11.0), (48.0, 11.00001))), "polygon"),
        (Polygon(((89.0, 0.0), (89.0, 120.0), (89.0, -120.0))), "polygon"),
        (Polygon(((-86.0, 0.0), (-86.0, 0.1), (-86.1, 0.0))), "polygon"),
        (Polygon(((-17.0, 179.9), (-17.0, 180.1), (-16.9, 179.9))), "polygon[1].lon"),
    ],
)
def test_shapes_that_cannot(shape: Circle | Polygon, field: str) -> None:
    assert [error.field for error in shape_errors(shape)] == [field]


def test_a_place_across_the_antimeridian() -> None:
    corners = ((-17.0, 179.9), (-17.0, -179.9), (-16.9, -179.9), (-16.9, 179.9))
    assert not shape_errors(Polygon(corners))
    place = Place("taveuni", "account", "Taveuni", Polygon(corners), 0)
    for lon in (179.95, 180.0, -180.0, -179.95):
        assert place.contains(-16.95, lon, 10.0, None)
    for lon in (179.8, -179.8, 0.0):
        assert not place.contains(-16.95, lon, 10.0, True)
