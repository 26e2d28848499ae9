"""What a channel was told of an alert, and what came of it."""

from enum import StrEnum

import attrs


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    """It was not meant to be: the alert is late, or the channel does not send."""


@attrs.frozen
class Delivery:
    """One alert on one channel: the id follows from both, so that it is there once.

    It is tried at `due_at_ms`; `claimed_until_ms` is until when somebody is at it. Those that
    went out together have a `message_id`, which stays the same however often they are tried.
    """

    id: str
    account_id: str
    channel_id: str
    alert_id: str
    created_at_ms: int
    due_at_ms: int
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    claimed_until_ms: int = 0
    ended_at_ms: int | None = None
    detail: str = ""
    message_id: str | None = None


def delivery_id(alert_id: str, channel_id: str) -> str:
    return f"{alert_id}.{channel_id}"
