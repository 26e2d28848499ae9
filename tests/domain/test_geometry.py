"""Distances and shapes on the sphere."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.geometry import (
    EARTH_RADIUS_M,
    area_m2,
    crosses_itself,
    distance_m,
    distance_to_polygon_m,
    offset_m,
    polygon_contains,
)

latitudes = st.floats(-85, 85)
longitudes = st.floats(-180, 180)

U_SHAPE = ((0, 0), (0, 3), (2, 3), (2, 2), (1, 2), (1, 1), (2, 1), (2, 0))


def scaled(
    corners: tuple[tuple[float, float], ...], lat: float = 48.0, lon: float = 11.0
) -> tuple[tuple[float, float], ...]:
    """Corners in hundredths of a degree from a point."""
    return tuple((lat + y / 100, lon + x / 100) for y, x in corners)


def test_a_degree_along_the_equator() -> None:
    assert distance_m(0, 0, 0, 1) == pytest.approx(math.radians(1) * EARTH_RADIUS_M)


def test_paris_to_london() -> None:
    assert distance_m(48.8566, 2.3522, 51.5074, -0.1278) == pytest.approx(343_556, rel=1e-4)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_symmetric_and_bounded(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    there = distance_m(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(distance_m(lat2, lon2, lat1, lon1), abs=1e-6)
    assert 0 <= there <= math.pi * EARTH_RADIUS_M


@given(latitudes, longitudes, st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_the_plane_agrees_with_the_sphere_nearby(
    lat: float, lon: float, dlat: float, dlon: float
) -> None:
    assume(abs(lat) < 70)
    east, north = offset_m(lat + dlat, lon + dlon, lat, lon)
    truth_m = distance_m(lat, lon, lat + dlat, lon + dlon)
    assert math.hypot(east, north) == pytest.approx(truth_m, rel=5e-3, abs=0.01)


def test_offsets_go_the_short_way_round() -> None:
    east, _ = offset_m(0, -179.9, 0, 179.9)
    assert east == pytest.approx(math.radians(0.2) * EARTH_RADIUS_M)


def test_a_polygon_with_a_notch() -> None:
    shape = scaled(U_SHAPE)
    assert polygon_contains(shape, 48.005, 11.015)
    assert not polygon_contains(shape, 48.015, 11.015), "between the prongs"
    assert polygon_contains(shape, 48.015, 11.005)


@given(st.floats(-0.05, 0.08), st.floats(-0.05, 0.08), st.integers(0, 7), st.booleans())
def test_where_the_corners_begin_and_their_direction_do_not_matter(
    dlat: float, dlon: float, turn: int, mirrored: bool
) -> None:
    shape = scaled(U_SHAPE)
    lat, lon = 48 + dlat, 11 + dlon
    assume(distance_to_polygon_m(shape, lat, lon) > 0.01)
    other = shape[turn:] + shape[:turn]
    other = other[::-1] if mirrored else other
    assert polygon_contains(shape, lat, lon) == polygon_contains(other, lat, lon)


@pytest.mark.parametrize("shift", [0.0, 100.0, 168.99, 169.0, -191.0])
def test_a_polygon_is_the_same_on_every_meridian(shift: float) -> None:
    corners = scaled(U_SHAPE, lon=0)
    moved = tuple((lat, _wrapped(lon + 11 + shift)) for lat, lon in corners)
    inside, outside = _wrapped(11.005 + shift), _wrapped(11.04 + shift)
    assert polygon_contains(moved, 48.005, inside)
    assert not polygon_contains(moved, 48.005, outside)
    assert distance_to_polygon_m(moved, 48.005, outside) == pytest.approx(744, rel=0.01)


@pytest.mark.parametrize("lon", [0.0, 0.3, -0.3, 1.0, 90.0])
def test_the_other_side_of_the_earth_is_outside(lon: float) -> None:
    fiji = ((-18.0, 179.0), (-18.0, -179.0), (-17.0, -179.0), (-17.0, 179.0))
    assert not polygon_contains(fiji, -17.5, lon)
    assert distance_to_polygon_m(fiji, -17.0, lon) > 1_000_000


def test_distance_to_an_edge_and_to_a_corner() -> None:
    shape = scaled(((0, 0), (0, 1), (1, 1), (1, 0)), lat=0, lon=0)
    degree_m = math.radians(1) * EARTH_RADIUS_M
    assert distance_to_polygon_m(shape, 0.005, 0.02) == pytest.approx(0.01 * degree_m, rel=1e-3)
    assert distance_to_polygon_m(shape, 0.02, 0.02) == pytest.approx(
        math.hypot(0.01, 0.01) * degree_m, rel=1e-3
    )


@pytest.mark.parametrize("lon", [11.0, 179.995, -180.0])
def test_the_area_of_a_square_and_of_a_line(lon: float) -> None:
    square = tuple(
        (lat, _wrapped(x)) for lat, x in scaled(((0, 0), (0, 1), (1, 1), (1, 0)), 0, lon)
    )
    degree_m = math.radians(1) * EARTH_RADIUS_M
    assert area_m2(square) == pytest.approx((0.01 * degree_m) ** 2, rel=1e-6)
    assert area_m2(square[::-1]) == pytest.approx(area_m2(square))
    assert area_m2((*square[:2], square[0])) == pytest.approx(0.0, abs=1e-6)


def test_a_bow_tie_crosses_itself() -> None:
    assert crosses_itself(scaled(((0, 0), (1, 1), (1, 0), (0, 1))))


@pytest.mark.parametrize(
    "corners",
    [
        ((0, 0), (0, 1), (1, 0)),
        ((0, 0), (0, 1), (1, 1), (1, 0)),
        U_SHAPE,
    ],
)
def test_simple_shapes_do_not(corners: tuple[tuple[float, float], ...]) -> None:
    assert not crosses_itself(scaled(corners))


def test_edges_that_lie_on_each_other_cross() -> None:
    assert crosses_itself(scaled(((0, 0), (0, 3), (1, 3), (0, 2), (0, 1), (1, 0))))


def _wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180
