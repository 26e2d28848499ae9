"""A person's day: its numbers and its timeline."""

import json
import random
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.public_suffixes import PublicSuffixes
from domain.categories import Categorizer, Category
from domain.consolidation.cleaning import Cleaned
from domain.consolidation.columns import Columns
from domain.consolidation.intervals import Interval, length_ms, union, without
from domain.consolidation.summary import MAX_LISTED, Summary, summary, summary_json
from domain.consolidation.timeline import Item, item_json, timeline
from domain.consolidation.usage import AppTime, CategoryTime, Labels, SiteTime
from domain.kinds import Kind
from domain.observations import (
    AppUse,
    Call,
    DeviceState,
    Location,
    Message,
    PlaceTransition,
    Presence,
    Traffic,
    WebVisit,
)
from tests.domain.builders import at, circle, fix, kinds, position, reordered

Devices = dict[str, dict[Kind, Columns]]
LATER = at(100_000)
LABELS = Labels(
    PublicSuffixes().site_of,
    Categorizer(
        [Category("talk", ("chat", "mail")), Category("news", ("maps",), ("news.example",))]
    ),
)


def phone() -> dict[Kind, Columns]:
    home = [fix(n, 0) for n in range(31)]
    ride = [fix(30 + n, n * 600, speed_mps=10.0) for n in range(1, 10)]
    school = [fix(40 + n, 6_000) for n in range(0, 60, 5)]
    return kinds(
        location=home + ride + school,
        app_use=[AppUse(at(10), "chat", None, 300.0), AppUse(at(15), "maps", None, 60.0)],
        presence=[Presence(at(12), "locked", 60.0)],
        web_visit=[
            WebVisit(at(20), "https://www.news.example/a", "(1) News", duration_s=60.0),
            WebVisit(at(21), "https://www.news.example/a", "(2) News", duration_s=60.0),
            WebVisit(at(22), "https://news.example/b", duration_s=60.0),
            WebVisit(at(23), "about:blank", duration_s=60.0),
        ],
        message=[Message(at(25), "sent", "sms", "Tim", text="hi")],
        call=[Call(at(26), "received", "Tim", "answered", 90.0)],
        traffic=[Traffic(at(1), "wifi", 10, 100), Traffic(at(2), "mobile", 1, 2, "chat")],
        device_state=[DeviceState(at(1), 0.5), DeviceState(at(2), None), DeviceState(at(3), 0.4)],
        place_transition=[PlaceTransition(at(30), "Home", "leave")],
    )


def desktop() -> dict[Kind, Columns]:
    return kinds(
        app_use=[AppUse(at(14), "mail", None, 120.0), AppUse(at(60), "chat", None, 60.0)],
        presence=[Presence(at(60.5), "away", 600.0)],
    )


def day(devices: Devices, start: float = 0, end: float = 1_440) -> Summary:
    return summary(devices, at(start), at(end), LATER, LABELS)


def test_the_numbers_of_a_day() -> None:
    numbers = day({"phone": phone(), "desktop": desktop()})
    assert numbers.distance_m == pytest.approx(6_000, rel=0.01)
    assert numbers.trips == 1
    assert [stay.duration_s for stay in numbers.stays] == pytest.approx([1_830, 3_270], abs=200)
    assert numbers.moving_s == pytest.approx(570, abs=200)
    known_s = numbers.moving_s + sum(stay.duration_s for stay in numbers.stays)
    assert known_s == pytest.approx((95 - 0) * 60, abs=60), "stays and ways are the whole"
    assert numbers.apps == (AppTime("chat", 270.0), AppTime("mail", 120.0), AppTime("maps", 60.0))
    assert numbers.active_s == 240 + 60 + 30 + 180, "mail was used while chat and maps were"
    assert numbers.sites == (SiteTime("news.example", 180.0, 2),)
    assert numbers.categories == (
        CategoryTime("talk", 240.0 + 120.0 - 60.0 + 30.0),
        CategoryTime("news", 60.0 + 180.0),
    ), "mail was used while chat was; nothing of maps and the news was at once"
    assert (numbers.messages, numbers.calls) == (1, 1)
    assert (numbers.sent_bytes, numbers.received_bytes) == (11, 102)
    assert numbers.battery_min == 0.4


