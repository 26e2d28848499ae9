"""What apps that people already have put on the wire, each in its own format and units."""

import json
from datetime import datetime
from urllib.parse import urlencode

import attrs

_KNOTS_PER_KMH = 1 / 1.852


@attrs.frozen
class Report:
    lat: float
    lon: float
    at: datetime
    speed_kmh: float
    battery_percent: int


def words_of(app: str, report: Report) -> bytes:
    return _owntracks(report) if app == "owntracks" else _osmand(report)


def nonsense_of(app: str) -> bytes:
    """Well-formed, and of no use to anybody."""
    if app == "owntracks":
        return json.dumps({"_type": "location", "lat": 123.4, "lon": 14.3, "tst": 1}).encode()
    return b"id=1&lat=123.4&lon=14.3&timestamp=1"


def _owntracks(report: Report) -> bytes:
    """A location message in HTTP mode: km/h and percent."""
    message = {
        "_type": "location",
        "lat": report.lat,
        "lon": report.lon,
        "tst": int(report.at.timestamp()),
        "vel": round(report.speed_kmh),
        "batt": report.battery_percent,
        "acc": 10,
        "tid": "an",
    }
    return json.dumps(message).encode()


def _osmand(report: Report) -> bytes:
    """A form body as Traccar Client sends it: knots and percent."""
    said = {
        "id": "123456",
        "lat": report.lat,
        "lon": report.lon,
        "timestamp": int(report.at.timestamp()),
        "speed": report.speed_kmh * _KNOTS_PER_KMH,
        "batt": report.battery_percent,
    }
    return urlencode(said).encode()
