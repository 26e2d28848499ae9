"""The other end of a channel: a program that is told of alerts, and may be broken for a while."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Inbox:
    """Open between `__enter__` and `__exit__`."""

    def __init__(self) -> None:
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                inbox.take(json.loads(self.rfile.read(length)))
                self.send_response(503 if inbox.broken else 204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """The platform's own log is enough."""

        self.broken = False
        self._messages: list[Any] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="inbox")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def take(self, message: Any) -> None:
        if not self.broken:
            self._messages.append(message)

    def messages(self) -> list[list[str]]:
        """The texts of the alerts, message by message."""
        return [[alert["text"] for alert in one["data"]["alerts"]] for one in self._messages]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
