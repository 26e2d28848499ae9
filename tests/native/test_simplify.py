"""A track with few points still looks like the track."""

import itertools
import math
import random

import fieldpost_native as native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Point = tuple[float, float]
POINTS = st.lists(
    st.tuples(st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False)),
    max_size=60,
)


@given(points=POINTS, max_points=st.integers(2, 30))
@settings(deadline=None)
def test_what_is_kept(points: list[tuple[float, float]], max_points: int) -> None:
    lat, lon = [point[0] for point in points], [point[1] for point in points]
    kept = native.simplify(lat, lon, max_points)

    assert kept == sorted(set(kept))
    assert len(kept) == min(len(points), max_points)
    if points:
        assert (kept[0], kept[-1]) == (0, len(points) - 1)
    if max_points >= 8 and points:
        assert {min(lat), max(lat)} <= {lat[index] for index in kept}


def test_the_corners_of_a_square_and_the_tip_of_a_spike() -> None:
    side = [index / 100 for index in range(100)]
    lat = [0.0] * 100 + side + [1.0] * 100
    lon = [*side, *[1.0] * 100, *(1 - x for x in side)]
    assert native.simplify(lat, lon, 4) == [0, 100, 200, 299]
    spike = [0.0] * 50 + [5.0] + [0.0] * 50
    assert 50 in native.simplify(spike, [0.0] * 101, 3)


def test_across_the_180th_meridian() -> None:
    lon = [179.0 + index / 50 for index in range(100)]
    wrapped = [x - 360 if x > 180 else x for x in lon]
    lat = [math.sin(x) for x in lon]
    assert native.simplify(lat, wrapped, 10) == native.simplify(lat, lon, 10)


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="max_points is below 2"):
        native.simplify([0.0], [0.0], 1)
    with pytest.raises(ValueError, match="differ in length"):
        native.simplify([0.0], [], 5)
    for lat, lon in (([math.nan], [0.0]), ([0.0], [math.inf])):
        with pytest.raises(ValueError, match="not finite"):
            native.simplify(lat, lon, 5)


BUSY = st.lists(
    st.tuples(st.floats(-0.01, 0.01), st.floats(-0.01, 0.01), st.integers(1, 40)),
    min_size=1,
    max_size=40,
)


@given(legs=BUSY, max_points=st.integers(8, 40), seed=st.integers(0, 99))
@settings(deadline=None)
def test_a_long_track_is_reduced_in_stretches_and_keeps_the_same(
    legs: list[tuple[float, float, int]], max_points: int, seed: int
) -> None:
    """Some thousand points, which are more than 16 times as many as are asked for."""
    chance = random.Random(seed)
    lat, lon = [50.0], [10.0]
    for north, east, length in legs:
        for _ in range(length * 20):
            lat.append(lat[-1] + north / 20 + chance.gauss(0, 1e-5))
            lon.append(lon[-1] + east / 20 + chance.gauss(0, 1e-5))
    kept = native.simplify(lat, lon, max_points)
    assert kept == sorted(set(kept))
    assert len(kept) == min(len(lat), max_points)
    assert (kept[0], kept[-1]) == (0, len(lat) - 1)
    assert {min(lat), max(lat)} <= {lat[index] for index in kept}
    assert {min(lon), max(lon)} <= {lon[index] for index in kept}


@pytest.mark.parametrize("corners", [10, 40])
def test_no_left_out_point_is_far_from_the_line(corners: int) -> None:
    """As many corners as there is room for, and noise: nothing is further off than the noise."""
    chance = random.Random(corners)
    noise, lat, lon = 1e-4, [0.0], [0.0]
    for corner in range(corners):
        turn = 1.5 * corner + chance.random()
        for _ in range(5_000):
            lat.append(lat[-1] + 1e-5 * math.sin(turn))
            lon.append(lon[-1] + 1e-5 * math.cos(turn))
    lat = [value + chance.uniform(-noise, noise) for value in lat]
    lon = [value + chance.uniform(-noise, noise) for value in lon]
    kept = native.simplify(lat, lon, 4 * corners)
    points = list(zip(lat, lon, strict=True))
    worst = 0.0
    for start, end in itertools.pairwise(kept):
        inner = points[start + 1 : end]
        worst = max(worst, *(_off(one, points[start], points[end]) for one in inner), 0.0)
    assert worst < 6 * noise


def _off(point: Point, start: Point, end: Point) -> float:
    """From a segment, on a plane in degrees."""
    (y, x), (y1, x1), (y2, x2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
