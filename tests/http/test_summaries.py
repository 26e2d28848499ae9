"""Summaries over HTTP: by day, week and month, compared, kept only while they are true."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.outbound.code_version import code_version
from tests.support.client import Account, Device

LAST = date.today() - timedelta(days=2)
"""A day that is over in every time zone, and whose margin is, too."""


def at(day: date, clock: str) -> str:
    return f"{day}T{clock}Z"


def seen(device: Device, kind: str, *observations: dict[str, Any]) -> None:
    """Delivered and processed."""
    device.deliver(kind, *observations)
    device.account.server.settled()


def use(device: Device, app: str, *days: date) -> None:
    """Ten minutes at noon of each day."""
    fields = {"app": app, "duration_s": 600.0}
    seen(device, "app_use", *({"time": at(day, "12:00:00"), **fields} for day in days))


def summary(device: Device, first: date, last: date, **query: Any) -> Any:
    path = f"/api/v1/people/{device.person_id}/summary"
    return device.account.api.get(path, from_=first, to=last, **query).expect(200)


def items(device: Device, day: date, type_: str) -> list[Any]:
    path = f"/api/v1/people/{device.person_id}/timeline"
    answer = device.account.api.get(path, date=day).expect(200)
    return [item for item in answer["items"] if item["type"] == type_]


@contextmanager
def database(account: Account) -> Iterator[sqlite3.Connection]:
    """The file of the server, while it runs."""
    with closing(sqlite3.connect(account.server.data / "fieldpost.db")) as connection, connection:
        yield connection


def kept(account: Account, device: Device) -> list[date]:
    query = "SELECT day FROM day_summaries WHERE person_id = ? ORDER BY day"
    with database(account) as connection:
        rows = connection.execute(query, (device.person_id,)).fetchall()
    return [date.fromisoformat(day) for (day,) in rows]


def test_days_weeks_and_months_have_the_same_sum(account: Account) -> None:
    device = account.enrolled()
    days = [LAST - timedelta(days=n) for n in range(40)]
    use(device, "com.netflix.mediaclient", *days)
    seen(device, "web_visit", {"time": at(LAST, "12:05:00"), "url": _VIDEO, "duration_s": 600.0})
    first = days[-1]
    for by, name in (("day", "days"), ("week", "weeks"), ("month", "months")):
        found = summary(device, first, LAST, by=by)
        assert found["by"] == by
        assert found["total"]["active_s"] == 40 * 600 + 300
        assert sum(one["active_s"] for one in found[name]) == 40 * 600 + 300
        assert found["total"]["categories"] == [{"category": "video", "duration_s": 24_300.0}]
        assert found["total"]["sites"] == [
            {"site": "youtube.com", "duration_s": 600.0, "visits": 1}
        ]
    weeks = summary(device, first, LAST, by="week")["weeks"]
    assert weeks[0]["from"] == first.isoformat()
    assert all(date.fromisoformat(week["from"]).weekday() == 0 for week in weeks[1:])
    assert weeks[-1]["to"] == LAST.isoformat()


def test_a_range_is_compared_with_as_many_days_before(account: Account) -> None:
    device = account.enrolled()
    use(device, "com.netflix.mediaclient", LAST, LAST - timedelta(days=1))
    use(device, "chess", LAST - timedelta(days=2))
    found = summary(device, LAST - timedelta(days=1), LAST, compare="true")
    assert found["before"]["from"] == (LAST - timedelta(days=3)).isoformat()
    assert found["before"]["to"] == (LAST - timedelta(days=2)).isoformat()
    assert found["before"]["active_s"] == 600
    assert found["change"]["active_s"] == 600
    assert found["change"]["categories"] == [
        {"category": "games", "duration_s": -600.0},
        {"category": "video", "duration_s": 1_200.0},
    ]


def test_late_data_is_seen_in_a_day_that_was_looked_at(account: Account) -> None:
    device = account.enrolled()
    use(device, "chess", LAST)
    for _ in range(2):
        assert summary(device, LAST, LAST)["days"][0]["active_s"] == 600
        assert len(items(device, LAST, "session")) == 1
    use(device, "mail", LAST)
    assert [app["app"] for app in summary(device, LAST, LAST)["days"][0]["apps"]] == [
        "chess",
        "mail",
    ]
    assert len(items(device, LAST, "session")) == 2


def test_what_is_erased_is_seen_no_more(account: Account) -> None:
    device = account.enrolled()
    use(device, "chess", LAST)
    assert summary(device, LAST, LAST)["days"][0]["active_s"] == 600
    assert items(device, LAST, "session")
    with database(account) as connection:
        connection.execute("DELETE FROM blocks WHERE device_id = ?", (device.id,))
    assert summary(device, LAST, LAST)["days"][0]["active_s"] == 0
    assert items(device, LAST, "session") == []


def test_changed_categories_places_and_time_zones_are_seen_at_once(account: Account) -> None:
    device = account.enrolled()
    use(device, "chess", LAST)
    seen(
        device,
        "location",
        *({"time": at(LAST, f"{hour:02d}:00:00"), "lat": 45.8, "lon": 14.3} for hour in range(24)),
    )
    assert summary(device, LAST, LAST)["total"]["categories"][0]["category"] == "games"
    assert items(device, LAST, "stay")[0]["place_name"] is None
    body = {"version": 0, "categories": [{"name": "sports", "apps": ["chess"]}]}
    account.api.put("/api/v1/categories", body).expect(200)
    account.place(45.8, 14.3, name="Home")
    assert summary(device, LAST, LAST)["total"]["categories"][0]["category"] == "sports"
    assert items(device, LAST, "stay")[0]["place_name"] == "Home"
    path = f"/api/v1/people/{device.person_id}"
    account.api.patch(path, {"time_zone": "Pacific/Auckland"}).expect(200)
    assert summary(device, LAST, LAST)["total"]["active_s"] == 0
    assert summary(device, LAST + timedelta(days=1), LAST + timedelta(days=1))["total"]["active_s"]


def test_a_device_that_is_handed_on_takes_its_days_along(account: Account) -> None:
    device = account.enrolled()
    use(device, "chess", LAST)
    assert summary(device, LAST, LAST)["total"]["active_s"] == 600
    account.api.patch(device.path, {"person_id": account.person(name="Bor")}).expect(200)
    assert summary(device, LAST, LAST)["total"]["active_s"] == 0


def test_a_day_that_is_over_is_summed_up_once(account: Account) -> None:
    device = account.enrolled()
    days = [LAST, LAST - timedelta(days=1), LAST - timedelta(days=5)]
    use(device, "chess", *days)
    first = LAST - timedelta(days=20)
    found = summary(device, first, LAST)
    assert found["total"]["active_s"] == 3 * 600
    # Their margins are all that is known of the days beside them.
    beside = [day + timedelta(days=n) for day in days for n in (-1, 0, 1)]
    assert set(kept(account, device)) >= {*days, *beside} - {LAST + timedelta(days=1)}
    assert LAST - timedelta(days=15) not in kept(account, device)
    assert summary(device, first, LAST) == found
    with database(account) as connection:
        connection.execute("UPDATE day_summaries SET numbers = replace(numbers, '600', '60')")
    assert summary(device, first, LAST)["total"]["active_s"] == 3 * 60
    use(device, "mail", days[1])
    # The day beside it, whose margin that is, is worked out again, too.
    assert summary(device, first, LAST)["total"]["active_s"] == 60 + 2 * 600


def test_places_are_called_as_they_are_called_now(account: Account) -> None:
    device = account.enrolled()
    for day in (LAST, LAST - timedelta(days=1)):
        fixes = [{"time": at(day, f"{n:02d}:00:00"), "lat": 45.8, "lon": 14.3} for n in range(24)]
        seen(device, "location", *fixes)
    first = LAST - timedelta(days=1)
    (somewhere,) = summary(device, first, LAST)["total"]["places"]
    assert somewhere["place_id"] is None
    assert somewhere["town"]["name"]
    assert somewhere["visits"] == 2
    assert somewhere["duration_s"] > 40 * 3600
    place_id = account.place(45.8, 14.3, name="Home")
    (home,) = summary(device, first, LAST)["total"]["places"]
    assert (home["place_id"], home["place_name"]) == (place_id, "Home")
    assert home["duration_s"] == somewhere["duration_s"]
    assert set(kept(account, device)) >= {first, LAST}


def test_today_is_not_kept(account: Account) -> None:
    device = account.enrolled()
    today = datetime.now(UTC).date()
    seen(device, "presence", {"time": at(today, "00:00:00"), "status": "active"})
    summary(device, today, today)
    assert kept(account, device) == []


def test_summaries_are_there_when_none_can_be_kept(account: Account) -> None:
    device = account.enrolled()
    use(device, "chess", LAST)
    with database(account) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert summary(device, LAST, LAST)["total"]["active_s"] == 600
        connection.rollback()
    assert kept(account, device) == []
    counted = account.server.http().get("/metrics").body.decode()
    assert 'event="summaries_not_kept"' in counted
    assert summary(device, LAST, LAST)["total"]["active_s"] == 600
    assert kept(account, device) == [LAST]


def test_what_other_code_made_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = code_version()
    assert code_version() == ours
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: read(path) + b"#" * (path.name == "summary.py")
    )
    assert code_version() != ours


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from_": LAST, "to": LAST - timedelta(days=1)}, "to"),
        ({"from_": LAST - timedelta(days=92), "to": LAST}, "to"),
        ({"from_": LAST - timedelta(days=190), "to": LAST, "by": "week"}, "to"),
        ({"from_": LAST - timedelta(days=400), "to": LAST, "by": "month"}, "to"),
        ({"from_": LAST, "to": LAST, "by": "year"}, "by"),
        ({"from_": LAST, "to": LAST, "compare": "perhaps"}, "compare"),
        ({"from_": "0001-01-01", "to": "0001-01-02", "compare": "true"}, "from"),
    ],
)
def test_what_cannot_be_asked(account: Account, query: dict[str, Any], field: str) -> None:
    path = f"/api/v1/people/{account.person()}/summary"
    account.api.get(path, **query).expect_problem(422, field)


_VIDEO = "https://m.youtube.com/watch?v=1"
