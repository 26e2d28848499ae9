"""Mail as the server sees it: encrypted, signed in, refused."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from adapters.inbound.push.certificate import CertificateFiles
from adapters.outbound.notify.settings import SmtpSettings
from adapters.outbound.notify.smtp import SmtpNotifier
from adapters.outbound.system_clock import SystemClock
from domain.channel import Channel, ChannelKind
from domain.notice import Message, Outcome, Result
from tests.contracts.builders import ACCOUNT, alert
from tests.support.smtp_sink import SmtpSink

pytestmark = pytest.mark.anyio

ZONE = "Europe/Ljubljana"
CHANNEL = Channel(
    "c", ACCOUNT, "Ana", ChannelKind.EMAIL, {"to": "ana@example.org"}, 0, time_zone=ZONE
)
LATE = alert(1_790_078_520_000, learned_at_ms=1_790_087_400_000)
"""It happened at 14:02 in Ljubljana, and was learned at 16:30."""


async def sent(settings: SmtpSettings, *, link: str = "") -> Outcome:
    notifier = SmtpNotifier(settings, SystemClock(), link, 2.0, 4.0)
    return await notifier.notify(CHANNEL, Message("m", [LATE]))


def settings(sink: SmtpSink, **fields: Any) -> SmtpSettings:
    values = {"tls": "none", **fields}
    return SmtpSettings("127.0.0.1", sink.port, from_="fieldpost@example.org", **values)


async def test_a_mail_in_words() -> None:
    with SmtpSink() as sink:
        outcome = await sent(settings(sink), link="https://fieldpost.example.org/#/alerts")
        assert outcome.result is Result.SENT
        (mail,) = sink.mails
    message = mail.message
    assert (mail.sender, mail.recipients) == ("fieldpost@example.org", ("ana@example.org",))
    assert message["Subject"] == "Ana left School"
    assert message["Message-ID"] == "<m.c@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "happened 14:02, learned 16:30" in mail.text
    assert "learned late" in mail.text
    assert "https://fieldpost.example.org/#/alerts" in mail.text
    html = message.get_body(("html",))
    assert html is not None and "happened 14:02" in html.get_content()


async def test_encrypted_and_signed_in(tmp_path: Path) -> None:
    files = CertificateFiles.in_folder(tmp_path)
    files.make("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    with SmtpSink(context) as sink:
        given: dict[str, Any] = {"tls": "starttls", "user": "fieldpost", "password": "x"}
        trusting = settings(sink, ca_file=files.certificate, **given)
        assert (await sent(trusting)).result is Result.SENT
        assert [(mail.encrypted, mail.user) for mail in sink.mails] == [(True, "fieldpost")]
        # A certificate that nobody vouches for is not good enough, nor is no encryption at all.
        assert (await sent(settings(sink, **given))).result is Result.FAILED_FOR_NOW
    with SmtpSink() as plain:
        assert (await sent(settings(plain, **given))).result is Result.FAILED_FOR_NOW
        assert plain.mails == []


@pytest.mark.parametrize(
    ("verb", "answer", "result"),
    [
        ("RCPT", "550 no such user", Result.REFUSED),
        ("RCPT", "450 mailbox busy", Result.FAILED_FOR_NOW),
        (".", "554 spam", Result.REFUSED),
        (".", "452 no room", Result.FAILED_FOR_NOW),
        ("MAIL", "550 not from you", Result.FAILED_FOR_NOW),
        ("CONNECT", "421 too busy", Result.FAILED_FOR_NOW),
        ("EHLO", "nonsense", Result.FAILED_FOR_NOW),
    ],
)
async def test_what_the_server_says(verb: str, answer: str, result: Result) -> None:
    with SmtpSink() as sink:
        sink.answers[verb] = answer
        outcome = await sent(settings(sink))
    assert outcome.result is result
    assert outcome.detail


async def test_without_a_server_there_is_no_mail() -> None:
    outcome = await sent(SmtpSettings())
    assert outcome.result is Result.FAILED_FOR_NOW
    assert "not set up" in outcome.detail
