"""A demo family that is on the move, and a browser's page whose doings are watched."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from deploy.local.ports import free_port
from tests.support.server import FIELDPOST
from tests.support.waiting import until

PATIENCE_MS = 20_000


class Demo:
    """A running demo: its address, how to sign in, and the family's ids. Its webhooks may lead to
    this machine.
    """

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._log = folder / "demo.log"
        data = folder / "data"
        command: list[str | Path] = [
            FIELDPOST,
            "demo",
            "--data",
            data,
            "--http",
            self.url.removeprefix("http://"),
        ]
        with self._log.open("wb") as log:
            environment = {**os.environ, "FIELDPOST_WEBHOOKS_TO_PRIVATE": "1"}
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        until(self._on_the_move, "the family is on the move", 90.0, self._log.read_text)
        access = json.loads((data / "demo.json").read_text())
        self.password = access["password"]
        self._api_token = access["api_token"]

    def person(self, name: str) -> str:
        """The id of somebody in the family."""
        people = self.call("GET", "/people")["items"]
        return next(str(one["id"]) for one in people if one["name"] == name)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What the API answers, or None where it is nothing."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/api/v1{path}", data, method=method)
        request.add_header("Authorization", f"Bearer {self._api_token}")
        request.add_header("Content-Type", "application/json")
        with urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def _on_the_move(self) -> bool:
        return "on the move" in self._log.read_text()


class Watched:
    """A page whose console and requests are watched."""

    def __init__(self, page: Page, demo: Demo, folder: Path | None, suffix: str) -> None:
        self.page = page
        self._demo = demo
        self._folder = folder
        self._suffix = suffix
        self.errors: list[str] = []
        self.other_hosts: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._requested(request.url))

    def sign_in(self) -> None:
        self.page.goto(self._demo.url)
        expect(self.page.get_by_role("button", name="Sign in")).to_be_visible()
        self.picture("sign-in")
        self.page.get_by_label("E-mail").fill("demo@example.org")
        self.page.get_by_label("Password").fill(self._demo.password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("link", name="Alerts").first).to_be_visible()

    def visit(self, hash_: str) -> None:
        self.page.goto(f"{self._demo.url}/{hash_}")
        expect(self.page.get_by_role("main")).to_be_visible()

    def map_is_drawn(self) -> None:
        expect(self.page.locator("canvas.maplibregl-canvas").first).to_be_visible(
            timeout=PATIENCE_MS
        )
        self.page.wait_for_timeout(1_500)  # tiles of the basemap and the first animation

    def picture(self, name: str) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self._folder / f"{name}-{self._suffix}.png")

    def nothing_wrong(self) -> None:
        assert not self.errors, self.errors
        assert self.other_hosts == []

    def _heard(self, message: Any) -> None:
        # Asking who is signed in is answered 401 before signing in; browsers log that.
        if message.type == "error" and "401" not in message.text:
            self.errors.append(message.text)

    def _requested(self, url: str) -> None:
        host = urlsplit(url).netloc
        if host and host != urlsplit(self._demo.url).netloc:
            self.other_hosts.append(url)
