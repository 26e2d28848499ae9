"""What some batches do to one device: its history after them, its blocks, its alerts."""

from collections.abc import Sequence
from typing import Any

import attrs

from application.device_directory import DeviceBriefing
from application.ports.block_codec import BlockCodec, Columns
from application.ports.device_ledger import Effects, StoredBlock
from domain.alert import Alert, alert_id
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.observations import DeviceState, Location
from domain.rules.condition import SilentFor
from domain.rules.judge import BoundRule, Cleared, Judged, Memory, Outcome, Raised, judge_silence
from domain.rules.track import Track, judge_in_order
from domain.rules.wording import alert_text
from domain.times import DAY_MS, to_rfc3339

SETTLE_MS = 10_000
"""A device that delivered this recently is not called silent: more may be on its way."""

MAX_TOGETHER = 10_000
"""A block of more observations is as good as two."""

_JUDGED: dict[Kind, type[Judged]] = {Kind.LOCATION: Location, Kind.DEVICE_STATE: DeviceState}


def judge_batches(
    codec: BlockCodec,
    briefing: DeviceBriefing,
    history: DeviceHistory,
    batches: Sequence[Batch],
    now_ms: int,
) -> Effects:
    """The effects of batches of one device, at least one, taken in the given order."""
    outcomes: list[Outcome] = []
    blocks: list[StoredBlock] = []
    version = history.version + 1
    for batch in batches:
        history, found = _judge_batch(codec, briefing, history, batch, version)
        outcomes += found
        blocks += _stored(codec, batch)
    history, silence = judge_quiet(briefing, history, now_ms)
    outcomes += silence
    alerts, cleared = written(briefing, outcomes, now_ms)
    return Effects(history, tuple(batches), _together(codec, blocks), alerts, cleared)


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
    due_ms: int | None = None
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
        if not memory.told:
            due_ms = min(due_ms or 2**62, max(silent_ms, settled_ms))
    return attrs.evolve(history, silence=memories, silence_due_ms=due_ms), outcomes


def _listening(briefing: DeviceBriefing) -> bool:
    return any(isinstance(bound.rule.when, SilentFor) for bound in briefing.rules)


def written(
    briefing: DeviceBriefing, outcomes: Sequence[Outcome], now_ms: int
) -> tuple[tuple[Alert, ...], tuple[Cleared, ...]]:
    """Outcomes as they are stored."""
    if not outcomes:
        return (), ()
    rules = {bound.rule.id: bound for bound in briefing.rules}
    alerts = [
        _alert(briefing, rules[outcome.rule_id], outcome, now_ms)
        for outcome in outcomes
        if isinstance(outcome, Raised)
    ]
    cleared = [outcome for outcome in outcomes if isinstance(outcome, Cleared)]
    return tuple(alerts), tuple(cleared)


def _judge_batch(
    codec: BlockCodec,
    briefing: DeviceBriefing,
    history: DeviceHistory,
    batch: Batch,
    version: int,
) -> tuple[DeviceHistory, list[Outcome]]:
    kind = batch.kind
    rules = [bound for bound in briefing.rules if bound.rule.when.kind is kind]
    judged = bool(rules) and kind in _JUDGED
    known = history.latest.get(kind)
    newest = known is None or batch.last_ms >= known["time_ms"]
    outcomes: list[Outcome] = []
    latest, tracks = history.latest, history.tracks
    columns = codec.columns(batch.block) if judged or newest else {}
    if judged:
        track, outcomes = judge_in_order(
            rules,
            tracks.get(kind, Track()),
            _latest_judged(history, kind),
            _objects(kind, columns),
        )
        tracks = {**tracks, kind: track}
    if newest:
        latest = {**latest, kind: _last_row(columns)}
    changed = DeviceHistory(
        device_id=history.device_id,
        account_id=history.account_id,
        version=version,
        seen_ms=max(history.seen_ms or 0, min(batch.last_ms, batch.received_ms)),
        received_ms=max(history.received_ms or 0, batch.received_ms),
        latest=latest,
        tracks=tracks,
        silence=history.silence,
        silence_due_ms=history.silence_due_ms,
    )
    return changed, outcomes


def _objects(kind: Kind, columns: Columns) -> list[Judged]:
    cls = _JUDGED[kind]
    names = [field.name for field in attrs.fields(cls) if field.name in columns]
    rows = zip(*(columns[name] for name in names), strict=True)
    return [cls(**dict(zip(names, row, strict=True))) for row in rows]


def _latest_judged(history: DeviceHistory, kind: Kind) -> Judged | None:
    row = history.latest.get(kind)
    if row is None:
        return None
    cls = _JUDGED[kind]
    return cls(**{f.name: row[f.name] for f in attrs.fields(cls) if f.name in row})


def _last_row(columns: Columns) -> dict[str, Any]:
    return {name: values[-1] for name, values in columns.items() if values[-1] is not None}


def _stored(codec: BlockCodec, batch: Batch) -> list[StoredBlock]:
    first_day, last_day = batch.first_ms // DAY_MS, batch.last_ms // DAY_MS
    if first_day == last_day:
        ends = (batch.first_ms, batch.last_ms)
        return [_stored_block(batch, first_day * DAY_MS, batch.block, batch.count, ends)]
    stored = []
    for day_ms, block in codec.by_day(batch.block):
        times = codec.columns(block)["time_ms"]
        stored.append(_stored_block(batch, day_ms, block, len(times), (times[0], times[-1])))
    return stored


def _together(codec: BlockCodec, blocks: Sequence[StoredBlock]) -> tuple[StoredBlock, ...]:
    """What came at once of one kind and day is stored as one block, under the first's name."""
    if len(blocks) == 1:
        return tuple(blocks)
    by_day: dict[tuple[Kind, int], list[StoredBlock]] = {}
    for block in blocks:
        by_day.setdefault((block.kind, block.day_ms), []).append(block)
    together: list[StoredBlock] = []
    for some in by_day.values():
        count = sum(block.count for block in some)
        together += [_merged(codec, some)] if len(some) > 1 and count <= MAX_TOGETHER else some
    return tuple(together)


def _merged(codec: BlockCodec, blocks: Sequence[StoredBlock]) -> StoredBlock:
    return attrs.evolve(
        blocks[0],
        block=codec.merge([block.block for block in blocks]),
        count=sum(block.count for block in blocks),
        first_ms=min(block.first_ms for block in blocks),
        last_ms=max(block.last_ms for block in blocks),
    )


def _stored_block(
    batch: Batch, day_ms: int, block: bytes, count: int, ends: tuple[int, int]
) -> StoredBlock:
    return StoredBlock(
        account_id=batch.account_id,
        device_id=batch.device_id,
        kind=batch.kind,
        day_ms=day_ms,
        identity=batch.identity,
        block=block,
        count=count,
        first_ms=ends[0],
        last_ms=ends[1],
    )


def _alert(briefing: DeviceBriefing, bound: BoundRule, raised: Raised, now_ms: int) -> Alert:
    rule, device, person = bound.rule, briefing.device, briefing.person
    return Alert(
        id=alert_id(rule.id, device.id, raised.occurred_at_ms),
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
    )


def _observation_json(observation: Judged | None) -> dict[str, Any] | None:
    if observation is None:
        return None
    fields = attrs.asdict(observation, filter=lambda field, value: value is not None)
    return {"time": to_rfc3339(fields.pop("time_ms")), **fields}
