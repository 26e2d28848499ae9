"""Channels and deliveries as people and programs see them. Secrets are never among it."""

from typing import Any
from urllib.parse import urlsplit

from application.queries.views import schedule_view, time_or_none
from domain.channel import Channel, ChannelKind
from domain.delivery import Delivery
from domain.times import to_rfc3339


def channel_view(channel: Channel, *, whole: bool) -> dict[str, Any]:
    """Where it leads stands in it only for those who may change it (`whole`): a URL may hold a
    secret of its own.
    """
    health = channel.health
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind.value,
        channel.kind.value: _settings_view(channel, whole=whole),
        "enabled": channel.enabled,
        "state": channel.state.value,
        "failing_since": time_or_none(health.failing_since_ms),
        "failures": health.failures,
        "next_try_at": time_or_none(health.retry_at_ms or None),
        "last_error": health.last_error,
        "gather_s": channel.gather_s,
        "quiet": schedule_view(channel.quiet),
        "time_zone": channel.time_zone,
        "digest": channel.digest.value,
        "digest_hour": channel.digest_hour,
        "created_at": to_rfc3339(channel.created_at_ms),
    }


def _settings_view(channel: Channel, *, whole: bool) -> dict[str, Any]:
    if channel.kind is ChannelKind.EMAIL:
        return {"to": channel.settings["to"]}
    if channel.kind is ChannelKind.WEBHOOK:
        url = channel.settings["url"]
        return {"url": url if whole else _origin(url)}
    # Whoever has the whole of it could send to the browser.
    return {"service": _origin(channel.settings["endpoint"])}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def delivery_view(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "channel_id": delivery.channel_id,
        "alert_id": delivery.alert_id,
        "message_id": delivery.message_id,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "detail": delivery.detail,
        "created_at": to_rfc3339(delivery.created_at_ms),
        "due_at": to_rfc3339(delivery.due_at_ms),
        "ended_at": time_or_none(delivery.ended_at_ms),
    }
