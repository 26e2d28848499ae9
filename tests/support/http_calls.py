"""A plain HTTP client for tests: one keep-alive connection, JSON in and out."""

import http.client
import json
import select
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import attrs

PROBLEM = "application/problem+json"


@attrs.frozen
class Reply:
    """What a server answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def fields(self) -> list[str]:
        """The fields that a problem document names."""
        return [error["field"] for error in self.json["errors"]]

    def expect(self, status: int) -> Any:
        """The JSON of an answer that has to have this status; None where it has no body."""
        assert self.status == status, f"expected {status}, not {self}"
        return json.loads(self.body) if self.body else None

    def expect_problem(self, status: int, *fields: str) -> Any:
        """The answer is a problem document with this status that names these fields."""
        assert self.status == status, f"expected {status}, not {self}"
        assert self.media_type == PROBLEM, self.headers
        document = self.json
        assert document["status"] == status
        assert document["type"] and document["title"] and document["detail"], document
        assert all(error["reason"] for error in document["errors"]), document
        if fields:
            assert self.fields == list(fields), document
        return document

    def __str__(self) -> str:
        return f"{self.status}: {self.body[:500].decode('utf-8', 'replace')}"


class Http:
    """Not for two threads at once; `again` makes another one like it."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.headers = dict(headers or {})
        self._connection: http.client.HTTPConnection | None = None

    def again(self, **headers: str) -> "Http":
        """Another client with the same headers and these (`_` stands for `-`)."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return Http(self.port, {**self.headers, **more})

    def get(self, path: str, **query: Any) -> Reply:
        pairs = {name.rstrip("_"): value for name, value in query.items() if value is not None}
        return self.call("GET", f"{path}?{urlencode(pairs)}" if pairs else path)

    def post(self, path: str, content: Any = None) -> Reply:
        return self.call("POST", path, content)

    def put(self, path: str, content: Any = None) -> Reply:
        return self.call("PUT", path, content)

    def patch(self, path: str, content: Any = None) -> Reply:
        return self.call("PATCH", path, content)

    def delete(self, path: str) -> Reply:
        return self.call("DELETE", path)

    def call(
        self,
        method: str,
        path: str,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 30.0,
    ) -> Reply:
        """`content` goes as it is when it is bytes (or an iterator of them, which is sent in
        chunks), else as JSON.
        """
        sent = {**self.headers, **(headers or {})}
        body = content
        if content is not None and not isinstance(content, bytes) and not hasattr(content, "send"):
            body = json.dumps(content).encode()
        if body is not None:
            sent.setdefault("content-type", "application/json")
        connection = self._connected(timeout_s)
        try:
            connection.request(method, path, body, sent, encode_chunked=hasattr(body, "send"))
            response = connection.getresponse()
            answer = response.read()
        except BaseException:
            self.close()
            raise
        if response.will_close:
            self.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, names, answer)

    def _connected(self, timeout_s: float) -> http.client.HTTPConnection:
        """The connection that was kept, unless the server has closed it; else a new one."""
        if self._connection is not None and self._connection.sock is not None:
            self._connection.sock.settimeout(timeout_s)
            if select.select([self._connection.sock], [], [], 0)[0]:
                self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
