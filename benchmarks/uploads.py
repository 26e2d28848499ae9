"""What devices upload: whole HTTP requests, made beforehand except for one number."""

import base64
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from benchmarks.fleet import EnrolledDevice
from domain.kinds import Kind

DIGITS = 7
"""Each request carries a number of so many digits that no other has."""

_HOLE = "1" * DIGITS
_VARIANTS = 16


@attrs.frozen
class Template:
    """A request: `before` + a number of `DIGITS` digits without leading zero + `after`."""

    before: bytes
    after: bytes


def batches(devices: Sequence[EnrolledDevice], size: int) -> list[Template]:
    """Per device an upload of one batch of `size` locations; the hole is its sequence."""
    walks = [json.dumps(walk(size, seed)) for seed in range(_VARIANTS)]
    return [
        _template(
            "/agent/v1/batches",
            f"Bearer {device.credential}",
            '{"batches":[{"kind":"location","sequence":'
            f'{_HOLE},"observations":{walks[position % _VARIANTS]}}}]}}',
        )
        for position, device in enumerate(devices)
    ]


def owntracks(devices: Sequence[EnrolledDevice]) -> list[Template]:
    """Per device one fix; the hole makes each another place."""
    now_s = int(time.time())
    return [
        _template(
            "/agent/owntracks",
            "Basic " + base64.b64encode(f"{d.id}:{d.owntracks_token}".encode()).decode(),
            '{"_type":"location","acc":12,"alt":287,"batt":81,"bs":1,"conn":"m","created_at":'
            f'{now_s},"lat":46.05123,"lon":14.{_HOLE},"m":1,"t":"u","tid":"ph",'
            f'"topic":"owntracks/u/phone","tst":{now_s},"vac":4,"vel":12}}',
        )
        for d in devices
    ]


def walk(
    size: int, seed: int, step_s: float = 1.0, ends_s: float | None = None
) -> list[dict[str, Any]]:
    """Somebody on the way, a fix each `step_s` until `ends_s` or now: eight fields each."""
    chance = random.Random(seed)
    start = (ends_s or time.time()) - size * step_s
    lat, lon, bearing = 46.05 + chance.random() / 10, 14.5 + chance.random() / 10, 90.0
    fixes = []
    for place in range(size):
        bearing = (bearing + chance.gauss(0, 8)) % 360
        speed = 12 + chance.gauss(0, 1)
        lat += speed * step_s * math.cos(math.radians(bearing)) / 111_320
        lon += speed * step_s * math.sin(math.radians(bearing)) / 77_000
        fixes.append(
            {
                "time": _rfc3339(start + place * step_s),
                "lat": round(lat, 7),
                "lon": round(lon, 7),
                "accuracy_m": round(abs(chance.gauss(8, 3)), 1),
                "altitude_m": round(300 + chance.gauss(0, 5), 1),
                "speed_mps": round(speed, 2),
                "bearing_deg": round(bearing, 1) % 360,
                "source": "gps",
            }
        )
    return fixes


def _template(path: str, authorization: str, body: str) -> Template:
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: benchmark/1\r\n"
        f"authorization: {authorization}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    before, _, after = body.partition(_HOLE)
    return Template((head + before).encode(), after.encode())


def _rfc3339(at_s: float) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at_s))
    return f"{whole}.{int(at_s * 1000) % 1000:03d}Z"


def phone_uploads(
    fixes: Sequence[dict[str, Any]],
) -> Iterator[list[tuple[Kind, list[dict[str, Any]]]]]:
    """Ten fixes and a device state at a time, and with five of twelve the use of an app."""
    for upload, start in enumerate(range(0, len(fixes), 10)):
        some = list(fixes[start : start + 10])
        state = {"time": some[-1]["time"], "battery": 0.5, "charging": False}
        batches = [(Kind.LOCATION, some), (Kind.DEVICE_STATE, [state])]
        if upload % 12 < 5:
            app = {"time": some[0]["time"], "app": f"app-{upload % 7}", "duration_s": 30.0}
            batches.append((Kind.APP_USE, [app]))
        yield batches
