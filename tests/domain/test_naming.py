"""What places are called: by the account's own ones first."""

from typing import Any

from domain.consolidation.movements import Gap, Movement, Stay, Trip
from domain.consolidation.naming import place_at, spots_of, tell_town, unnamed
from domain.consolidation.timeline import Item, item_json
from domain.town import Town
from tests.domain.builders import circle, position, square

PLACES = [circle(500.0, id_="town"), square(40.0, id_="class"), circle(100.0, id_="school")]
ULM = Town("Ulm", "Baden-Wurttemberg", "DE", 812.4)


def stay(east_m: float) -> Stay:
    return Stay(0, 1, *position(east_m))


def trip(from_m: float, to_m: float) -> Trip:
    return Trip(0, 1, 1.0, 1.0, None, position(from_m), position(to_m))


def test_the_smallest_place_around_names_it() -> None:
    named = [place_at(position(east_m), PLACES) for east_m in (0, 60, 300, 600)]
    assert [place.id if place else None for place in named] == ["class", "school", "town", None]


def test_a_stay_has_one_spot_a_trip_two_a_gap_none() -> None:
    events: list[Movement] = [stay(60), trip(0, 600), Gap(0, 1)]
    spots = [spots_of(one, PLACES) for one in events]
    ids = [[spot.place.id if spot.place else None for spot in some] for some in spots]
    assert ids == [["school"], ["class", None], []]


def written(event: Movement) -> dict[str, Any]:
    return item_json(Item("phone", event, spots_of(event, PLACES)))


def test_what_has_no_name_is_found_in_what_is_written() -> None:
    items = [written(one) for one in (stay(60), stay(600), trip(60, 900), Gap(0, 1))]
    spots = list(unnamed(items))
    assert spots == [items[1], items[2]["end"]]
    tell_town(spots[0], ULM)
    tell_town(spots[1], None)
    assert items[1]["town"] == {
        "name": "Ulm",
        "region": "Baden-Wurttemberg",
        "country": "DE",
        "distance_m": 812,
    }
    assert items[2]["end"]["town"] is None
    assert (items[0]["place_name"], items[0]["town"]) == ("School", None)
