"""Channels over HTTP: what is refused, what is shown, and alerts that reach real servers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.account import Role
from tests.support.browser import Browser
from tests.support.client import Account, fix
from tests.support.server import Server
from tests.support.smtp_sink import SmtpSink
from tests.support.waiting import until
from tests.support.web_endpoint import WebEndpoint

PATH = "/api/v1/channels"
HOOK = {"name": "hook", "webhook": {"url": "https://hooks.example.org/one?token=secret"}}


@pytest.fixture(scope="module")
def web() -> Iterator[WebEndpoint]:
    with WebEndpoint() as web:
        yield web


@pytest.fixture(scope="module")
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture(scope="module")
def able(tmp_path_factory: pytest.TempPathFactory, mail: SmtpSink) -> Iterator[Server]:
    """A platform with mail, that may send to this machine."""
    server = Server(
        tmp_path_factory.mktemp("able") / "data",
        FIELDPOST_SMTP_HOST="127.0.0.1",
        FIELDPOST_SMTP_PORT=str(mail.port),
        FIELDPOST_SMTP_FROM="fieldpost@example.org",
        FIELDPOST_SMTP_TLS="none",
        FIELDPOST_WEBHOOKS_TO_PRIVATE="1",
    )
    yield server.start()
    server.kill()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": {"to": "ana@example.org"}}, "email"),
        ({"webhook": {"url": "http://hooks.example.org"}}, "webhook.url"),
        ({"webhook": {"url": "https://user@hooks.example.org"}}, "webhook.url"),
        ({"webhook": {"url": "ftp://hooks.example.org"}}, "webhook.url"),
        ({"webhook": {"url": "https://"}}, "webhook.url"),
        ({"webhook": {"url": "https://127.0.0.1/x"}}, "webhook.url"),
        ({"webhook": {"url": "https://10.1.2.3/x"}}, "webhook.url"),
        ({"webhook": {"url": "https://169.254.169.254/latest"}}, "webhook.url"),
        ({"webhook": {"url": "https://[::1]/x"}}, "webhook.url"),
        ({"webhook": {"url": "https://[::ffff:10.0.0.1]/x"}}, "webhook.url"),
        ({"webhook": {"url": "https://2130706433/x"}}, "webhook.url"),
        ({"webhook": {"url": "https://localhost/x"}}, "webhook.url"),
        ({"webhook": {"url": "x" * 2_001}}, "webhook.url"),
        ({"webhook": HOOK["webhook"], "email": {"to": "ana@example.org"}}, "webhook"),
        ({**HOOK, "gather_s": 3_601}, "gather_s"),
        ({**HOOK, "digest": "weekly"}, "digest"),
        ({**HOOK, "digest_hour": 24}, "digest_hour"),
        ({**HOOK, "time_zone": "Mars/Base"}, "time_zone"),
        ({**HOOK, "quiet": {"from": "00:00", "to": "24:00"}}, "quiet"),
        ({**HOOK, "colour": "red"}, "colour"),
        (
            {
                "web_push": {
                    "endpoint": "https://push.example.org",
                    "keys": {"p256dh": "x", "auth": "A" * 22},
                }
            },
            "web_push.keys.p256dh",
        ),
    ],
)
def test_what_cannot_work_is_refused_by_field(
    account: Account, body: dict[str, Any], field: str
) -> None:
    account.api.post(PATH, {"name": "x", **body}).expect_problem(422, field)
    assert account.all(PATH) == []


@pytest.mark.parametrize(
    "to",
    ["ana", "a@b@c", "ana@example.org\r\nBcc: eve@example.org", "Ana <a@example.org>", "a, b@c"],
)
def test_what_is_no_address_is_refused(able: Server, to: str) -> None:
    body = {"name": "x", "email": {"to": to}}
    Account(able).api.post(PATH, body).expect_problem(422, "email.to")


def test_a_secret_is_shown_once(account: Account) -> None:
    added = account.api.post(PATH, HOOK).expect(201)
    assert added["secret"].startswith("whsec_")
    assert added["state"] == "ok"
    channel = f"{PATH}/{added['id']}"
    shown = account.api.get(channel).expect(200)
    assert "secret" not in shown
    assert shown == {key: value for key, value in added.items() if key != "secret"}
    renewed = account.api.post(f"{channel}/secret").expect(201)["secret"]
    assert renewed != added["secret"]
    for body in (account.api.get(channel), account.api.get(PATH), account.api.get("/api/v1/audit")):
        assert b"whsec_" not in body.body


def test_a_viewer_does_not_see_the_whole_address(account: Account) -> None:
    ident = account.api.post(PATH, HOOK).expect(201)["id"]
    seen = account.user(Role.VIEWER).get(f"{PATH}/{ident}").expect(200)
    assert seen["webhook"] == {"url": "https://hooks.example.org"}


def test_changed_field_by_field(account: Account) -> None:
    ident = account.api.post(PATH, HOOK).expect(201)["id"]
    path = f"{PATH}/{ident}"
    night = {"days": ["mon"], "from": "22:00", "to": "07:00"}
    changed = account.api.patch(path, {"quiet": night, "digest": "daily"}).expect(200)
    assert (changed["quiet"], changed["digest"]) == (night, "daily")
    changed = account.api.patch(path, {"quiet": None, "enabled": False}).expect(200)
    assert (changed["quiet"], changed["digest"], changed["state"]) == (None, "daily", "off")
    assert changed["webhook"] == HOOK["webhook"]
    account.api.patch(path, {"email": {"to": "ana@example.org"}}).expect_problem(422, "email")


def test_a_channel_that_a_rule_needs_stays(account: Account) -> None:
    ident = account.api.post(PATH, HOOK).expect(201)["id"]
    rule = account.rule({"speed_over_mps": 30}, channels=["dashboard", ident])
    account.api.delete(f"{PATH}/{ident}").expect_problem(409)
    account.api.delete(f"/api/v1/rules/{rule}").expect(204)
    account.api.delete(f"{PATH}/{ident}").expect(204)
    assert account.all(PATH) == []


def test_a_test_message_says_what_came_of_it(able: Server, web: WebEndpoint) -> None:
    account = Account(able)
    body = {"name": "hook", "webhook": {"url": web.url("/tested")}}
    ident = account.api.post(PATH, body).expect(201)["id"]
    path = f"{PATH}/{ident}/test"
    assert account.api.post(path).expect(200) == {"sent": True, "detail": "answered 204"}
    account.api.post(path).expect_problem(429)
    web.statuses["/broken"] = 500
    body = {"name": "hook", "webhook": {"url": web.url("/broken")}}
    ident = account.api.post(PATH, body).expect(201)["id"]
    answer = account.api.post(f"{PATH}/{ident}/test").expect(200)
    assert answer == {"sent": False, "detail": "answered 500"}


def test_nothing_is_sent_to_this_machine_unless_it_is_allowed(
    account: Account, web: WebEndpoint
) -> None:
    body = {"name": "hook", "webhook": {"url": web.url("/forbidden")}}
    account.api.post(PATH, body).expect_problem(422, "webhook.url")
    assert web.at("/forbidden") == []


def test_an_alert_reaches_mail_webhook_and_browser(
    able: Server, web: WebEndpoint, mail: SmtpSink
) -> None:
    account = Account(able)
    browser = Browser()
    assert len(account.api.get("/api/v1/web-push/key").expect(200)["public_key"]) == 87
    bodies: list[dict[str, Any]] = [
        {"name": "mail", "email": {"to": "ana@example.org"}},
        {"name": "hook", "webhook": {"url": web.url("/all")}},
        {"name": "browser", "web_push": browser.subscription(web.url("/push"))},
    ]
    ids = [account.api.post(PATH, {**body, "gather_s": 0}).expect(201)["id"] for body in bodies]
    account.rule({"speed_over_mps": 30}, channels=ids)
    account.enrolled().deliver("location", fix(45.8, 14.3, speed_mps=40.0))
    (alert,) = until(account.alerts, "there is an alert", also=able.log_tail)

    def sent() -> bool:
        logs = [account.all(f"{PATH}/{ident}/deliveries") for ident in ids]
        return [[one["state"] for one in log] for log in logs] == [["sent"]] * 3

    until(sent, "all three are told", timeout_s=40.0, also=able.log_tail)
    assert alert["text"] in mail.mails[-1].text
    assert "happened" in mail.mails[-1].text
    assert alert["text"].encode() in web.at("/all")[0].body
    assert browser.read(web.at("/push")[0].body)["title"] == alert["text"]
    log = account.all(f"{PATH}/{ids[1]}/deliveries")
    path = f"/api/v1/deliveries/{log[0]['id']}/resend"
    account.api.post(path).expect(202)
    until(lambda: len(web.at("/all")) == 2, "it is sent again", also=able.log_tail)


def test_a_wrong_setting_ends_the_start_with_a_line(
    new_server: Callable[..., Server],
) -> None:
    server = new_server(FIELDPOST_SMTP_PORT="none", FIELDPOST_WEB_PUSH_CONTACT="me")
    server.spawn()
    until(lambda: "smtp.port" in server.log_tail(), "it says why", also=server.log_tail)
    assert "web_push.contact" in server.log_tail()
