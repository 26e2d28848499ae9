"""Devices: how they enrol, what they are asked for, where they have been."""

from typing import Annotated, Any

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.params import Parameter

from adapters.inbound.http.api.enrolment_links import code_json, token_json
from adapters.inbound.http.api.parameters import Cursor, From, Limit, To, listed, range_ms
from adapters.inbound.http.api.requests import (
    DeviceBody,
    DeviceChange,
    PolicyBody,
    PullRequestBody,
    TokenBody,
    moment_ms,
)
from adapters.inbound.http.services import HttpSettings, Services
from application.actor import Actor
from application.queries.look_at_devices import MAX_POINTS
from application.queries.views import collection_view, pull_request_view, token_view
from domain.intake_line import KEPT_DAYS
from domain.kinds import Kind
from domain.policy import Collection, PolicySettings


class DevicesController(Controller):
    path = "/api/v1/devices"
    tags = ("devices",)

    @get("/", summary="All devices with their latest values and health")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        return listed(await services.look_at_devices.all(actor))

    @post("/", summary="Add a device that a person carries")
    async def add(self, data: DeviceBody, actor: Actor, services: Services) -> dict[str, Any]:
        device = await services.manage_devices.add(actor, data.person_id, data.name, data.platform)
        return await services.look_at_devices.one(actor, device.id)

    @get("/{device_id:str}", summary="A device: latest of each kind, health")
    async def one(self, device_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        return await services.look_at_devices.one(actor, device_id)

    @patch("/{device_id:str}", summary="Change a device's name or who carries it")
    async def change(
        self, device_id: str, data: DeviceChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        await services.manage_devices.change(actor, device_id, data.name, data.person_id)
        return await services.look_at_devices.one(actor, device_id)

    @delete("/{device_id:str}", status_code=204, summary="Retire a device; its history stays")
    async def retire(self, device_id: str, actor: Actor, services: Services) -> None:
        await services.manage_devices.retire(actor, device_id)

    @post("/{device_id:str}/enrolment", summary="A one-time code for a Fieldpost agent")
    async def enrolment(
        self, device_id: str, actor: Actor, services: Services, settings: HttpSettings
    ) -> dict[str, Any]:
        issued = await services.enrol_device.issue_code(actor, device_id)
        return code_json(issued, settings.public_url)

    @post("/{device_id:str}/tokens", summary="A token for an agent that people already have")
    async def token(
        self,
        device_id: str,
        data: TokenBody,
        actor: Actor,
        services: Services,
        settings: HttpSettings,
    ) -> dict[str, Any]:
        issued = await services.enrol_device.issue_token(actor, device_id, data.agent)
        return token_json(issued, settings.public_url)

    @get("/{device_id:str}/tokens", summary="The device's credentials, without their secrets")
    async def tokens(self, device_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        await services.look_at_devices.one(actor, device_id)
        async with services.configuration.reading() as tx:
            tokens = await tx.credentials.matching(actor.account_id, device_id=device_id)
        return listed([token_view(token) for token in tokens])

    @delete("/{device_id:str}/tokens/{token_id:str}", status_code=204, summary="Revoke a token")
    async def revoke(self, device_id: str, token_id: str, actor: Actor, services: Services) -> None:
        await services.enrol_device.revoke_token(actor, device_id, token_id)

    @get("/{device_id:str}/policy", summary="What the device shall collect, consent aside")
    async def policy(self, device_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        device = await services.look_at_devices.one(actor, device_id)
        async with services.configuration.reading() as tx:
            settings = await tx.policies.get(actor.account_id, device_id)
        settings = settings or PolicySettings(device_id, actor.account_id)
        return _policy_json(device["policy_version"], settings)

    @put("/{device_id:str}/policy", summary="Change what the device shall collect")
    async def set_policy(
        self, device_id: str, data: PolicyBody, actor: Actor, services: Services
    ) -> dict[str, Any]:
        kinds = {kind: Collection(c.enabled, c.interval_s) for kind, c in data.kinds.items()}
        device, settings = await services.manage_devices.set_policy(actor, device_id, kinds)
        return _policy_json(device.policy_version, settings)

    @post("/{device_id:str}/pull-requests", summary="Ask the device for data")
    async def request(
        self, device_id: str, data: PullRequestBody, actor: Actor, services: Services
    ) -> dict[str, Any]:
        request = await services.request_data(
            actor,
            device_id,
            data.kind,
            moment_ms(data.start, "from"),
            moment_ms(data.end, "to"),
            data.limit,
        )
        return pull_request_view(request)

    @get("/{device_id:str}/pull-requests", summary="What the device was asked for")
    async def requests(self, device_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        await services.look_at_devices.one(actor, device_id)
        async with services.configuration.reading() as tx:
            requests = await tx.pull_requests.matching(actor.account_id, device_id=device_id)
        return listed([pull_request_view(request) for request in reversed(requests[-200:])])

    @get("/{device_id:str}/intake", summary="What the device brought lately, by day and kind")
    async def intake(
        self,
        device_id: str,
        actor: Actor,
        services: Services,
        days: Annotated[int, Parameter(ge=1, le=KEPT_DAYS)] = 7,
    ) -> dict[str, Any]:
        """Counts of batches and observations. Days are the person's; today is as of seconds ago.
        Where it could not be told what something was, `kind` is null.
        """
        return listed(await services.look_at_intake(actor, device_id, days))

    @get("/{device_id:str}/track", summary="Where the device was, as columns")
    async def track(
        self,
        device_id: str,
        actor: Actor,
        services: Services,
        start: From,
        end: To,
        max_points: Annotated[int, Parameter(ge=2, le=MAX_POINTS)] = 2_000,
        left_out: bool = False,
    ) -> Response[bytes]:
        from_ms, to_ms = range_ms(start, end)
        look = services.look_at_devices
        told = look.left_out if left_out else look.track
        track = await told(actor, device_id, from_ms, to_ms, max_points)
        return Response(track, media_type="application/json")

    @get("/{device_id:str}/observations/{kind:str}", summary="Single observations of a kind")
    async def observations(
        self,
        device_id: str,
        kind: Kind,
        actor: Actor,
        services: Services,
        start: From,
        end: To,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response[bytes]:
        from_ms, to_ms = range_ms(start, end)
        page = await services.look_at_devices.observations(
            actor, device_id, kind, from_ms, to_ms, cursor, limit
        )
        cursor_json = f'"{page.next_cursor}"' if page.next_cursor else "null"
        body = b'{"items":[%s],"next_cursor":%s}' % (b",".join(page.items), cursor_json.encode())
        return Response(body, media_type="application/json")


def _policy_json(version: int, settings: PolicySettings) -> dict[str, Any]:
    return {
        "version": version,
        "kinds": {kind.value: collection_view(settings.of(kind)) for kind in Kind},
    }
