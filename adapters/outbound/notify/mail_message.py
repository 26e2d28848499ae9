"""A message as mail: plain text, the same in simple HTML, and headers that hold one line each."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from html import escape

import attrs

from domain.alert import Alert
from domain.channel import Channel
from domain.notice import Message
from domain.notice_wording import TEST, subject, times

_MAX_SUBJECT = 200
_SENDER = "Fieldpost"


@attrs.frozen
class Letterhead:
    """What all our mail has in common. `link` leads to the alerts; empty where it is not known."""

    sender: str
    link: str


def mail(head: Letterhead, channel: Channel, message: Message, now_ms: int) -> EmailMessage:
    """Without a line break in any header, whatever names and texts hold."""
    made = EmailMessage(policy=SMTP)
    made["From"] = formataddr((_SENDER, head.sender))
    made["To"] = _line(channel.settings["to"])
    made["Subject"] = _line(subject(message))[:_MAX_SUBJECT]
    made["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, UTC))
    # The same however often it is sent: who gets it twice can see that it is one.
    made["Message-ID"] = f"<{message.id}.{channel.id}@{head.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    if message.critical:
        made["Importance"] = "high"
    made.set_content(_plain(head, channel, message))
    made.add_alternative(_html(head, channel, message), subtype="html")
    return made


def _plain(head: Letterhead, channel: Channel, message: Message) -> str:
    lines = [f"{_text(alert)}\n  {times(alert, channel.zone)}" for alert in message.alerts]
    parts = lines or [TEST]
    if head.link:
        parts.append(head.link)
    return "\n\n".join([*parts, _foot(channel)]) + "\n"


def _html(head: Letterhead, channel: Channel, message: Message) -> str:
    lines = [
        f"<p><strong>{escape(_text(alert))}</strong><br>{times(alert, channel.zone)}</p>"
        for alert in message.alerts
    ]
    parts = lines or [f"<p>{TEST}</p>"]
    if head.link:
        link = escape(head.link)
        parts.append(f'<p><a href="{link}">{link}</a></p>')
    parts.append(f"<p><small>{escape(_foot(channel))}</small></p>")
    return f"<!DOCTYPE html><html><body>{''.join(parts)}</body></html>\n"


def _text(alert: Alert) -> str:
    late = " (learned late)" if alert.late else ""
    return f"{_line(alert.text)} [{alert.severity}]{late}"


def _foot(channel: Channel) -> str:
    return f"Times are those of {channel.time_zone}. Channel: {_line(channel.name)}"


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
