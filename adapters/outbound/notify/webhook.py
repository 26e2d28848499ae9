"""Signed webhooks, as the Standard Webhooks specification has them: see docs/webhooks.md."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import attrs
import msgspec
from standardwebhooks import Webhook

from adapters.outbound.notify.outgoing import Outgoing
from application.ports.clock import Clock
from application.queries.views import alert_view
from domain.channel import Channel
from domain.notice import Message, Outcome
from domain.notice_wording import subject
from domain.refusals import FieldError
from domain.times import to_rfc3339

_GONE = frozenset({410})


@attrs.frozen
class WebhookNotifier:
    outgoing: Outgoing
    clock: Clock

    def settings_errors(self, settings: Mapping[str, Any]) -> list[FieldError]:
        wrong = self.outgoing.url_error(settings["url"])
        return [] if wrong is None else [FieldError("url", wrong)]

    async def notify(self, channel: Channel, message: Message) -> Outcome:
        now_ms = self.clock.now_ms()
        body = _body(channel, message, now_ms)
        headers = {
            "content-type": "application/json",
            "user-agent": "fieldpost",
            "webhook-id": message.id,
            "webhook-timestamp": str(now_ms // 1000),
            "webhook-signature": " ".join(
                _signature(secret, message.id, now_ms, body)
                for secret in _secrets(channel.settings, now_ms)
            ),
        }
        return await self.outgoing.post(channel.settings["url"], headers, body.encode(), _GONE)


def _body(channel: Channel, message: Message, now_ms: int) -> str:
    content = {
        "type": "alerts.raised" if message.alerts else "test",
        "timestamp": to_rfc3339(now_ms),
        "data": {
            "account_id": channel.account_id,
            "channel_id": channel.id,
            "summary": subject(message),
            "alerts": [alert_view(alert) for alert in message.alerts],
        },
    }
    return msgspec.json.encode(content).decode()


def _secrets(settings: Mapping[str, Any], now_ms: int) -> list[str]:
    """The secret, and for a while after it was renewed the one before it."""
    old = settings.get("old_secret")
    if old is None or settings.get("old_until_ms", 0) <= now_ms:
        return [settings["secret"]]
    return [settings["secret"], old]


def _signature(secret: str, message_id: str, now_ms: int, body: str) -> str:
    moment = datetime.fromtimestamp(now_ms // 1000, UTC)
    return Webhook(secret).sign(message_id, moment, body)
