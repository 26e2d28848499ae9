"""The notifiers of a platform, by kind of channel."""

from adapters.outbound.notify.outgoing import Outgoing
from adapters.outbound.notify.settings import NotifySettings
from adapters.outbound.notify.smtp import SmtpNotifier
from adapters.outbound.notify.web_push import WebPushNotifier
from adapters.outbound.notify.web_push_key import KeySource
from adapters.outbound.notify.webhook import WebhookNotifier
from application.ports.clock import Clock
from application.ports.notifier import Notifier
from domain.channel import ChannelKind


def notifiers(
    settings: NotifySettings, key: KeySource, public_url: str | None, clock: Clock
) -> dict[ChannelKind, Notifier]:
    """`key` is that of web push; `public_url` where people reach the dashboard, if it is known."""
    outgoing = Outgoing(settings.webhooks.to_private)
    link = f"{public_url}/#/alerts" if public_url else ""
    contact = settings.web_push.contact
    if not contact and settings.smtp.from_:
        contact = f"mailto:{settings.smtp.from_}"
    return {
        ChannelKind.EMAIL: SmtpNotifier(settings.smtp, clock, link),
        ChannelKind.WEBHOOK: WebhookNotifier(outgoing, clock),
        ChannelKind.WEB_PUSH: WebPushNotifier(outgoing, clock, key, contact, link or "/#/alerts"),
    }
