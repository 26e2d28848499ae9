"""Rules: made, changed, paused and removed."""

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from domain.refusals import FieldError
from domain.rules.condition import Condition
from domain.rules.rule import Rule, Scope, Severity, rule_errors
from domain.schedule import Schedule

MAX_RULES = 500


@attrs.frozen
class RuleDraft:
    """A rule as a person wrote it."""

    name: str
    scope: Scope
    when: Condition
    hold_s: float
    clear_s: float
    schedule: Schedule | None
    cooldown_s: float
    severity: Severity
    channels: tuple[str, ...]
    enabled: bool


@attrs.frozen
class ManageRules:
    configuration: Configuration
    directory: DeviceDirectory
    clock: Clock

    async def add(self, actor: Actor, draft: RuleDraft) -> Rule:
        actor.must_change()
        now_ms = self.clock.now_ms()
        rule = Rule(
            id=new_id(now_ms),
            account_id=actor.account_id,
            created_at_ms=now_ms,
            **attrs.asdict(draft, recurse=False),
        )
        async with self.configuration.changing() as tx:
            if len(await tx.rules.matching(actor.account_id)) >= MAX_RULES:
                raise Conflict(f"an account has {MAX_RULES} rules at most")
            await _check(tx, rule)
            await tx.rules.add(rule)
            await tx.audit.add(actor.entry(now_ms, "rule.add", rule.id, rule.name))
        self.directory.changed(actor.account_id)
        return rule

    async def change(self, actor: Actor, rule_id: str, draft: RuleDraft) -> Rule:
        """A change of what is judged starts the rule anew; a new name does not."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            old = await _rule(tx, actor, rule_id)
            rule = attrs.evolve(old, **attrs.asdict(draft, recurse=False))
            told_apart = attrs.evolve(rule, name=old.name, severity=old.severity)
            if told_apart != old:
                rule = attrs.evolve(rule, version=old.version + 1)
            await _check(tx, rule)
            await tx.rules.replace(rule)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "rule.change", rule.id, rule.name))
        self.directory.changed(actor.account_id)
        return rule

    async def remove(self, actor: Actor, rule_id: str) -> None:
        """The alerts that it raised stay."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            rule = await _rule(tx, actor, rule_id)
            await tx.rules.remove(actor.account_id, rule_id)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "rule.remove", rule.id, rule.name))
        self.directory.changed(actor.account_id)


async def _rule(tx: ConfigurationTransaction, actor: Actor, rule_id: str) -> Rule:
    rule = await tx.rules.get(actor.account_id, rule_id)
    if rule is None:
        raise NotFound("there is no such rule")
    return rule


async def _check(tx: ConfigurationTransaction, rule: Rule) -> None:
    places = {place.id: place.name for place in await tx.places.matching(rule.account_id)}
    people = {person.id for person in await tx.people.matching(rule.account_id)}
    devices = {device.id for device in await tx.devices.matching(rule.account_id)}
    errors = rule_errors(rule, places)
    errors += [
        FieldError("scope.people", f"there is no person {one}")
        for one in rule.scope.people
        if one not in people
    ]
    errors += [
        FieldError("scope.devices", f"there is no device {one}")
        for one in rule.scope.devices
        if one not in devices
    ]
    if errors:
        raise Invalid.of(errors)
