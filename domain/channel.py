"""Channels: the ways by which alerts reach people outside the dashboard."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from domain.refusals import FieldError
from domain.schedule import Schedule

MAX_NAME = 200
MAX_GATHER_S = 3_600.0


class ChannelKind(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    WEB_PUSH = "web_push"


class Digest(StrEnum):
    """How often what is not critical comes in one message; NONE is as it happens."""

    NONE = "none"
    HOURLY = "hourly"
    DAILY = "daily"


class ChannelState(StrEnum):
    OK = "ok"
    FAILING = "failing"
    PAUSED = "paused"
    """By us, after too many failures, until somebody resumes it."""
    OFF = "off"
    """By somebody of the account."""


@attrs.frozen
class Health:
    """What came of the last messages. Nothing is tried before `retry_at_ms` while it fails."""

    failures: int = 0
    failing_since_ms: int | None = None
    retry_at_ms: int = 0
    last_error: str = ""
    paused_at_ms: int | None = None
    tested_at_ms: int = 0


@attrs.frozen
class Channel:
    """`settings` are the kind's own: an address, a URL and its secret, a browser's subscription.

    Within the `quiet` hours of `time_zone` nothing is sent that is not critical. What comes
    within `gather_s` of each other is one message. A daily digest comes at `digest_hour`.
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
    digest: Digest = Digest.NONE
    digest_hour: int = 8
    health: Health = attrs.field(factory=Health)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def state(self) -> ChannelState:
        if not self.enabled:
            return ChannelState.OFF
        if self.health.paused_at_ms is not None:
            return ChannelState.PAUSED
        return ChannelState.FAILING if self.health.failures else ChannelState.OK

    @property
    def sends(self) -> bool:
        return self.state in (ChannelState.OK, ChannelState.FAILING)


def channel_errors(channel: Channel) -> list[FieldError]:
    """Why a channel cannot work, but for its kind's own settings. Its zone is known."""
    errors = []
    if not 1 <= len(channel.name) <= MAX_NAME:
        errors.append(FieldError("name", f"must have 1 to {MAX_NAME} characters"))
    if not 0.0 <= channel.gather_s <= MAX_GATHER_S:
        errors.append(FieldError("gather_s", f"must be between 0 and {MAX_GATHER_S:.0f}"))
    if not 0 <= channel.digest_hour <= 23:
        errors.append(FieldError("digest_hour", "must be between 0 and 23"))
    if channel.quiet is not None and loud_from(channel, channel.created_at_ms) is None:
        errors.append(FieldError("quiet", "must leave some hours of the week"))
    return errors


def loud_from(channel: Channel, time_ms: int) -> int | None:
    """The first time from this on that is not in the quiet hours; None when there is none."""
    return time_ms if channel.quiet is None else channel.quiet.turns(False, time_ms, channel.zone)
