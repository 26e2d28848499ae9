"""The pages in a real browser, on the demo family: no console error, no other host.

`SCREENSHOTS=docs/screenshots pytest tests/pages` writes the pictures of the README anew.
"""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.watching import PATIENCE_MS, Demo, Watched

SIZES = {"1440": (1440, 900), "390": (390, 844)}
PAGES = {
    "live": "#/",
    "alerts": "#/alerts",
    "places": "#/places",
    "rules": "#/rules",
    "settings": "#/settings/categories",
}


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
    watched.visit(f"#/people/{demo.person('Tomo')}/summary?by=week")
    watched.page.wait_for_timeout(1_000)
    watched.picture("summary")
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
    # From afar nobody moves by a pixel in this time. Tomo never rests for long.
    page.get_by_role("button", name="Show Tomo on the map").click()
    page.wait_for_timeout(1_500)
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
        timeout=PATIENCE_MS,
    )
    assert page.evaluate("performance.timeOrigin") == loaded
    watched.nothing_wrong()
    page.close()
