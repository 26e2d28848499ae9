"""Channels are added, tried out and removed in a real browser, and a service worker shows what is
pushed to it.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Worker, expect

from tests.pages.watching import PATIENCE_MS, Demo, Watched
from tests.support.waiting import until
from tests.support.web_endpoint import WebEndpoint

PAGE = "#/settings/notifications"
_SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const shown = await registration.getNotifications();
  return shown.map(({ title, body, tag }) => ({ title, body, tag }));
}"""
_CLICK = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
}"""


@pytest.fixture(scope="module")
def web() -> Iterator[WebEndpoint]:
    with WebEndpoint() as web:
        yield web


@pytest.fixture
def watched(watched: Watched) -> Watched:
    watched.visit(PAGE)
    return watched


def _new_channel(page: Page, kind: str) -> Locator:
    page.get_by_role("button", name="Add a channel").click()
    dialog = page.get_by_role("dialog", name="Add a channel")
    dialog.get_by_text(kind, exact=True).click()
    return dialog


def _fits(page: Page) -> None:
    body = page.locator("dialog .body")
    assert body.evaluate("it => it.scrollWidth <= it.clientWidth")


def _add_webhook(page: Page, name: str, url: str) -> Locator:
    """Its line in the list."""
    dialog = _new_channel(page, "Webhook")
    dialog.get_by_label("URL", exact=True).fill(url)
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Alerts close together").select_option(label="Each as its own message")
    _fits(page)
    dialog.get_by_role("button", name="Add the channel").click()
    secret = page.get_by_role("dialog", name=f"The secret of {name}")
    expect(secret.get_by_label("Secret", exact=True)).to_contain_text("whsec_")
    _fits(page)
    secret.get_by_role("button", name="I have copied it").click()
    return page.get_by_role("listitem").filter(has_text=name)


def _rule_that_rings(demo: Demo, channel: str) -> str:
    """The id of a rule that is true as soon as somebody is heard of."""
    places = {one["name"]: one["id"] for one in demo.call("GET", "/places")["items"]}
    channels = {one["name"]: one["id"] for one in demo.call("GET", "/channels")["items"]}
    rule = {
        "name": f"Rings on {channel}",
        "scope": {"people": [], "devices": []},
        "when": {"outside": places["School"]},
        "also_now": True,
        "cooldown_s": 3_600,
        "severity": "critical",
        "channels": ["dashboard", channels[channel]],
    }
    return str(demo.call("POST", "/rules", rule)["id"])


def _until_told(demo: Demo, channel: str) -> None:
    channels = {one["name"]: one["id"] for one in demo.call("GET", "/channels")["items"]}
    path = f"/channels/{channels[channel]}/deliveries"
    until(lambda: demo.call("GET", path)["items"], "the channel is told", 60.0)


def _delete(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Delete {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()


def test_a_webhook_is_added_tried_out_and_deleted(watched: Watched, web: WebEndpoint) -> None:
    page = watched.page
    name = f"Hook of {page.viewport_size}"
    line = _add_webhook(page, name, web.url("/tried"))
    expect(line).to_contain_text("Works")
    line.get_by_role("button", name="Send a test").click()
    expect(line.get_by_text("The test was sent.")).to_be_visible(timeout=PATIENCE_MS)
    assert json.loads(web.at("/tried")[-1].body)["type"] == "test"
    _delete(page, name)
    expect(line).to_be_hidden()
    watched.nothing_wrong()


def test_an_alert_is_in_the_log_and_is_sent_again(
    watched: Watched, demo: Demo, web: WebEndpoint
) -> None:
    page = watched.page
    name = f"Log of {page.viewport_size}"
    path = f"/log-{page.evaluate('innerWidth')}"
    line = _add_webhook(page, name, web.url(path))
    rule = _rule_that_rings(demo, name)
    _until_told(demo, name)
    page.get_by_role("button", name=f"What {name} was told").click()
    log = page.get_by_role("dialog", name=f"What {name} was told")
    again = log.get_by_role("button", name="Send again").first
    expect(again).to_be_visible(timeout=PATIENCE_MS)
    expect(log.get_by_text("Answered 204.").first).to_be_visible()
    _fits(page)
    before = len(web.at(path))
    again.click()
    until(lambda: len(web.at(path)) > before, "it is sent again")
    expect(again).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(log).to_be_hidden()
    _delete(page, name)
    expect(page.get_by_text(f"the rule “Rings on {name}” needs this channel")).to_be_visible()
    demo.call("DELETE", f"/rules/{rule}")
    _delete(page, name)
    expect(line).to_be_hidden()
    watched.errors = [one for one in watched.errors if "409" not in one]
    watched.nothing_wrong()


def test_what_cannot_work_is_refused_at_its_field(watched: Watched) -> None:
    page = watched.page
    dialog = _new_channel(page, "E-mail")
    dialog.get_by_label("Name").fill("Mail")
    dialog.get_by_role("button", name="Add the channel").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Mail is not set up on this platform")
    expect(dialog.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_text("Webhook", exact=True).click()
    dialog.get_by_label("URL", exact=True).fill("http://hooks.example.org")
    dialog.get_by_role("button", name="Add the channel").click()
    expect(dialog.get_by_role("alert")).to_have_text("Must begin with https://.")
    watched.errors = [one for one in watched.errors if "422" not in one]
    watched.nothing_wrong()


def test_a_new_secret_is_made_after_a_question(watched: Watched, web: WebEndpoint) -> None:
    page = watched.page
    name = f"Secret of {page.viewport_size}"
    _add_webhook(page, name, web.url("/secret"))
    page.get_by_role("button", name=f"Change {name}").click()
    page.get_by_role("button", name="Make a new secret").click()
    page.get_by_role("button", name="Make a new one").click()
    secret = page.get_by_role("dialog", name=f"The secret of {name}")
    expect(secret.get_by_label("Secret", exact=True)).to_contain_text("whsec_")
    page.keyboard.press("Escape")
    _delete(page, name)
    watched.nothing_wrong()


def test_a_rule_without_channels_leads_here(watched: Watched) -> None:
    page = watched.page
    watched.visit("#/rules")
    page.get_by_role("button", name="New rule").click()
    page.get_by_role("button", name="Start with an empty rule").click()
    page.get_by_role("link", name="Tell somebody elsewhere").click()
    expect(page.get_by_role("heading", name="Channels")).to_be_visible()
    watched.nothing_wrong()


@pytest.fixture
def allowed(browser: Browser, demo: Demo) -> Iterator[Watched]:
    """A browser that may show notifications, but has no push service to reach."""
    context = browser.new_context()
    context.grant_permissions(["notifications"], origin=demo.url)
    watched = Watched(context.new_page(), demo, None, "")
    watched.sign_in()
    watched.visit(PAGE)
    yield watched
    context.close()


def _worker(watched: Watched) -> Worker:
    """It is there as soon as somebody wants this browser to be told."""
    page = watched.page
    dialog = _new_channel(page, "This browser")
    dialog.get_by_label("Name").fill("Mine")
    with page.context.expect_event("serviceworker") as started:
        dialog.get_by_role("button", name="Add the channel").click()
    expect(dialog.get_by_role("alert")).to_be_visible(timeout=2 * PATIENCE_MS)
    page.keyboard.press("Escape")
    worker: Worker = started.value
    return worker


def _push(context: BrowserContext, page: Page, origin: str, content: Any) -> None:
    """As if a push service had brought it."""
    devtools = context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")

    def known() -> list[str]:
        page.evaluate("0")  # events come while the page is asked for something
        return found

    until(known, "the worker is registered")
    message = {"origin": origin, "registrationId": found[0], "data": json.dumps(content)}
    devtools.send("ServiceWorker.deliverPushMessage", message)


_SUBSCRIBES = """([endpoint, p256dh]) => {
  const keys = { p256dh, auth: 'A'.repeat(22) };
  const subscription = { toJSON: () => ({ endpoint, expirationTime: null, keys }) };
  PushManager.prototype.subscribe = async () => subscription;
}"""


def _public_key() -> str:
    """A browser's, as its subscription tells it."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_this_browser_is_told(allowed: Watched, web: WebEndpoint) -> None:
    """The push service is one of the test's own: real ones are out of reach."""
    page = allowed.page
    page.evaluate(_SUBSCRIBES, [web.url("/push"), _public_key()])
    dialog = _new_channel(page, "This browser")
    dialog.get_by_label("Name").fill("My browser")
    dialog.get_by_role("button", name="Add the channel").click()
    line = page.get_by_role("listitem").filter(has_text="My browser")
    expect(line).to_contain_text("This browser", timeout=PATIENCE_MS)
    line.get_by_role("button", name="Send a test").click()
    expect(line.get_by_text("The test was sent.")).to_be_visible(timeout=PATIENCE_MS)
    sent = {name.lower(): value for name, value in web.at("/push")[-1].headers.items()}
    assert sent["content-encoding"] == "aes128gcm"
    _delete(page, "My browser")
    expect(line).to_be_hidden()
    assert page.evaluate("localStorage.getItem('fieldpost.push-channel')") is None
    allowed.nothing_wrong()


