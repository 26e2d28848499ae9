"""Server-sent events, read one by one."""

import http.client
import json
from typing import Any

from tests.support.http_calls import Http


class Events:
    """An open stream of `/api/v1/live`; made once the server has said hello."""

    def __init__(self, api: Http, timeout_s: float = 10.0) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=timeout_s)
        self._connection.request("GET", "/api/v1/live", headers=api.headers)
        self.response = self._connection.getresponse()
        assert self.response.status == 200, self.response.read()
        assert self.next() == ("hello", {})

    def next(self) -> tuple[str, Any] | None:
        """The next event's name and data; None at the end of the stream."""
        name = ""
        while True:
            line = self.response.readline()
            if not line:
                return None
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                return name, json.loads(value)

    def next_of(self, name: str) -> Any:
        """The data of the next event with this name."""
        while True:
            event = self.next()
            assert event is not None, f"the stream ended before there was a {name} event"
            if event[0] == name:
                return event[1]

    def close(self) -> None:
        self.response.close()
        self._connection.close()
