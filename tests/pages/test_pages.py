"""The pages in a real browser, on the demo family: no console error, no other host.

`SCREENSHOTS=docs/screenshots pytest tests/pages` writes the pictures of the README anew.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from deploy.local.ports import free_port
from tests.support.server import FIELDPOST
from tests.support.waiting import until

SIZES = {"1440": (1440, 900), "390": (390, 844)}
PAGES = {"live": "#/", "alerts": "#/alerts", "places": "#/places", "rules": "#/rules"}
_PATIENCE_MS = 20_000


class Demo:
    """A running demo: its address, how to sign in, and the family's ids."""

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
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until(self._on_the_move, "the family is on the move", 90.0, self._log.read_text)
        access = json.loads((data / "demo.json").read_text())
        self.password = access["password"]
        self._api_token = access["api_token"]

    def person(self, name: str) -> str:
        """The id of somebody in the family."""
        request = Request(f"{self.url}/api/v1/people")
        request.add_header("Authorization", f"Bearer {self._api_token}")
        with urlopen(request) as answer:
            people = json.load(answer)["items"]
        return next(str(one["id"]) for one in people if one["name"] == name)

    def _on_the_move(self) -> bool:
        return "on the move" in self._log.read_text()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    yield demo
    demo.process.terminate()
    assert demo.process.wait(30) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    def launched(playwright: Playwright) -> Browser:
        return playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        )

    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


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
            timeout=_PATIENCE_MS
        )
        self.page.wait_for_timeout(1_500)  # tiles of the basemap and the first animation

    def picture(self, name: str) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self._folder / f"{name}-{self._suffix}.png")

    def nothing_wrong(self) -> None:
        assert self.errors == []
        assert self.other_hosts == []

    def _heard(self, message: Any) -> None:
        # Asking who is signed in is answered 401 before signing in; browsers log that.
        if message.type == "error" and "401" not in message.text:
            self.errors.append(message.text)

    def _requested(self, url: str) -> None:
        host = urlsplit(url).netloc
        if host and host != urlsplit(self._demo.url).netloc:
            self.other_hosts.append(url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
def test_pages_load_without_an_error_or_a_foreign_request(
    browser: Browser, demo: Demo, width: str, scheme: Any
) -> None:
    folder = os.environ.get("SCREENSHOTS")
    size = SIZES[width]
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    watched = Watched(
        context.new_page(), demo, Path(folder) if folder else None, f"{width}-{scheme}"
    )
    watched.sign_in()
    for name, hash_ in PAGES.items():
        watched.visit(hash_)
        if name in ("live", "places"):
            watched.map_is_drawn()
        else:
            watched.page.wait_for_timeout(500)
        assert watched.page.title() != ""
        watched.picture(name)
    watched.visit(f"#/people/{demo.person('Tomo')}/day/{_last_saturday()}")
    watched.map_is_drawn()
    expect(watched.page.get_by_text("Distance").first).to_be_visible()
    watched.picture("day")
    watched.nothing_wrong()
    context.close()


def _last_saturday() -> date:
    """On Saturdays the family's father drives the recorded tour."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return yesterday - timedelta(days=(yesterday.weekday() + 2) % 7)


def test_markers_move_without_a_reload(browser: Browser, demo: Demo) -> None:
    page = browser.new_page()
    watched = Watched(page, demo, None, "")
    watched.sign_in()
    watched.map_is_drawn()
    loaded = page.evaluate("performance.timeOrigin")
    markers = ".maplibregl-marker"
    before = page.eval_on_selector_all(markers, "all => all.map(one => one.style.transform)")
    page.wait_for_function(
        """before => {
            const now = [...document.querySelectorAll('.maplibregl-marker')]
                .map(one => one.style.transform);
            return now.some((place, index) => place !== before[index]);
        }""",
        arg=before,
        timeout=_PATIENCE_MS,
    )
    assert page.evaluate("performance.timeOrigin") == loaded
    watched.nothing_wrong()
    page.close()
