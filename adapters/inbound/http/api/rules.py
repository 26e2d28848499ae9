"""Rules, as people write them."""

import asyncio
from collections.abc import Callable
from typing import Any

import attrs
from litestar import Controller, Response, delete, get, patch, post
from msgspec import UNSET

from adapters.inbound.http.api.parameters import listed
from adapters.inbound.http.api.requests import (
    BacktestBody,
    RuleBody,
    RuleChange,
    RuleScheduleBody,
    ScopeBody,
)
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.faults import Invalid, NotFound
from application.ports.configuration import ConfigurationTransaction
from application.queries.views import job_view, rule_view, template_view
from application.use_cases.manage_rules import RuleDraft, warnings
from domain.account import Person
from domain.calendar import Calendar
from domain.device import Device
from domain.place import Place
from domain.refusals import FieldError
from domain.rules.condition import Condition
from domain.rules.parsing import parse_condition
from domain.rules.rule import Rule, Scope
from domain.rules.templates import TEMPLATES
from domain.schedule import Schedule

_LOOK_EVERY_S = 0.05


class RulesController(Controller):
    path = "/api/v1/rules"
    tags = ("rules",)

    @get("/", summary="All rules, each with its sentence")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            rules = await tx.rules.matching(actor.account_id)
            names = await _names(tx, actor.account_id)
        return listed([rule_view(rule, names) for rule in rules])

    @get("/templates", summary="Rules to start from, each with its sentence")
    async def templates(self, actor: Actor) -> dict[str, Any]:
        return listed([template_view(template) for template in TEMPLATES])

    @post("/check", status_code=200, summary="What a rule would be and say, without keeping it")
    async def check(self, data: RuleBody, actor: Actor, services: Services) -> dict[str, Any]:
        rule = await services.manage_rules.check(actor, draft_of(data))
        view = await _view(services, rule)
        return {name: view[name] for name in ("sentence", "nature", "when", "warnings")}

    @post("/", summary="Add a rule")
    async def add(self, data: RuleBody, actor: Actor, services: Services) -> dict[str, Any]:
        rule = await services.manage_rules.add(actor, draft_of(data))
        return await _view(services, rule)

    @post("/backtest", status_code=202, summary="What would this rule, or these rules, have done?")
    async def backtest(self, data: BacktestBody, actor: Actor, services: Services) -> Response[Any]:
        """A job whose `result` has the alerts. Within `wait_s` it is answered when it has ended."""
        if (data.rule is None) is (data.rules is None):
            raise Invalid.of([FieldError("rule", "give a rule, or several as rules")])
        asked = data.rules or ([data.rule] if data.rule else [])
        drafts = [draft_of(one) for one in asked]
        job = await services.backtest_rule.begin(actor, drafts, data.days)
        until = asyncio.get_running_loop().time() + data.wait_s
        while not job.ended and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOK_EVERY_S)
            job = await services.manage_jobs.one(actor, job.id)
        return Response(job_view(job), status_code=200 if job.ended else 202)

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


def draft_of(data: RuleBody) -> RuleDraft:
    """Raises Invalid for a condition that cannot be read."""
    return RuleDraft(
        name=data.name,
        scope=_scope(data.scope),
        when=_condition(data.when),
        hold_s=data.hold_s,
        clear_s=data.clear_s,
        schedule=_schedule(data.schedule),
        cooldown_s=data.cooldown_s,
        severity=data.severity,
        channels=tuple(dict.fromkeys(data.channels)),
        enabled=data.enabled,
        also_now=data.also_now,
    )


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


def _schedule(body: RuleScheduleBody | None) -> Schedule | None:
    return body.schedule() if body else None


def _condition(when: dict[str, Any]) -> Condition:
    condition = parse_condition(when)
    if isinstance(condition, FieldError):
        raise Invalid.of([condition])
    return condition


async def _view(services: Services, rule: Rule) -> dict[str, Any]:
    async with services.configuration.reading() as tx:
        view = rule_view(rule, await _names(tx, rule.account_id))
        doubtful = await warnings(tx, rule)
    return {**view, "warnings": [attrs.asdict(one) for one in doubtful]}


async def _names(tx: ConfigurationTransaction, account_id: str) -> dict[str, str]:
    """People, devices, places and calendars by id, for sentences."""
    named: list[Person | Device | Place | Calendar] = [*await tx.people.matching(account_id)]
    named += await tx.devices.matching(account_id)
    named += await tx.places.matching(account_id)
    named += await tx.calendars.matching(account_id)
    return {one.id: one.name for one in named}
