"""What some batches do to one device: its history after them, its blocks, its alerts."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import attrs

from application.device_directory import DeviceBriefing
from application.ports.block_codec import BlockCodec, Columns
from application.ports.device_ledger import Effects
from application.storing import blocks_of
from application.unmapped_documents import is_read_again
from domain.alert import Alert, alert_id
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES
from domain.quarantine import Quarantined
from domain.rules.binding import BoundRule
from domain.rules.condition import SilentFor
from domain.rules.judge import (
    Cleared,
    Judged,
    Memory,
    Outcome,
    Raised,
    judge_silence,
    silence_due_ms,
)
from domain.rules.rule import DASHBOARD
from domain.rules.track import Judgement, judge_in_order
from domain.rules.wording import alert_text, reasons
from domain.times import to_rfc3339

MAX_UNTOLD = 200
"""Of more alerts at once the oldest are seen on the page only."""

SETTLE_MS = 10_000
"""A device that delivered this recently is not called silent: more may be on its way."""


def judge_batches(
    codec: BlockCodec,
    briefing: DeviceBriefing,
    history: DeviceHistory,
    batches: Sequence[Batch],
    now_ms: int,
) -> Effects:
    """The effects of batches of one device, at least one, taken in the given order."""
    judging = _Judging(codec, briefing, history)
    outcomes: list[Outcome] = []
    seen, derived, unmapped = _with_documents_read(codec, briefing, batches)
    for batch in seen:
        outcomes += judging.take(batch)
    history, last = judging.finish()
    history, silence = judge_quiet(briefing, history, now_ms)
    history, alerts, cleared = written(briefing, history, [*outcomes, *last, *silence], now_ms)
    left_out = tuple(batch.left_out for batch in batches if batch.left_out is not None)
    blocks = blocks_of(codec, seen) if seen else ()
    left = (*left_out, *unmapped)
    return Effects(history, tuple(batches), blocks, alerts, cleared, left, derived)


def _with_documents_read(
    codec: BlockCodec, briefing: DeviceBriefing, batches: Sequence[Batch]
) -> tuple[list[Batch], list[Batch], list[Quarantined]]:
    """What is to be judged and stored, what of it documents became, and those that did not map.

    Documents that come back from quarantine are stored already.
    """
    reader = briefing.reader
    if reader is None or all(batch.kind is not Kind.DOCUMENT for batch in batches):
        return list(batches), [], []
    seen: list[Batch] = []
    derived: list[Batch] = []
    unmapped: list[Quarantined] = []
    for batch in batches:
        read = reader.expand(codec, batch)
        seen += [] if is_read_again(batch) else [batch]
        seen += read.batches
        derived += read.batches
        unmapped += read.quarantined
    return seen, derived, unmapped


def judge_quiet(
    briefing: DeviceBriefing, history: DeviceHistory, now_ms: int
) -> tuple[DeviceHistory, list[Outcome]]:
    """What time passing does: silence that is long enough, or over; and when to look again."""
    if history.seen_ms is None or history.received_ms is None:
        return history, []
    if history.silence_due_ms is None and not history.silence and not _listening(briefing):
        return history, []
    settled_ms = history.received_ms + SETTLE_MS
    outcomes: list[Outcome] = []
    memories: dict[str, Memory] = {}
    due_ms: int | None = now_ms if history.untold else None
    for bound in briefing.rules:
        when = bound.rule.when
        if not isinstance(when, SilentFor):
            continue
        memory = history.silence.get(bound.rule.id)
        if memory is None or memory.rule_version != bound.rule.version:
            memory = Memory(bound.rule.version)
        silent_ms = history.seen_ms + round(when.seconds * 1000)
        if now_ms >= settled_ms or now_ms < silent_ms:
            memory, outcome = judge_silence(bound, memory, history.seen_ms, now_ms)
            outcomes += [outcome] if outcome else []
        memories[bound.rule.id] = memory
        told_ms = None if memory.told else silence_due_ms(bound, history.seen_ms)
        if told_ms is not None:
            due_ms = min(due_ms or 2**62, max(told_ms, settled_ms))
    return attrs.evolve(history, silence=memories, silence_due_ms=due_ms), outcomes


def _listening(briefing: DeviceBriefing) -> bool:
    return any(isinstance(bound.rule.when, SilentFor) for bound in briefing.rules)


def written(
    briefing: DeviceBriefing, history: DeviceHistory, outcomes: Sequence[Outcome], now_ms: int
) -> tuple[DeviceHistory, tuple[Alert, ...], tuple[Cleared, ...]]:
    """Outcomes as they are stored. The history keeps in mind which alerts are to be announced,
    and is looked at again at once for that.
    """
    if not outcomes:
        return history, (), ()
    rules = {(bound.rule.id, bound.remaining_s): bound for bound in briefing.rules}
    raised = [outcome for outcome in outcomes if isinstance(outcome, Raised)]
    alerts = tuple(
        _alert(briefing, rules[one.rule_id, one.remaining_s], one, now_ms) for one in raised
    )
    cleared = tuple(outcome for outcome in outcomes if isinstance(outcome, Cleared))
    told = {
        _id_of(briefing, one)
        for one in raised
        if set(rules[one.rule_id, one.remaining_s].rule.channels) - {DASHBOARD}
    }
    if told:
        untold = (*history.untold, *sorted(told))[-MAX_UNTOLD:]
        due_ms = min(now_ms, history.silence_due_ms or now_ms)
        history = attrs.evolve(history, untold=untold, silence_due_ms=due_ms)
    return history, alerts, cleared


def _id_of(briefing: DeviceBriefing, raised: Raised) -> str:
    return alert_id(raised.rule_id, briefing.device.id, raised.occurred_at_ms, raised.remaining_s)


class _Judging:
    """A history while batches change it.

    Batches are judged together as long as each goes on where the last one of its kind has
    ended: rules about several kinds then see what happened in the order of its happening.
    """

    def __init__(self, codec: BlockCodec, briefing: DeviceBriefing, before: DeviceHistory) -> None:
        self._codec = codec
        self._before = before
        self._seen_ms = before.seen_ms or 0
        self._received_ms = before.received_ms or 0
        self._latest = dict(before.latest)
        self._judgement = Judgement(before.tracks, before.live, before.backfill)
        # Only the last batch of those is looked into whose kind no rule asks about.
        self._newest: dict[Kind, Batch] = {}
        self._rules = [bound for bound in briefing.rules if not bound.waits_for_time]
        self._asked = frozenset(kind for bound in self._rules for kind in bound.kinds)
        self._waiting: dict[Kind, list[Judged]] = {}
        self._newest_row: dict[Kind, dict[str, Any]] = {}

    def take(self, batch: Batch) -> list[Outcome]:
        self._seen_ms = max(self._seen_ms, min(batch.last_ms, batch.received_ms))
        self._received_ms = max(self._received_ms, batch.received_ms)
        kind = batch.kind
        if kind not in self._asked:
            newest = self._newest.get(kind)
            if batch.last_ms >= (newest.last_ms if newest else self._known_ms(kind)):
                self._newest[kind] = batch
            return []
        waiting = self._waiting.get(kind)
        outcomes = self._judge() if waiting and batch.first_ms < waiting[-1].time_ms else []
        columns = self._codec.columns(batch.block)
        self._waiting.setdefault(kind, []).extend(observed(kind, columns))
        row = self._newest_row.get(kind) or self._latest.get(kind)
        if row is None or batch.last_ms >= row["time_ms"]:
            self._newest_row[kind] = _last_row(columns)
        return outcomes

    def finish(self) -> tuple[DeviceHistory, list[Outcome]]:
        """The history after all that was taken, and what came of the last of it."""
        outcomes = self._judge()
        for kind, batch in self._newest.items():
            # A batch may be long: only its last row is made to objects.
            last = self._codec.keep(batch.block, [batch.count - 1])
            self._latest[kind] = _last_row(self._codec.columns(last))
        history = attrs.evolve(
            self._before,
            version=self._before.version + 1,
            seen_ms=self._seen_ms,
            received_ms=self._received_ms,
            latest=self._latest,
            tracks=self._judgement.tracks,
            live=self._judgement.live,
            backfill=self._judgement.backfill,
        )
        return history, outcomes

    def _judge(self) -> list[Outcome]:
        if not self._waiting:
            return []
        latest = {
            kind: _judged(kind, row) for kind, row in self._latest.items() if kind in self._asked
        }
        self._judgement, outcomes = judge_in_order(
            self._rules, self._judgement, latest, self._waiting
        )
        self._latest.update(self._newest_row)
        self._waiting, self._newest_row = {}, {}
        return outcomes

    def _known_ms(self, kind: Kind) -> int:
        known = self._latest.get(kind)
        time_ms: int = known["time_ms"] if known else -(2**62)
        return time_ms


def observed(kind: Kind, columns: Columns) -> list[Judged]:
    names = (field.name for field in attrs.fields(OBSERVATION_CLASSES[kind]))
    # By position and without a dictionary for each: what remains is the constructor's own time.
    return list(
        map(OBSERVATION_CLASSES[kind], *(columns.get(name, repeat(None)) for name in names))
    )


def _judged(kind: Kind, row: Mapping[str, Any]) -> Judged:
    cls = OBSERVATION_CLASSES[kind]
    seen: Judged = cls(**{f.name: row[f.name] for f in attrs.fields(cls) if f.name in row})
    return seen


def _last_row(columns: Columns) -> dict[str, Any]:
    return {name: values[-1] for name, values in columns.items() if values[-1] is not None}


def _alert(briefing: DeviceBriefing, bound: BoundRule, raised: Raised, now_ms: int) -> Alert:
    rule, device, person = bound.rule, briefing.device, briefing.person
    return Alert(
        id=_id_of(briefing, raised),
        account_id=device.account_id,
        rule_id=rule.id,
        rule_name=rule.name,
        device_id=device.id,
        person_id=person.id,
        severity=rule.severity,
        text=alert_text(bound, raised, person.name, device.name),
        occurred_at_ms=raised.occurred_at_ms,
        learned_at_ms=max(now_ms, raised.occurred_at_ms),
        value=raised.value,
        threshold=raised.threshold,
        observation=_observation_json(raised.observation),
        reasons=reasons(bound, raised),
        so_until_ms=raised.so_until_ms,
    )


def _observation_json(observation: Judged | None) -> dict[str, Any] | None:
    if observation is None:
        return None
    fields = attrs.asdict(observation, filter=lambda field, value: value is not None)
    return {"time": to_rfc3339(fields.pop("time_ms")), **fields}