def test_two_phones_in_one_pocket_travel_once() -> None:
    one, two = day({"a": phone()}), day({"a": phone(), "b": phone()})
    assert (two.distance_m, two.trips, two.stays) == (one.distance_m, one.trips, one.stays)


def test_a_day_of_which_nothing_is_known() -> None:
    empty = day({})
    assert empty == day({"phone": {}})
    assert summary_json(empty) == {
        "distance_m": 0.0,
        "moving_s": 0.0,
        "trips": 0,
        "stays": 0,
        "active_s": 0.0,
        "apps": [],
        "sites": [],
        "categories": [],
        "messages": 0,
        "calls": 0,
        "sent_bytes": 0,
        "received_bytes": 0,
        "battery_min": None,
        "left_out": {"duplicates": 0, "inaccurate": 0, "jumps": 0, "mock": 0},
    }


def test_the_numbers_as_json() -> None:
    written = summary_json(day({"phone": phone()}))
    assert written["apps"] == [
        {"app": "chat", "duration_s": 240.0},
        {"app": "maps", "duration_s": 60.0},
    ]
    assert written["sites"] == [{"site": "news.example", "duration_s": 180.0, "visits": 2}]
    assert json.loads(json.dumps(written)) == written


def test_lists_are_bounded() -> None:
    many = [AppUse(at(n), f"app {n}", None, 1.0 + n) for n in range(MAX_LISTED + 50)]
    apps = summary_json(day({"phone": kinds(app_use=many)}))["apps"]
    assert len(apps) == MAX_LISTED
    assert apps[0]["app"] == f"app {MAX_LISTED + 49}"


def items(devices: Devices, start: float = 0, end: float = 1_440) -> list[Item]:
    home, near_school = circle(100.0, id_="home"), circle(200.0, 6_050.0, id_="school")
    return timeline(devices, [home, near_school], at(start), at(end), LATER)


def test_the_timeline_joins_everything_in_order() -> None:
    found = [item_json(item) for item in items({"phone": phone(), "desktop": desktop()})]
    assert [(one["type"], one["from"][11:16], one["device_id"]) for one in found] == [
        ("stay", "00:00", "phone"),
        ("session", "00:10", "phone"),
        ("presence", "00:12", "phone"),
        ("session", "00:14", "desktop"),
        ("session", "00:15", "phone"),
        ("visit", "00:20", "phone"),
        ("visit", "00:21", "phone"),
        ("visit", "00:22", "phone"),
        ("visit", "00:23", "phone"),
        ("message", "00:25", "phone"),
        ("call", "00:26", "phone"),
        ("place_transition", "00:30", "phone"),
        ("trip", "00:30", "phone"),
        ("stay", "00:40", "phone"),
        ("session", "01:00", "desktop"),
        ("presence", "01:00", "desktop"),
    ]


