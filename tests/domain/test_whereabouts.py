"""How long somebody was where."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.naming import latitudes, tell_town, unnamed
from domain.consolidation.whereabouts import (
    MAX_LISTED,
    MAX_SPOTS,
    StayTime,
    place_times,
    stayed_at,
)
from domain.place import Circle, Place, Polygon
from domain.town import Town
from tests.domain.builders import circle, position

HOME = circle(100.0, id_="home")
_STAYS = st.lists(
    st.builds(
        lambda metres, duration_s: StayTime(*position(metres), duration_s),
        st.sampled_from([0.0, 20.0, 5_000.0, 5_010.0, 9_000.0]),
        st.integers(300, 90_000).map(float),
    ),
    max_size=30,
)


def stay(metres: float, duration_s: float) -> StayTime:
    return StayTime(*position(metres), duration_s)


def times(stays: list[StayTime], places: list[Place], *towns: Town) -> list[dict[str, Any]]:
    """With these towns for what is at no place, in order of length."""
    spots = stayed_at(stays, places)
    named = iter(towns)
    for spot in unnamed(spots):
        tell_town(spot, next(named, None))
    return place_times(spots)


def test_stays_at_a_place_are_added_up_the_most_time_first() -> None:
    found = times([stay(0, 100.0), stay(30, 700.0), stay(9_000, 500.0)], [HOME])
    assert [(one["place_name"], one["duration_s"], one["visits"]) for one in found] == [
        (HOME.name, 800.0, 2),
        (None, 500.0, 1),
    ]
    assert found[0]["lon"] == round(stay(30, 0).lon, 7), "where the longest was"


def test_what_is_at_no_place_is_added_up_by_its_town() -> None:
    here, there = (Town(name, None, "SI", 10.0) for name in ("Here", "There"))
    stays = [stay(9_000, 50.0), stay(5_000, 40.0), stay(7_000, 30.0), stay(8_000, 20.0)]
    found = times(stays, [HOME], here, there, here)
    named = [(one["town"] and one["town"]["name"], one["duration_s"]) for one in found]
    assert named == [("Here", 80.0), ("There", 40.0), (None, 20.0)]


@given(_STAYS)
def test_the_parts_are_the_whole(stays: list[StayTime]) -> None:
    found = times(stays, [HOME, circle(50.0, 5_000.0, id_="school")])
    assert sum(one["duration_s"] for one in found) == sum(stay.duration_s for stay in stays)
    assert sum(one["visits"] for one in found) == len(stays)
    assert found == times(stays[::-1], [HOME, circle(50.0, 5_000.0, id_="school")])


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(20, 50_000),
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=30, max_size=30),
)
def test_nothing_of_a_shape_is_beyond_its_latitudes(
    lat: float, lon: float, size_m: float, steps: list[tuple[float, float]]
) -> None:
    size_deg = size_m / 100_000
    corners = tuple((lat + north * size_deg, lon + east * size_deg) for north, east in steps[:5])
    for shape in (Circle(lat, lon, size_m), Polygon(corners)):
        south, north = latitudes(shape)
        for up, right in steps:
            spot = (max(-90.0, min(90.0, lat + 2 * up * size_deg)), lon + right * size_deg)
            if shape.signed_distance_m(*spot) <= 0:
                assert south <= spot[0] <= north


def test_places_are_bounded() -> None:
    many = [stay(1_000.0 * n, 1_000.0 + n) for n in range(MAX_SPOTS + 5)]
    spots = stayed_at(many, [])
    assert len(spots) == MAX_SPOTS
    assert min(spot["duration_s"] for spot in spots) == 1_005.0
    towns = [Town(f"town {n}", None, "SI", 10.0) for n in range(MAX_SPOTS)]
    assert len(times(many, [], *towns)) == MAX_LISTED
