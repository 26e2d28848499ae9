"""Observations to encode: recordings of real receivers, and days of the simulated family."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import gpxpy
import gpxpy.gpx

from adapters.inbound.cli.simulation import days, people, world
from domain.kinds import Kind
from domain.times import from_datetime, to_rfc3339

Rows = list[dict[str, Any]]

_GPX = Path(__file__).parents[1] / "tests" / "data" / "gpx"
_SEED = 1
_FIRST_DAY = date(2026, 3, 2)

_WORDS = (
    "bread",
    "bridge",
    "cheap",
    "city",
    "coffee",
    "football",
    "garden",
    "green",
    "guide",
    "history",
    "house",
    "how",
    "island",
    "journal",
    "kitchen",
    "light",
    "market",
    "morning",
    "music",
    "news",
    "paper",
    "phone",
    "photo",
    "recipe",
    "report",
    "river",
    "school",
    "science",
    "small",
    "street",
    "summer",
    "table",
    "time",
    "train",
    "travel",
    "video",
    "water",
    "weather",
    "winter",
    "window",
)


def recorded() -> Rows:
    """The fixes of all recordings that have a time, in time order."""
    points = [
        point
        for path in sorted(_GPX.glob("*.gpx"))
        for track in gpxpy.parse(path.read_text()).tracks
        for segment in track.segments
        for point in segment.points
    ]
    return sorted((_fix(point) for point in points if point.time), key=lambda fix: fix["time"])


def simulated(kind: Kind, person: people.Person, count: int) -> Rows:
    """What this person's devices see of a kind, day after day; of the phone's fixes all."""
    family = world.build(_SEED)
    rows: Rows = []
    day = _FIRST_DAY
    while len(rows) < count:
        seen = days.day(family, person, day, detail=True)
        rows += [one.observation for one in seen if one.kind is kind]
        day += timedelta(days=1)
    return rows[:count]


def pages(count: int) -> Rows:
    """Visits of pages of a few sites, no page twice: addresses and titles of common words."""
    chance = Random(_SEED)
    rows: Rows = []
    time_ms = 1_772_409_600_000
    for _ in range(count):
        time_ms += chance.randrange(5_000, 300_000, 1_000)
        site = f"site-{min(chance.randrange(8), chance.randrange(8))}"
        words = chance.choices(_WORDS, k=chance.randrange(2, 7))
        page = chance.choice(["", ".html", f"?id={chance.randrange(10**8)}"])
        rows.append(
            {
                "time": to_rfc3339(time_ms),
                "url": f"https://www.{site}.example/{'-'.join(words)}{page}",
                "title": f"{' '.join(words).capitalize()} - {site}",
                "browser": "Firefox",
                "duration_s": round(chance.uniform(1, 300), 3),
            }
        )
    return rows


def _fix(point: gpxpy.gpx.GPXTrackPoint) -> dict[str, Any]:
    assert point.time is not None and point.elevation is not None
    return {
        "time": to_rfc3339(from_datetime(point.time)),
        "lat": round(point.latitude, 7),
        "lon": round(point.longitude, 7),
        "altitude_m": round(point.elevation, 1),
    }
