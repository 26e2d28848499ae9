"""Mail, webhooks and web push, each against the suite of its port and a real server."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import attrs
import msgspec

from adapters.outbound.notify.outgoing import Outgoing
from adapters.outbound.notify.settings import SmtpSettings
from adapters.outbound.notify.smtp import SmtpNotifier
from adapters.outbound.notify.web_push import WebPushNotifier
from adapters.outbound.notify.web_push_key import new_key
from adapters.outbound.notify.webhook import WebhookNotifier
from adapters.outbound.system_clock import SystemClock
from application.identifiers import new_signing_secret
from domain.channel import ChannelKind
from tests.contracts.notifier import NotifierContract, Received, Wire
from tests.support.browser import Browser
from tests.support.smtp_sink import DROP, HANG, SmtpSink
from tests.support.web_endpoint import Posted, WebEndpoint

_SOON_S = 0.7
_PATH = "/hook"
SENDER = "fieldpost@example.org"


@attrs.frozen
class Mailbox:
    sink: SmtpSink
    settings: Mapping[str, Any] = attrs.field(factory=lambda: {"to": "ana@example.org"})

    def received(self) -> Sequence[Received]:
        found = []
        for mail in self.sink.mails:
            ident = str(mail.message["Message-ID"]).strip("<>").partition(".")[0]
            subject = str(mail.message["Subject"])
            found.append(Received(ident, f"{subject}\n{mail.text}", mail.content))
        return found

    def be_busy(self) -> None:
        self.sink.answers["RCPT"] = "451 later"

    def hang(self) -> None:
        self.sink.answers["MAIL"] = HANG

    def drop(self) -> None:
        self.sink.answers["."] = DROP

    def recover(self) -> None:
        self.sink.answers.clear()


class TestSmtpNotifier(NotifierContract):
    ADAPTER = SmtpNotifier

    @contextmanager
    def opened(self) -> Iterator[Wire]:
        with SmtpSink() as sink:
            settings = SmtpSettings("127.0.0.1", sink.port, from_=SENDER, tls="none")
            notifier = SmtpNotifier(settings, SystemClock(), "", _SOON_S, 2 * _SOON_S)
            yield Wire(notifier, Mailbox(sink), ChannelKind.EMAIL)


@attrs.frozen
class Hook:
    web: WebEndpoint
    settings: Mapping[str, Any]
    browser: Browser | None = None

    def received(self) -> Sequence[Received]:
        return [self._received(posted) for posted in self.web.at(_PATH)]

    def _received(self, posted: Posted) -> Received:
        if self.browser is not None:
            content = self.browser.read(posted.body)
            words = f"{content['title']}\n{content['body']}"
            return Received(content["tag"], words, posted.body)
        data = msgspec.json.decode(posted.body)["data"]
        words = "\n".join([data["summary"], *(one["text"] for one in data["alerts"])])
        return Received(posted.headers["webhook-id"], words, posted.body)

    def be_busy(self) -> None:
        self.web.status = 503

    def hang(self) -> None:
        self.web.hanging.add(_PATH)

    def drop(self) -> None:
        self.web.dropping.add(_PATH)

    def recover(self) -> None:
        self.web.status = 204


class TestWebhookNotifier(NotifierContract):
    ADAPTER = WebhookNotifier

    @contextmanager
    def opened(self) -> Iterator[Wire]:
        with WebEndpoint() as web:
            settings = {"url": web.url(_PATH), "secret": new_signing_secret()}
            notifier = WebhookNotifier(Outgoing(True, _SOON_S), SystemClock())
            yield Wire(notifier, Hook(web, settings), ChannelKind.WEBHOOK)


class TestWebPushNotifier(NotifierContract):
    ADAPTER = WebPushNotifier

    @contextmanager
    def opened(self) -> Iterator[Wire]:
        with WebEndpoint() as web:
            browser, key = Browser(), new_key()
            told = browser.subscription(web.url(_PATH))
            settings = {"endpoint": told["endpoint"], **told["keys"]}
            notifier = WebPushNotifier(
                Outgoing(True, _SOON_S), SystemClock(), lambda: key, "", "/#/alerts"
            )
            yield Wire(notifier, Hook(web, settings, browser), ChannelKind.WEB_PUSH)
