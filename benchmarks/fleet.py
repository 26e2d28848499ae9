"""Devices to measure with: enrolled over HTTP, carried by people who consented."""

import json
from http.client import HTTPConnection
from typing import Any

import attrs

_TIMEOUT_S = 20.0
_PEOPLE = 8


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


def enrol(api: Api, count: int) -> list[EnrolledDevice]:
    people = [_person(api, number) for number in range(min(count, _PEOPLE))]
    return [_device(api, people[number % len(people)], number) for number in range(count)]


def _person(api: Api, number: int) -> str:
    person = api.call(
        "POST", "/api/v1/people", {"name": f"Person {number}", "time_zone": "Europe/Ljubljana"}
    )
    api.call("POST", f"/api/v1/people/{person['id']}/consents", {"kinds": ["location"]})
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
