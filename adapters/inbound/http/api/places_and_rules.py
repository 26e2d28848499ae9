"""Places and rules, as people draw and write them."""

from collections.abc import Callable
from typing import Any

import attrs
from litestar import Controller, delete, get, patch, post
from msgspec import UNSET

from adapters.inbound.http.api.parameters import listed
from adapters.inbound.http.api.requests import (
    PlaceBody,
    PlaceChange,
    RuleBody,
    RuleChange,
    ScheduleBody,
    ScopeBody,
    shape_of,
)
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.faults import Invalid, NotFound
from application.ports.configuration import ConfigurationTransaction
from application.queries.views import place_view, rule_view
from application.use_cases.manage_rules import RuleDraft
from domain.account import Person
from domain.device import Device
from domain.place import Place
from domain.refusals import FieldError
from domain.rules.condition import Condition, parse_condition
from domain.rules.rule import Rule, Scope
from domain.schedule import Schedule


class PlacesController(Controller):
    path = "/api/v1/places"
    tags = ("places",)

    @get("/", summary="All places of the account")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            places = await tx.places.matching(actor.account_id)
        return listed([place_view(place) for place in places])

    @post("/", summary="Add a place: a circle or a polygon")
    async def add(self, data: PlaceBody, actor: Actor, services: Services) -> dict[str, Any]:
        shape = shape_of(data, needed=True)
        assert shape is not None
        return place_view(await services.manage_places.add(actor, data.name, shape))

    @patch("/{place_id:str}", summary="Change a place's name or shape")
    async def change(
        self, place_id: str, data: PlaceChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        shape = shape_of(data, needed=False)
        place = await services.manage_places.change(actor, place_id, data.name, shape)
        return place_view(place)

    @delete("/{place_id:str}", status_code=204, summary="Remove a place that no rule needs")
    async def remove(self, place_id: str, actor: Actor, services: Services) -> None:
        await services.manage_places.remove(actor, place_id)


class RulesController(Controller):
    path = "/api/v1/rules"
    tags = ("rules",)

    @get("/", summary="All rules, each with its sentence")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            rules = await tx.rules.matching(actor.account_id)
            names = await _names(tx, actor.account_id)
        return listed([rule_view(rule, names) for rule in rules])

    @post("/", summary="Add a rule")
    async def add(self, data: RuleBody, actor: Actor, services: Services) -> dict[str, Any]:
        draft = RuleDraft(
            name=data.name,
            scope=_scope(data.scope),
            when=_condition(data.when),
            hold_s=data.hold_s,
            clear_s=data.clear_s,
            schedule=_schedule(data.schedule),
            cooldown_s=data.cooldown_s,
            severity=data.severity,
            channels=tuple(data.channels),
            enabled=data.enabled,
        )
        return await _view(services, await services.manage_rules.add(actor, draft))

    @patch("/{rule_id:str}", summary="Change a rule, or pause it with `enabled: false`")
    async def change(
        self, rule_id: str, data: RuleChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            rule = await tx.rules.get(actor.account_id, rule_id)
        if rule is None:
            raise NotFound("there is no such rule")
        draft = _changed(rule, data)
        return await _view(services, await services.manage_rules.change(actor, rule_id, draft))

    @delete("/{rule_id:str}", status_code=204, summary="Remove a rule; its alerts stay")
    async def remove(self, rule_id: str, actor: Actor, services: Services) -> None:
        await services.manage_rules.remove(actor, rule_id)


def _changed(rule: Rule, data: RuleChange) -> RuleDraft:
    """The rule as it was, with the fields that were sent."""
    values: dict[str, Any] = {
        field.name: getattr(rule, field.name) for field in attrs.fields(RuleDraft)
    }
    readers: dict[str, Callable[[Any], Any]] = {
        "scope": _scope,
        "when": _condition,
        "schedule": _schedule,
        "channels": tuple,
    }
    for name in values:
        sent = getattr(data, name)
        if sent is not UNSET:
            values[name] = readers[name](sent) if name in readers else sent
    return RuleDraft(**values)


def _scope(body: ScopeBody) -> Scope:
    return Scope(tuple(dict.fromkeys(body.people)), tuple(dict.fromkeys(body.devices)))


def _schedule(body: ScheduleBody | None) -> Schedule | None:
    return body.schedule() if body else None


def _condition(when: dict[str, Any]) -> Condition:
    condition = parse_condition(when)
    if isinstance(condition, FieldError):
        raise Invalid.of([condition])
    return condition


async def _view(services: Services, rule: Rule) -> dict[str, Any]:
    async with services.configuration.reading() as tx:
        return rule_view(rule, await _names(tx, rule.account_id))


async def _names(tx: ConfigurationTransaction, account_id: str) -> dict[str, str]:
    """People, devices and places by id, for sentences."""
    named: list[Person | Device | Place] = [*await tx.people.matching(account_id)]
    named += await tx.devices.matching(account_id)
    named += await tx.places.matching(account_id)
    return {one.id: one.name for one in named}
