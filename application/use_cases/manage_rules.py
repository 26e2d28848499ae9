"""Rules: made, changed, paused and removed."""

from collections.abc import Iterable
from typing import Protocol

import attrs

from application.account_categories import categories_of
from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from application.ports.expression_language import ExpressionLanguage
from application.use_cases.watch_silence import WatchSilence
from domain.device import DeviceStatus
from domain.kinds import Kind
from domain.policy import PolicySettings
from domain.refusals import FieldError
from domain.rules.checks import Known, rule_errors, rule_warnings
from domain.rules.condition import Condition, Expression, UsedOver, leaves, spelled_out
from domain.rules.rule import Rule, Scope, Severity
from domain.schedule import Schedule

MAX_RULES = 500
MAX_CONDITIONS = 1_500
"""Single conditions of all rules of an account, early warnings counted: what each remembers of a
device, in both lines of its history, has to fit into one item of the store.
"""

_JUDGED = ("scope", "when", "hold_s", "clear_s", "schedule", "enabled", "also_now")
"""What decides when a rule is fulfilled. The rest is about telling: it goes on with what is so."""


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
    also_now: bool = False


@attrs.frozen
class ManageRules:
    configuration: Configuration
    directory: DeviceDirectory
    expressions: ExpressionLanguage
    clock: Clock
    watch_silence: WatchSilence

    async def add(self, actor: Actor, draft: RuleDraft) -> Rule:
        actor.must_change()
        rule = self._new(actor, draft)
        async with self.configuration.changing() as tx:
            if len(await tx.rules.matching(actor.account_id)) >= MAX_RULES:
                raise Conflict(f"an account has {MAX_RULES} rules at most")
            await self._check(tx, rule)
            await _check_room(tx, rule)
            await tx.rules.add(rule)
            await tx.audit.add(actor.entry(rule.created_at_ms, "rule.add", rule.id, rule.name))
        self.directory.changed(actor.account_id)
        await self.watch_silence(rule)
        return rule

    async def change(self, actor: Actor, rule_id: str, draft: RuleDraft) -> Rule:
        """A change of what is judged starts the rule anew; another name does not, and neither do
        other channels.
        """
        actor.must_change()
        async with self.configuration.changing() as tx:
            old = await _rule(tx, actor, rule_id)
            rule = attrs.evolve(old, **attrs.asdict(draft, recurse=False))
            if any(getattr(rule, field) != getattr(old, field) for field in _JUDGED):
                rule = attrs.evolve(rule, version=old.version + 1)
            await self._check(tx, rule)
            await _check_room(tx, rule)
            await tx.rules.replace(rule)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "rule.change", rule.id, rule.name))
        self.directory.changed(actor.account_id)
        if rule.version != old.version:
            await self.watch_silence(rule)
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

    async def check(self, actor: Actor, draft: RuleDraft) -> Rule:
        """The rule that it would be, and is not kept. Raises Invalid."""
        actor.must_change()
        rule = self._new(actor, draft)
        async with self.configuration.reading() as tx:
            await self._check(tx, rule)
        return rule

    def _new(self, actor: Actor, draft: RuleDraft) -> Rule:
        now_ms = self.clock.now_ms()
        return Rule(
            id=new_id(now_ms),
            account_id=actor.account_id,
            created_at_ms=now_ms,
            **attrs.asdict(draft, recurse=False),
        )

    async def _check(self, tx: ConfigurationTransaction, rule: Rule) -> None:
        account_id = rule.account_id
        categories = (await categories_of(tx, account_id)).categories
        known = Known(
            places=_ids(await tx.places.matching(account_id)),
            calendars=_ids(await tx.calendars.matching(account_id)),
            channels=_ids(await tx.channels.matching(account_id)),
            categories={one.name for one in categories},
        )
        people = _ids(await tx.people.matching(account_id))
        devices = _ids(await tx.devices.matching(account_id))
        errors = rule_errors(rule, known)
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
        if not errors:
            errors += self._expression_errors(rule)
        if errors:
            raise Invalid.of(errors)

    def _expression_errors(self, rule: Rule) -> list[FieldError]:
        texts = [leaf.text for leaf in leaves(rule.when) if isinstance(leaf, Expression)]
        compiled = map(self.expressions.compiled, texts)
        return [one for one in compiled if isinstance(one, FieldError)]


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


def _ids(entities: Iterable[_Identified]) -> set[str]:
    return {one.id for one in entities}


async def warnings(tx: ConfigurationTransaction, rule: Rule) -> list[FieldError]:
    """What of the rule is probably not meant, by what its devices are to collect."""
    policies = {one.device_id: one for one in await tx.policies.matching(rule.account_id)}
    intervals = []
    for device in await tx.devices.matching(rule.account_id):
        if device.status is DeviceStatus.RETIRED:
            continue
        if rule.scope.covers(device.person_id, device.id):
            policy = policies.get(device.id, PolicySettings(device.id, rule.account_id))
            collected = {kind: policy.of(kind) for kind in Kind}
            intervals.append(
                {kind: one.interval_s for kind, one in collected.items() if one.enabled}
            )
    return rule_warnings(rule, intervals)


async def _check_room(tx: ConfigurationTransaction, rule: Rule) -> None:
    others = [one for one in await tx.rules.matching(rule.account_id) if one.id != rule.id]
    if sum(map(_remembered, [*others, rule])) > MAX_CONDITIONS:
        raise Conflict(f"the rules of an account have {MAX_CONDITIONS} conditions at most")


def _remembered(rule: Rule) -> int:
    """The conditions of which it remembers something."""
    warnings = len(rule.when.warn_at_s) if isinstance(rule.when, UsedOver) else 0
    return (1 + warnings) * len(list(leaves(spelled_out(rule.when))))


async def _rule(tx: ConfigurationTransaction, actor: Actor, rule_id: str) -> Rule:
    rule = await tx.rules.get(actor.account_id, rule_id)
    if rule is None:
        raise NotFound("there is no such rule")
    return rule
