"""What would these rules have done in the last days? Judged again over what is stored, as a job."""

import asyncio
from collections.abc import Iterable, Sequence
from heapq import merge
from typing import Any

import attrs

from application.actor import Actor
from application.faults import Invalid
from application.job_report import JobReport
from application.judging import observed
from application.ports.block_codec import BlockCodec
from application.ports.block_store import BlockStore
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.queries.views import reasons_view
from application.rule_binding import RuleBinding
from application.rule_json import rule_json, rule_of_json
from application.use_cases.manage_jobs import ManageJobs
from application.use_cases.manage_rules import ManageRules, RuleDraft
from domain.account import Person
from domain.device import Device
from domain.job import Job, JobKind
from domain.kinds import Kind
from domain.refusals import FieldError
from domain.rules.backtest import Backtest
from domain.rules.binding import BoundRule, bound_rules
from domain.rules.judge import Cleared, Judged, Outcome, Raised
from domain.rules.rule import Rule
from domain.rules.wording import alert_text, reasons
from domain.times import DAY_MS, to_rfc3339

MAX_DAYS = 90
MAX_RULES = 20
MAX_ALERTS = 500
"""Of a rule that would have raised more, it is enough to know how many."""

_STRETCH_MS = 3 * DAY_MS
"""What is in memory at once: some thousand observations."""


@attrs.frozen
class BacktestRule:
    configuration: Configuration
    blocks: BlockStore
    codec: BlockCodec
    binding: RuleBinding
    manage_rules: ManageRules
    manage_jobs: ManageJobs
    clock: Clock

    async def begin(self, actor: Actor, drafts: Sequence[RuleDraft], days: int) -> Job:
        """The job that finds it out. Raises Invalid for what could not be saved as a rule."""
        if not 1 <= days <= MAX_DAYS:
            raise Invalid.of([FieldError("days", f"must be between 1 and {MAX_DAYS}")])
        if not 1 <= len(drafts) <= MAX_RULES:
            raise Invalid.of([FieldError("rules", f"must be between 1 and {MAX_RULES}")])
        rules = [rule_json(await self.manage_rules.check(actor, draft)) for draft in drafts]
        params = {"rules": rules, "days": days, "to_ms": self.clock.now_ms()}
        return await self.manage_jobs.begin(actor, JobKind.BACKTEST, params)

    async def run(self, job: Job, report: JobReport) -> str:
        """Device by device, a stretch of days after the other."""
        rules, to_ms = [rule_of_json(one) for one in job.params["rules"]], job.params["to_ms"]
        from_ms = to_ms - job.params["days"] * DAY_MS
        alerts: list[dict[str, Any]] = []
        total = 0
        devices = await self._devices(job.account_id, rules)
        for number, (device, person, bound) in enumerate(devices):
            outcomes: list[Outcome] = []
            backtest = Backtest(bound)
            for start_ms in range(from_ms, to_ms, _STRETCH_MS):
                end_ms = min(start_ms + _STRETCH_MS, to_ms)
                outcomes += await self._stretch(backtest, device, start_ms, end_ms)
                done = (number + (end_ms - from_ms) / (to_ms - from_ms)) / len(devices)
                report(done, f"{person.name}, {device.name}: until {to_rfc3339(end_ms)[:10]}")
                await asyncio.sleep(0)
            outcomes += backtest.wait_until(to_ms)
            found = list(_alerts(bound, device, person, outcomes))
            total += len(found)
            alerts += found
        alerts.sort(key=lambda one: (one["occurred_at"], one["device_id"]))
        report.result = {
            "from": to_rfc3339(from_ms),
            "to": to_rfc3339(to_ms),
            "alerts": alerts[-MAX_ALERTS:],
            "total": total,
            "truncated": total > MAX_ALERTS,
            "devices": len(devices),
        }
        return f"{total} alerts on {len(devices)} devices"

    async def _devices(
        self, account_id: str, rules: Sequence[Rule]
    ) -> list[tuple[Device, Person, list[BoundRule]]]:
        """Those in a rule's scope, with the rules as they judge them."""
        found = []
        async with self.configuration.reading() as tx:
            people = {one.id: one for one in await tx.people.matching(account_id)}
            for device in await tx.devices.matching(account_id):
                person = people.get(device.person_id)
                if person is None:
                    continue
                mine = [one for one in rules if one.scope.covers(person.id, device.id)]
                if mine:
                    around = await self.binding.surroundings(tx, person, mine)
                    bound = [one for rule in mine for one in bound_rules(rule, around)]
                    found.append((device, person, bound))
        return found

    async def _stretch(
        self, backtest: Backtest, device: Device, from_ms: int, to_ms: int
    ) -> list[Outcome]:
        silence = any(bound.waits_for_time for bound in backtest.rules)
        asked = frozenset(kind for bound in backtest.rules for kind in bound.kinds)
        blocks = await self.blocks.blocks_of_kinds(
            device.account_id,
            device.id,
            tuple(Kind) if silence else tuple(kind for kind in Kind if kind in asked),
            from_ms,
            to_ms,
        )
        columns = {
            kind: self.codec.merged_columns(some, from_ms, to_ms)
            for kind, some in blocks.items()
            if some
        }
        outcomes: list[Outcome] = []
        if silence:
            outcomes += backtest.hear(merge(*(one["time_ms"] for one in columns.values())))
        seen = {kind: _once(observed(kind, columns[kind])) for kind in asked & columns.keys()}
        return outcomes + backtest.take(seen)


def _once(seen: Sequence[Judged]) -> Sequence[Judged]:
    """In time order. What came twice, say live and again on request, was judged once."""
    return [
        one
        for place, one in enumerate(seen)
        if not place or one.time_ms != seen[place - 1].time_ms or one != seen[place - 1]
    ]


def _alerts(
    rules: Sequence[BoundRule], device: Device, person: Person, outcomes: Sequence[Outcome]
) -> Iterable[dict[str, Any]]:
    bound_by_key = {(bound.rule.id, bound.remaining_s): bound for bound in rules}
    cleared = {
        (one.rule_id, one.remaining_s, one.raised_ms): one.at_ms
        for one in outcomes
        if isinstance(one, Cleared)
    }
    for raised in outcomes:
        if not isinstance(raised, Raised):
            continue
        bound = bound_by_key[raised.rule_id, raised.remaining_s]
        over_ms = cleared.get((raised.rule_id, raised.remaining_s, raised.occurred_at_ms))
        yield {
            "occurred_at": to_rfc3339(raised.occurred_at_ms),
            "cleared_at": None if over_ms is None else to_rfc3339(over_ms),
            "rule_name": bound.rule.name,
            "device_id": device.id,
            "person_id": person.id,
            "text": alert_text(bound, raised, person.name, device.name),
            "value": raised.value,
            "threshold": raised.threshold,
            "reasons": reasons_view(reasons(bound, raised)),
        }
