"""Where somebody was: days as phones live through them, and as people are told of them."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from features.drivers.values import Observation
from features.steps.delivering import deliver
from features.steps.wording import rows
from features.steps.world import World, observed

_STAY_EVERY = timedelta(minutes=5)
_TRIP_EVERY = timedelta(minutes=1)
_WAY = re.compile(r"from (\w+) to (\w+)")
_MOVEMENTS = ("stay", "trip", "gap")


def midnight(world: World, person: str, day: str) -> datetime:
    return world.moment(f"{day} 00:00", person)


def clock(text: str) -> timedelta:
    """Hours of more than 24 are on the next day."""
    hour, _, minute = text.partition(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def along(world: World, where: str, share: float) -> tuple[float, float]:
    """A part of the way, or always the same spot."""
    way = _WAY.fullmatch(where)
    if way is None:
        return world.position(where)
    (lat, lon), (to_lat, to_lon) = (world.position(f"at {name}") for name in way.groups())
    return lat + share * (to_lat - lat), lon + share * (to_lon - lon)


@given(parsers.parse("{device} spent {day} so:"))
@when(parsers.parse("{device} spends {day} so:"))
def spends(world: World, device: str, day: str, datatable: list[list[str]]) -> None:
    phone = world.device(device)
    begins = midnight(world, phone.person, day)
    fixes: list[Observation] = []
    for row in rows(datatable):
        start, end = clock(row["from"]), clock(row["to"])
        every = _TRIP_EVERY if _WAY.fullmatch(row["where"]) else _STAY_EVERY
        count = (end - start) // min(every, end - start)
        for number in range(count):
            lat, lon = along(world, row["where"], number / count)
            at = begins + start + number * (end - start) / count
            fixes.append(observed(at, lat=round(lat, 7), lon=round(lon, 7), accuracy_m=10))
    deliver(world, phone, "location", fixes)
    assert world.last_receipt().outcome == "accepted"


@when(
    parsers.re(
        r"(?P<device>\w+'s phone) says of (?P<day>\w+) (?P<time>\d\d:\d\d) that it is"
        r" (?P<where>[^,]+)(?P<how>, .+)?"
    )
)
def says(world: World, device: str, day: str, time: str, where: str, how: str | None) -> None:
    phone = world.device(device)
    lat, lon = world.position(where)
    vague = re.fullmatch(r", good to (\d+) m", how or "")
    at = midnight(world, phone.person, day) + clock(time)
    source = "mock" if how and not vague else None
    accuracy_m = int(vague[1]) if vague else 10
    deliver(
        world,
        phone,
        "location",
        [observed(at, lat=lat, lon=lon, accuracy_m=accuracy_m, source=source)],
    )


@when(parsers.parse("{device} wavers around {place} by {metres:d} m all {day}"))
def wavers(world: World, device: str, place: str, metres: int, day: str) -> None:
    phone = world.device(device)
    begins = midnight(world, phone.person, day)
    fixes = []
    for number in range(288):
        lat, lon = world.position(f"at {place}")
        north = metres * math.sin(number * 2.4) / 111_195
        at = begins + number * _STAY_EVERY
        fixes.append(observed(at, lat=round(lat + north, 7), lon=lon, accuracy_m=50))
    deliver(world, phone, "location", fixes)


def timeline(world: World, person: str, day: str) -> Mapping[str, Any]:
    world.settled()
    date = midnight(world, person, day).date()
    return world.driver.people.timeline(world.owner, world.people[person], date)


def movements(world: World, person: str, day: str) -> list[Mapping[str, Any]]:
    found = timeline(world, person, day)["items"]
    return [item for item in found if item["type"] in _MOVEMENTS]


def spot(item: Mapping[str, Any]) -> str:
    if item["place_name"]:
        return str(item["place_name"])
    return f"near {item['town']['name']}"


def told(item: Mapping[str, Any]) -> dict[str, str]:
    if item["type"] == "gap":
        return {"what": "gap", "where": "", "km": ""}
    if item["type"] == "stay":
        return {"what": "stay", "where": spot(item), "km": ""}
    where = f"{spot(item['start'])} to {spot(item['end'])}"
    return {"what": "trip", "where": where, "km": f"{item['distance_m'] / 1000:.0f}"}


@then(parsers.parse("{day} of {person} begins so:"))
def begins_so(world: World, day: str, person: str, datatable: list[list[str]]) -> None:
    expected = rows(datatable)
    found = movements(world, person, day)
    assert [told(item) for item in found][: len(expected)] == expected
    world.movements = found


@then(parsers.parse("that trip has {count:d} stop"))
def has_stops(world: World, count: int) -> None:
    (trip,) = (item for item in world.movements if item["type"] == "trip")
    assert len(trip["stops"]) == count
    assert 60 <= trip["stops"][0]["duration_s"] <= 300


@then(parsers.parse("{day} of {person} ends with half of a trip, which goes on"))
def goes_on(world: World, day: str, person: str) -> None:
    trip = movements(world, person, day)[-1]
    assert (trip["type"], trip["goes_on"], trip["began_before"]) == ("trip", True, False)
    half_m = math.dist(world.position("at Home"), world.position("at School")) * 111_195 / 2
    assert abs(trip["distance_m"] - half_m) < 600


@then(parsers.parse("{person} is at {place} still"))
def is_still(world: World, person: str, place: str) -> None:
    world.settled()
    zone_day = world.now.date()
    person_id = world.people[person]
    items = world.driver.people.timeline(world.owner, person_id, zone_day)["items"]
    stay = [item for item in items if item["type"] == "stay"][-1]
    assert (stay["place_name"], stay["open"]) == (place, True)


@then(parsers.parse("{count:d} position of {day} was left out as {reason}"))
def was_left_out(world: World, count: int, day: str, reason: str) -> None:
    (phone,) = world.devices.values()
    left_out = timeline(world, phone.person, day)["left_out"][phone.id]
    assert {name: number for name, number in left_out.items() if number} == {reason: count}


@then(parsers.parse("{person} travelled {km:d} km on {day}"))
def travelled(world: World, person: str, km: int, day: str) -> None:
    trips = [one for one in movements(world, person, day) if one["type"] == "trip"]
    assert sum(one["distance_m"] for one in trips) == km * 1000


@then(parsers.parse("the track of {day} has {points:d} points at most"))
def track_of(world: World, day: str, points: int) -> None:
    world.settled()
    (phone,) = world.devices.values()
    begins = midnight(world, phone.person, day)
    world.track = world.driver.people.track(
        world.owner, phone.id, begins, begins + timedelta(days=1), points
    )
    assert 2 < len(world.track["time"]) <= points


@then(parsers.parse("it reaches from {place} to {other}"))
def reaches(world: World, place: str, other: str) -> None:
    lats = sorted(world.position(f"at {name}")[0] for name in (place, other))
    assert abs(min(world.track["lat"]) - lats[0]) < 1e-3
    assert abs(max(world.track["lat"]) - lats[1]) < 1e-3
