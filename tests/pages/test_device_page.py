"""A device's page in a real browser: what came in from it, and what of it was not kept."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.pages.watching import PATIENCE_MS, Demo, Watched
from tests.support.client import AGENT, now, upload
from tests.support.http_calls import Http


@pytest.fixture
def device_id(demo: Demo) -> str:
    """A new phone of somebody's, which has brought nothing."""
    body = {"person_id": demo.person("Mira"), "name": "Old phone", "platform": "android"}
    return str(demo.call("POST", "/devices", body)["id"])


def test_what_came_in_tells_also_what_was_not_kept(
    device_id: str, watched: Watched, demo: Demo
) -> None:
    page = watched.page
    watched.visit(f"#/devices/{device_id}")
    card = page.get_by_role("region", name="What came in")
    expect(card.get_by_text("Nothing has come from this device")).to_be_visible()
    agent = _agent(demo, device_id)
    states = [{"time": now(), "battery": level} for level in (0.5, 0.6, 7)]
    body = upload("device_state", 1, *states)
    for _ in range(2):
        agent.post("/agent/v1/batches", body).expect(200)
    expect(card.get_by_text("Not all was kept")).to_be_visible(timeout=PATIENCE_MS)
    expect(card.get_by_text("1 batch · 1 sent again · last")).to_be_visible(timeout=PATIENCE_MS)
    expect(card.get_by_text("1 observation left out: out of range")).to_be_visible()
    card.get_by_text("Today").click()
    expect(card.get_by_text("1 observation left out")).not_to_be_visible()
    assert page.get_by_role("main").evaluate("it => it.scrollWidth <= it.clientWidth")
    watched.nothing_wrong()


def _agent(demo: Demo, device_id: str) -> Http:
    code = demo.call("POST", f"/devices/{device_id}/enrolment", {})["code"]
    port = urlsplit(demo.url).port or 0
    enrolled = Http(port).post("/agent/v1/enrol", {"code": code, "agent": AGENT}).expect(201)
    return Http(port, {"authorization": f"Bearer {enrolled['credential']}"})
