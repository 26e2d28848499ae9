"""Channels, and what they were told of alerts."""

from typing import Any

import attrs
from litestar import Controller, delete, get, patch, post
from msgspec import UNSET

from adapters.inbound.http.api.channel_bodies import ChannelBody, ChannelChange, settings_of
from adapters.inbound.http.api.parameters import Cursor, Limit, listed, page_json
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.faults import Invalid, NotFound
from application.queries.channel_views import channel_view, delivery_view
from application.use_cases.manage_channels import ChannelDraft
from domain.channel import Channel
from domain.notice import Result
from domain.refusals import FieldError


class ChannelsController(Controller):
    path = "/api/v1/channels"
    tags = ("channels",)

    @get("/", summary="All channels, each with its state")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        channels = await services.manage_channels.all(actor)
        return listed([_view(actor, channel) for channel in channels])

    @post("/", summary="Add a channel; the secret of a webhook is shown this once")
    async def add(self, data: ChannelBody, actor: Actor, services: Services) -> dict[str, Any]:
        where = settings_of(data)
        if where is None:
            raise Invalid.of([FieldError("email", "give email, webhook or web_push")])
        draft = ChannelDraft(
            name=data.name.strip(),
            kind=where[0],
            settings=where[1],
            enabled=data.enabled,
            gather_s=data.gather_s,
            quiet=data.quiet.schedule() if data.quiet else None,
            time_zone=data.time_zone,
            digest=data.digest,
            digest_hour=data.digest_hour,
        )
        return _with_secret(actor, await services.manage_channels.add(actor, draft))

    @get("/{channel_id:str}", summary="A channel and its state")
    async def one(self, channel_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        return _view(actor, await services.manage_channels.one(actor, channel_id))

    @patch("/{channel_id:str}", summary="Change a channel, or turn it off with `enabled: false`")
    async def change(
        self, channel_id: str, data: ChannelChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        old = await services.manage_channels.one(actor, channel_id)
        changed = await services.manage_channels.change(actor, channel_id, _changed(old, data))
        return _view(actor, changed)

    @delete("/{channel_id:str}", status_code=204, summary="Remove a channel that no rule needs")
    async def remove(self, channel_id: str, actor: Actor, services: Services) -> None:
        await services.manage_channels.remove(actor, channel_id)

    @post("/{channel_id:str}/secret", summary="A new secret for a webhook, shown this once")
    async def secret(self, channel_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        return _with_secret(actor, await services.manage_channels.renew_secret(actor, channel_id))

    @post("/{channel_id:str}/resume", status_code=200, summary="Try a failing channel again")
    async def resume(self, channel_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        return _view(actor, await services.manage_channels.resume(actor, channel_id))

    @post("/{channel_id:str}/test", status_code=200, summary="Send a test message now")
    async def test(self, channel_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        outcome = await services.manage_channels.test(actor, channel_id)
        return {"sent": outcome.result is Result.SENT, "detail": outcome.detail}

    @get("/{channel_id:str}/deliveries", summary="What became of alerts on it, newest first")
    async def deliveries(
        self,
        channel_id: str,
        actor: Actor,
        services: Services,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        page = await services.manage_channels.deliveries(actor, channel_id, cursor, limit)
        return page_json(page, delivery_view)


class DeliveriesController(Controller):
    path = "/api/v1"
    tags = ("channels",)

    @post("/deliveries/{delivery_id:str}/resend", status_code=202, summary="Send it once more")
    async def resend(self, delivery_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        return delivery_view(await services.manage_channels.resend(actor, delivery_id))

    @get("/web-push/key", summary="The key that a browser subscribes with")
    async def key(self, actor: Actor, services: Services) -> dict[str, Any]:
        key = services.web_push_key()
        if key is None:
            raise NotFound("web push is not set up on this platform")
        return {"public_key": key}


def _changed(old: Channel, data: ChannelChange) -> ChannelDraft:
    """The channel as it was, with the fields that were sent."""
    values: dict[str, Any] = {
        field.name: getattr(old, field.name) for field in attrs.fields(ChannelDraft)
    }
    where = settings_of(data)
    values["kind"], values["settings"] = where or (old.kind, {})
    for name in ("name", "enabled", "gather_s", "time_zone", "digest", "digest_hour"):
        sent = getattr(data, name)
        if sent is not UNSET:
            values[name] = sent
    values["name"] = values["name"].strip()
    if data.quiet is not UNSET:
        values["quiet"] = data.quiet.schedule() if data.quiet else None
    return ChannelDraft(**values)


def _view(actor: Actor, channel: Channel) -> dict[str, Any]:
    return channel_view(channel, whole=actor.role.may_change)


def _with_secret(actor: Actor, channel: Channel) -> dict[str, Any]:
    secret = channel.settings.get("secret")
    return _view(actor, channel) | ({} if secret is None else {"secret": secret})
