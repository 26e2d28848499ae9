"""Channels: the ways by which alerts reach people outside the dashboard."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import attrs

from domain.schedule import Schedule


class ChannelKind(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    WEB_PUSH = "web_push"


@attrs.frozen
class Channel:
    """`settings` are the kind's own: an address, a URL and its secret, a browser's subscription.

    Within the `quiet` hours of `time_zone` nothing is sent that is not critical. What comes
    within `gather_s` of each other is one message.
    """

    id: str
    account_id: str
    name: str
    kind: ChannelKind
    settings: Mapping[str, Any]
    created_at_ms: int
    enabled: bool = True
    gather_s: float = 30.0
    quiet: Schedule | None = None
    time_zone: str = "UTC"
