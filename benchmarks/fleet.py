"""Devices to measure with: enrolled over HTTP, carried by people who consented."""

import json
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Any

import attrs

_TIMEOUT_S = 20.0
_PEOPLE = 8
_PATIENCE_S = 300.0


class Api:
    """The platform's API over one connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        self._token = token

    def call(self, method: str, path: str, content: Any = None) -> Any:
        """The JSON of the answer. Raises RuntimeError unless it is a success."""
        return json.loads(self.raw(method, path, content) or b"null")

    def raw(self, method: str, path: str, content: Any = None) -> bytes:
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        body = None if content is None else json.dumps(content)
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:300]!r}")
        return said

    def queue_depth(self) -> int:
        for line in self.raw("GET", "/metrics").decode().splitlines():
            if line.startswith("fieldpost_queue_depth "):
                return int(float(line.split()[1]))
        raise RuntimeError("the metrics do not tell the depth of the queue")

    def close(self) -> None:
        self._connection.close()


@attrs.frozen
class EnrolledDevice:
    """`credential` is a Fieldpost agent's, `owntracks_token` that of the OwnTracks app."""

    id: str
    person_id: str
    credential: str
    owntracks_token: str


def enrol(api: Api, count: int, kinds: Sequence[str] = ("location",)) -> list[EnrolledDevice]:
    people = [_person(api, number, kinds) for number in range(min(count, _PEOPLE))]
    return [_device(api, people[number % len(people)], number) for number in range(count)]


def deliver(
    port: int, api: Api, device: EnrolledDevice, fixes: list[dict[str, Any]], at_once: int
) -> None:
    """Returns when all of them can be read. Raises RuntimeError when that takes too long."""
    agent = Api(port, device.credential)
    for sequence, start in enumerate(range(0, len(fixes), at_once), 1):
        batch = {"kind": "location", "sequence": sequence}
        some = [{**batch, "observations": fixes[start : start + at_once]}]
        agent.call("POST", "/agent/v1/batches", {"batches": some})
    agent.close()
    deadline = time.monotonic() + _PATIENCE_S
    while api.queue_depth() > 0 or not api.call("GET", f"/api/v1/devices/{device.id}")["latest"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the fixes are not processed in time")
        time.sleep(0.05)


def add_rules(api: Api, count: int) -> None:
    """Places entered, left and stayed outside of, and speed: each judges every location."""
    for number in range(count):
        _add_rule(api, number)


def _add_rule(api: Api, number: int) -> None:
    lat, lon = 46.05 + number / 100, 14.5 + number / 100
    square = [[lat, lon], [lat, lon + 0.01], [lat + 0.01, lon + 0.01], [lat + 0.01, lon]]
    circle = {"lat": lat, "lon": lon, "radius_m": 500}
    shape = {"polygon": square} if number % 4 < 2 else {"circle": circle}
    place_id = api.call("POST", "/api/v1/places", {"name": f"Place {number}", **shape})["id"]
    conditions: list[dict[str, Any]] = [
        {"enters": place_id},
        {"leaves": place_id},
        {"outside": place_id},
        {"speed_over_mps": 30 + number},
    ]
    rule = {"name": f"Rule {number}", "scope": {}, "when": conditions[number % 4]}
    told = {"hold_s": 60 * (number % 3), "severity": "info", "channels": ["dashboard"]}
    api.call("POST", "/api/v1/rules", {**rule, **told})


def _person(api: Api, number: int, kinds: Sequence[str]) -> str:
    person = api.call(
        "POST", "/api/v1/people", {"name": f"Person {number}", "time_zone": "Europe/Ljubljana"}
    )
    api.call("POST", f"/api/v1/people/{person['id']}/consents", {"kinds": list(kinds)})
    person_id: str = person["id"]
    return person_id


def _device(api: Api, person_id: str, number: int) -> EnrolledDevice:
    wanted = {"person_id": person_id, "name": f"phone {number}", "platform": "android"}
    device = api.call("POST", "/api/v1/devices", wanted)["id"]
    code = api.call("POST", f"/api/v1/devices/{device}/enrolment")["code"]
    agent = {"name": "benchmark", "version": "1", "platform": "linux"}
    enrolled = api.call("POST", "/agent/v1/enrol", {"code": code, "agent": agent})
    token = api.call("POST", f"/api/v1/devices/{device}/tokens", {"agent": "owntracks"})["token"]
    return EnrolledDevice(device, person_id, enrolled["credential"], token)
