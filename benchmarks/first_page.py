"""The dashboard's first page in a browser that has seen nothing yet."""

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import servers
from benchmarks.fleet import Api, enrol
from benchmarks.servers import ROOT, Owner, Server
from benchmarks.table import Table, number

_CHROMIUM = Path("/usr/bin/chromium")
_PAGE = ROOT / "adapters" / "inbound" / "dashboard" / "dist" / "index.html"
_ROUNDS = 5
_PATIENCE_MS = 10_000
_IDLE_MS = 500  # of silence make a network idle
_DRAWN = """() => document.documentElement.dataset.mapDrawn !== undefined
    || document.querySelector('canvas.maplibregl-canvas') !== null"""
_SAYS_SO = "() => document.documentElement.dataset.mapDrawn !== undefined"

_HEADERS = ("requests", "KB over the wire", "ms to the first paint", "ms to the map")


def first_page() -> Table:
    title = "The first page"
    if not _PAGE.exists() or not _CHROMIUM.exists():
        missing = "the dashboard is not built" if _CHROMIUM.exists() else "there is no Chromium"
        return Table(title, _HEADERS, [], f"Not measured: {missing}.")
    with tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder:
        owner = servers.create_account(Path(folder))
        with servers.fieldpost(Path(folder)) as server:
            api = Api(server.port, owner.api_token)
            enrol(api, 4)
            api.close()
            loads, says_so = _load(server, owner)
    if not loads:
        waited = f"Not measured: no map appeared within {_PATIENCE_MS / 1000:.0f} s."
        return Table(title, _HEADERS, [], waited)
    means = "the page says that it is drawn" if says_so else "its canvas is there, all is loaded"
    note = f"Signed in, empty cache, medians of {_ROUNDS}. The map counts from when {means}."
    medians = [number(median(values)) for values in zip(*loads, strict=True)]
    return Table(title, _HEADERS, [medians], note)


def _load(server: Server, owner: Owner) -> tuple[list[tuple[float, ...]], bool]:
    """What each load took, and whether the page says when its map is drawn; empty without one."""
    from playwright.sync_api import TimeoutError as TooLate
    from playwright.sync_api import sync_playwright

    base = f"http://127.0.0.1:{server.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(_CHROMIUM), args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        try:
            context = browser.new_context()
            _sign_in(context.new_page(), base, owner)
            found = [_load_once(context, base) for _ in range(_ROUNDS)]
        except TooLate:
            return [], False
        finally:
            browser.close()
    return [one for one, _ in found], all(says_so for _, says_so in found)


def _sign_in(page: Any, base: str, owner: Owner) -> None:
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(base)
    page.fill("input[type=email]", owner.email)
    page.fill("input[type=password]", owner.password)
    page.press("input[type=password]", "Enter")
    page.wait_for_function(_DRAWN)


def _load_once(context: Any, base: str) -> tuple[tuple[float, ...], bool]:
    page = context.new_page()
    received: list[int] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on(
        "Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"]))
    )
    started = time.perf_counter()
    page.goto(base)
    page.wait_for_function(_DRAWN, timeout=_PATIENCE_MS)
    says_so = bool(page.evaluate(_SAYS_SO))
    drawn_ms = (time.perf_counter() - started) * 1000
    if not says_so:
        page.wait_for_load_state("networkidle")
        drawn_ms = (time.perf_counter() - started) * 1000 - _IDLE_MS
    paint = page.evaluate(
        "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    page.close()
    return (len(received), sum(received) / 1000, paint, drawn_ms), says_so
