"""Messages to browsers through their push services: encrypted for the browser, signed by us."""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import attrs
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.outbound.notify.outgoing import Outgoing
from adapters.outbound.notify.web_push_key import KeySource, WebPushKey
from application.faults import StoreBroken
from application.ports.clock import Clock
from domain.channel import Channel
from domain.notice import Message, Outcome, Result
from domain.notice_wording import subject, times
from domain.refusals import FieldError

_GONE = frozenset({404, 410})
_KEPT_S = 86_400
_TOKEN_S = 12 * 3_600
_MAX_LINES = 5
_MAX_TITLE = 200
_MAX_BYTES = 3_900
"""Of 4,096 the encryption takes about a hundred."""

_POINT_BYTES = 65
_SECRET_BYTES = 16
_NO_CONTACT = "mailto:fieldpost@localhost"


@attrs.frozen
class WebPushNotifier:
    """`contact` is where push services reach the operator, `link` what a click opens."""

    outgoing: Outgoing
    clock: Clock
    key: KeySource
    contact: str
    link: str

    def settings_errors(self, settings: Mapping[str, Any]) -> list[FieldError]:
        if self.key() is None:
            return [FieldError("", "web push is not set up on this platform")]
        errors = []
        wrong = self.outgoing.url_error(settings["endpoint"])
        if wrong is not None:
            errors.append(FieldError("endpoint", wrong))
        if not _is_point(settings["p256dh"]):
            errors.append(FieldError("keys.p256dh", "is not a browser's public key"))
        if len(_decoded(settings["auth"])) != _SECRET_BYTES:
            errors.append(FieldError("keys.auth", "is not a browser's secret"))
        return errors

    async def notify(self, channel: Channel, message: Message) -> Outcome:
        try:
            key = self.key()
        except StoreBroken as error:
            return Outcome(Result.FAILED_FOR_NOW, str(error))
        if key is None:
            return Outcome(Result.FAILED_FOR_NOW, "web push is not set up on this platform")
        # It takes milliseconds, and what it needs takes a while to be loaded the first time.
        body, signed = await asyncio.to_thread(self._sealed, key, channel, message)
        headers = {
            **signed,
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(_KEPT_S),
            "urgency": "high" if message.critical else "normal",
        }
        return await self.outgoing.post(channel.settings["endpoint"], headers, body, _GONE)

    def _sealed(
        self, key: WebPushKey, channel: Channel, message: Message
    ) -> tuple[bytes, dict[str, str]]:
        # It brings an HTTP client of its own: not for those who never send a web push.
        from pywebpush import Vapid, WebPusher

        settings = channel.settings
        keys = {"p256dh": settings["p256dh"], "auth": settings["auth"]}
        pusher = WebPusher({"endpoint": settings["endpoint"], "keys": keys})
        body: bytes = pusher.encode(_content(channel, message, self.link))["body"]
        endpoint = urlsplit(settings["endpoint"])
        claims = {
            "aud": f"{endpoint.scheme}://{endpoint.netloc}",
            "exp": self.clock.now_ms() // 1000 + _TOKEN_S,
            "sub": self.contact or _NO_CONTACT,
        }
        vapid = Vapid.from_raw(key.text.encode())
        vapid.conf = {"no-strict": True}  # else it has ideas of its own about addresses
        signed: dict[str, str] = vapid.sign(claims)
        return body, signed


def _content(channel: Channel, message: Message, link: str) -> bytes:
    """With as many alerts as a push service takes."""
    for shown in range(min(len(message.alerts), _MAX_LINES), 0, -1):
        content = _with(shown, channel, message, link)
        if len(content) <= _MAX_BYTES:
            return content
    return _with(0, channel, message, link)


def _with(shown: int, channel: Channel, message: Message, link: str) -> bytes:
    """What the service worker shows. `tag` lets a message that comes twice be shown once."""
    alerts = message.alerts[:shown]
    lines = [f"{alert.text} ({times(alert, channel.zone)})" for alert in alerts]
    if len(message.alerts) > shown:
        lines.append(f"and {len(message.alerts) - shown} more")
    content = {
        "title": subject(message)[:_MAX_TITLE],
        "body": "\n".join(lines),
        "tag": message.id,
        "url": link,
        "critical": message.critical,
        "alert_ids": [alert.id for alert in alerts],
    }
    return msgspec.json.encode(content)


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _is_point(text: str) -> bool:
    raw = _decoded(text)
    if len(raw) != _POINT_BYTES:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return True
