"""A track with few points still looks like the track."""

import math

import fieldpost_native as native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