def test_a_service_worker_is_never_kept_from_changing(demo: Demo) -> None:
    with urlopen(f"{demo.url}/service-worker.js") as answer:
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"].startswith("text/javascript")


def test_what_is_pushed_is_shown_and_a_click_opens_it(allowed: Watched, demo: Demo) -> None:
    page = allowed.page
    worker = _worker(allowed)
    alert = demo.call("GET", "/alerts?limit=1")["items"][0]
    content = {"title": alert["text"], "body": "now", "tag": "m-1", "url": "/#/alerts"}
    _push(page.context, page, demo.url, {**content, "alert_ids": [alert["id"]]})
    expected = [{"title": alert["text"], "body": "now", "tag": "m-1"}]
    page.wait_for_function(f"({_SHOWN})().then(shown => shown.length > 0)", timeout=PATIENCE_MS)
    assert page.evaluate(_SHOWN) == expected
    worker.evaluate(_CLICK)
    page.wait_for_url(f"**/#/alerts?alert={alert['id']}", timeout=PATIENCE_MS)
    expect(page.locator(f"[data-alert='{alert['id']}']")).to_be_focused(timeout=PATIENCE_MS)
    # The browser's own words about a subscription in a private window.
    allowed.errors = [one for one in allowed.errors if "incognito" not in one]
    allowed.nothing_wrong()
