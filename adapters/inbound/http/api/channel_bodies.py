"""The bodies that calls about channels take, with their bounds."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, field

from adapters.inbound.http.api.requests import Body, Name, ScheduleBody
from application.faults import Invalid
from domain.channel import ChannelKind, Digest
from domain.refusals import FieldError

Zone = Annotated[str, Meta(max_length=64)]
Hour = Annotated[int, Meta(ge=0, le=23)]
Seconds = Annotated[float, Meta(ge=0, le=3_600)]
Url = Annotated[str, Meta(min_length=1, max_length=2_000)]
Key = Annotated[str, Meta(min_length=1, max_length=200)]


class EmailBody(Body):
    to: Annotated[str, Meta(min_length=3, max_length=254)]


class WebhookBody(Body):
    url: Url


class SubscriptionKeys(Body):
    p256dh: Key
    auth: Key


class SubscriptionBody(Body):
    """What a browser's PushSubscription says of itself."""

    endpoint: Url
    keys: SubscriptionKeys
    expires_ms: float | None = field(name="expirationTime", default=None)


class ChannelBody(Body):
    """One of `email`, `webhook` and `web_push` says of which kind it is."""

    name: Name
    email: EmailBody | None = None
    webhook: WebhookBody | None = None
    web_push: SubscriptionBody | None = None
    enabled: bool = True
    gather_s: Seconds = 30
    quiet: ScheduleBody | None = None
    time_zone: Zone = "UTC"
    digest: Digest = Digest.NONE
    digest_hour: Hour = 8


class ChannelChange(Body):
    """What is left out stays as it is; `quiet: null` takes the quiet hours away."""

    name: Name | UnsetType = UNSET
    email: EmailBody | None = None
    webhook: WebhookBody | None = None
    web_push: SubscriptionBody | None = None
    enabled: bool | UnsetType = UNSET
    gather_s: Seconds | UnsetType = UNSET
    quiet: ScheduleBody | None | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET
    digest: Digest | UnsetType = UNSET
    digest_hour: Hour | UnsetType = UNSET


def settings_of(body: ChannelBody | ChannelChange) -> tuple[ChannelKind, dict[str, Any]] | None:
    """Where it leads; None where it does not say. Raises Invalid when it says it twice."""
    said: list[tuple[ChannelKind, dict[str, Any]]] = []
    if body.email is not None:
        said.append((ChannelKind.EMAIL, {"to": body.email.to}))
    if body.webhook is not None:
        said.append((ChannelKind.WEBHOOK, {"url": body.webhook.url}))
    if body.web_push is not None:
        keys = body.web_push.keys
        where = {"endpoint": body.web_push.endpoint, "p256dh": keys.p256dh, "auth": keys.auth}
        said.append((ChannelKind.WEB_PUSH, where))
    if len(said) > 1:
        raise Invalid.of([FieldError(said[1][0].value, "a channel is of one kind")])
    return said[0] if said else None
