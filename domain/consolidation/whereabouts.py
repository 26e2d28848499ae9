"""How long somebody was where, over many stays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from domain.consolidation.naming import Spot, latitudes, place_at, spot_json
from domain.place import Place

MAX_SPOTS = 2_000
"""Stays that are told apart by where they were, the longest first; about those of half a year."""

MAX_LISTED = 100
"""Places in an answer: those with the most time."""


@attrs.frozen(order=True)
class StayTime:
    """Degrees, and seconds."""

    lat: float
    lon: float
    duration_s: float


def stayed_at(stays: Iterable[StayTime], places: Sequence[Place]) -> list[dict[str, Any]]:
    """Each stay as a spot with its duration, the longest first; `tell_town` names those that are
    at no place.
    """
    longest = sorted(stays, key=lambda stay: (-stay.duration_s, stay.lat, stay.lon))[:MAX_SPOTS]
    bands = [(*latitudes(place.shape), place) for place in places]
    spots = []
    for stay in longest:
        # An account may have thousands of polygons: most are ruled out by two comparisons.
        beside = [place for south, north, place in bands if south <= stay.lat <= north]
        spot = Spot((stay.lat, stay.lon), place_at((stay.lat, stay.lon), beside))
        spots.append({**spot_json(spot), "duration_s": stay.duration_s})
    return spots


def place_times(spots: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What `stayed_at` wrote, once it has its towns, by place or else by town: where the longest
    stay was, for how long and how often, the most time first.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for spot in spots:
        town = spot["town"] or {}
        name = (spot["place_id"], town.get("name"), town.get("region"), town.get("country"))
        place = found.setdefault(name, {**spot, "duration_s": 0.0, "visits": 0})
        place["duration_s"] = round(place["duration_s"] + spot["duration_s"], 3)
        place["visits"] += 1
    times = sorted(found.values(), key=lambda place: -place["duration_s"])
    return times[:MAX_LISTED]
