"""Where a device was: stays near towns, trips with their stops, and what was left out."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.client import Account, Device, fix, now

ULM = (48.3984, 9.9916)
HOME = (48.4984, 9.9916)
HOUR_S = 3_600.0


@pytest.fixture
def device(account: Account) -> Device:
    return account.enrolled()


def spent(where: tuple[float, float], from_ago_s: float, to_ago_s: float) -> list[dict[str, Any]]:
    """A fix a minute."""
    return [fix(*where, ago_s=ago_s) for ago_s in range(int(from_ago_s), int(to_ago_s), -60)]


def timelines(device: Device, person: str) -> list[dict[str, Any]]:
    """Of yesterday and today: the test may run at midnight."""
    days = [datetime.now(UTC) - timedelta(days=1), datetime.now(UTC)]
    api = device.account.api
    paths = [f"/api/v1/people/{person}/timeline?date={day:%Y-%m-%d}" for day in days]
    return [api.get(path).expect(200) for path in paths]


def range_query(from_ago_s: float = 5 * HOUR_S) -> str:
    return f"from={quote(now(ago_s=from_ago_s))}&to={quote(now(ago_s=-60))}"


def left_out(device: Device, query: str = "") -> Any:
    path = f"{device.path}/track?{range_query()}&left_out=true{query}"
    return device.account.api.get(path).expect(200)


def test_a_stay_at_a_place_and_one_near_a_town(account: Account) -> None:
    person = account.person()
    device = account.enrolled(person)
    account.place(*HOME, name="Home")
    device.deliver("location", *spent(HOME, 4 * HOUR_S, 3 * HOUR_S))
    device.deliver("location", *spent(ULM, 2.7 * HOUR_S, 2 * HOUR_S))
    account.server.settled()
    items = [item for one in timelines(device, person) for item in one["items"]]
    stays = [(one["place_name"], one["town"]) for one in items if one["type"] == "stay"]
    assert stays[0] == ("Home", None)
    name, town = stays[-1]
    assert name is None
    assert (town["name"], town["country"]) == ("Ulm", "DE")
    trips = [one for one in items if one["type"] == "trip"]
    assert trips[0]["start"]["place_name"] == "Home"
    assert trips[-1]["end"]["town"]["name"] == "Ulm"


def test_what_was_left_out_is_counted_and_shown(account: Account) -> None:
    person = account.person()
    device = account.enrolled(person)
    made_up = {**fix(*ULM, ago_s=1.5 * HOUR_S), "source": "mock"}
    vague = {**fix(*ULM, ago_s=1.4 * HOUR_S), "accuracy_m": 5_000}
    device.deliver("location", *spent(HOME, 2 * HOUR_S, HOUR_S), made_up, vague)
    account.server.settled()
    counts = [one["left_out"][device.id] for one in timelines(device, person)]
    assert sum(one["mock"] for one in counts) == 1
    assert sum(one["inaccurate"] for one in counts) == 1
    shown = left_out(device)
    assert shown["reason"] == ["mock", "inaccurate"]
    assert shown["lat"] == [ULM[0]] * 2
    assert shown["complete"]
    first = left_out(device, "&max_points=2")
    assert (len(first["time"]), first["complete"]) == (2, True)


def test_no_more_is_shown_than_was_asked_for(device: Device) -> None:
    vague = [{**fix(*ULM, ago_s=HOUR_S - n), "accuracy_m": 5_000} for n in range(5)]
    device.deliver("location", *vague)
    device.account.server.settled()
    shown = left_out(device, "&max_points=3")
    assert (len(shown["time"]), shown["complete"]) == (3, False)
    assert shown["time"] == sorted(shown["time"])


def test_nothing_was_left_out(device: Device) -> None:
    shown = left_out(device)
    assert (shown["time"], shown["reason"], shown["complete"]) == ([], [], True)


def test_more_than_a_month_is_too_much_to_look_through(device: Device) -> None:
    query = range_query(40 * 24 * HOUR_S)
    path = f"{device.path}/track?{query}"
    device.account.api.get(path).expect(200)
    device.account.api.get(f"{path}&left_out=true").expect_problem(422, "to")


def test_another_account_does_not_see_it(device: Device, other: Account) -> None:
    path = f"{device.path}/track?{range_query()}&left_out=true"
    other.api.get(path).expect_problem(404)