def test_items_as_json() -> None:
    written = {one["type"]: one for one in map(item_json, items({"phone": phone()}))}
    lat, lon = position(6_000)
    stay, trip = written["stay"], written["trip"]
    assert (stay.pop("lat"), stay.pop("lon")) == (pytest.approx(lat), pytest.approx(lon))
    ends = trip.pop("start"), trip.pop("end")
    assert [end["place_name"] for end in ends] == ["Home", "School"]
    assert (trip.pop("distance_m"), trip.pop("average_speed_mps")) == (
        pytest.approx(6_000, rel=0.01),
        pytest.approx(10, rel=0.01),
    )
    assert written == {
        "stay": _item("stay", "00:40", "01:35", 3_300.0)
        | {"place_id": "school", "place_name": "School", "town": None, "open": False},
        "trip": _item("trip", "00:30", "00:40", 600.0)
        | {"top_speed_mps": 10.0, "stops": [], "began_before": False, "goes_on": False},
        "session": _item("session", "00:15", "00:16", 60.0) | {"app": "maps", "title": None},
        "visit": _item("visit", "00:23", "00:24", 60.0) | {"url": "about:blank", "title": None},
        "presence": _item("presence", "00:12", "00:13", 60.0) | {"status": "locked"},
        "message": _item("message", "00:25", "00:25", None)
        | {"direction": "sent", "channel": "sms", "counterpart": "Tim", "text": "hi"},
        "call": _item("call", "00:26", "00:27", 90.0)
        | {"to": "2024-06-03T00:27:30Z"}
        | {"direction": "received", "counterpart": "Tim", "outcome": "answered"},
        "place_transition": _item("place_transition", "00:30", "00:30", None)
        | {"place": "Home", "event": "leave"},
    }


def _item(type_: str, start: str, end: str, duration_s: float | None) -> dict[str, Any]:
    span = {"from": f"2024-06-03T{start}:00Z", "to": f"2024-06-03T{end}:00Z"}
    length = {} if duration_s is None else {"duration_s": duration_s}
    return {"type": type_, "device_id": "phone", **span, **length}


@given(st.randoms(use_true_random=False))
def test_the_order_of_observations_and_devices_does_not_matter(chance: random.Random) -> None:
    devices = {"phone": phone(), "desktop": desktop()}
    shuffled: Devices = {}
    for device_id in chance.sample(sorted(devices), 2):
        shuffled[device_id] = {}
        for kind, given_columns in devices[device_id].items():
            order = [*range(len(given_columns["time_ms"]))] * 2
            chance.shuffle(order)
            shuffled[device_id][kind] = reordered(given_columns, order)
    assert items(shuffled) == items(devices)
    # Of what came twice the second is left out, and counted.
    assert attrs.evolve(day(shuffled), left_out=Cleaned()) == day(devices)


@given(st.lists(st.integers(0, 1_440), max_size=4))
def test_the_parts_of_a_day_add_up(cuts: list[int]) -> None:
    devices = {"phone": phone(), "desktop": desktop()}
    whole = day(devices)
    parts = [day(devices, a, b) for a, b in pairwise([0, *sorted(cuts), 1_440])]
    for name in ("messages", "calls", "sent_bytes", "received_bytes"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    for name in ("active_s", "distance_m"):
        assert sum(getattr(part, name) for part in parts) == pytest.approx(getattr(whole, name))


locations = st.lists(
    st.builds(fix, st.integers(0, 1_500), st.sampled_from([0.0, 50.0, 900.0, 9_000.0])), max_size=30
)


@given(locations, st.integers(0, 1_500), st.integers(0, 1_500))
def test_the_timeline_is_bounded_sorted_and_within_the_range(
    fixes: list[Location], one: int, other: int
) -> None:
    start, end = sorted((one, other))
    found = items({"phone": kinds(location=fixes)}, start, end)
    assert len(found) <= 2 * len(fixes) + 1
    begins = [item.event.from_ms for item in found]
    assert begins == sorted(begins)
    assert all(at(start) <= item.event.from_ms <= item.event.to_ms <= at(end) for item in found)


intervals = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)


@given(intervals, intervals)
def test_intervals_are_sets_of_moments(some: list[Interval], others: list[Interval]) -> None:
    def moments(given_intervals: list[Interval]) -> set[int]:
        return {moment for start, end in given_intervals for moment in range(start, end)}

    kept, removed = union(some), union(others)
    assert moments(kept) == moments(some)
    assert all(one[1] < next_[0] for one, next_ in pairwise(kept))
    left = without(kept, removed)
    assert moments(left) == moments(some) - moments(others)
    assert length_ms(left) == len(moments(left))
