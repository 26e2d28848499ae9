"""Intake: check what an agent delivers, keep what may be kept, say what was refused and why."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress
from typing import Any

import attrs

from application.device_directory import DeviceAccess
from application.faults import Unavailable
from application.identifiers import new_id
from application.ports.block_codec import (
    BlockCodec,
    Encoded,
    MalformedObservations,
    TooManyObservations,
)
from application.ports.clock import Clock
from application.ports.intake_queue import Intake, IntakeQueue
from application.ports.tally import Tally
from domain.batch import (
    Batch,
    Outcome,
    Receipt,
    identity_of_content,
    identity_of_sequence,
)
from domain.kinds import Kind
from domain.observations import EARLIEST_TIME_MS, MAX_TIME_AHEAD_MS
from domain.quarantine import MAX_PAYLOAD_BYTES, Quarantined
from domain.refusals import Reason, Refusal
from domain.times import from_datetime

MAX_QUEUED = 200_000
"""Batches that may wait; beyond that agents keep their data and are told to come later."""

MAX_NAMED_REFUSALS = 100


@attrs.frozen
class Delivery:
    """One batch as it came: a JSON array of observations of one kind.

    `sequence` is the agent's own number; None where it has none and the content identifies.
    """

    kind: str
    observations: bytes
    sequence: int | None = None
    foreign: bool = False


@attrs.frozen
class NotRead:
    """Words of a foreign agent that its format does not explain."""

    reason: str
    field: str
    payload: bytes


@attrs.frozen
class _Checked:
    """A delivery after the gate: its receipt if it is new, and what it leaves behind.

    `refused` are all observations that were left out; the receipt names the first of them.
    """

    receipt: Receipt
    batch: Batch | None = None
    not_understood: Quarantined | None = None
    refused: Sequence[Refusal] = ()


@attrs.frozen
class AcceptBatches:
    queue: IntakeQueue
    codec: BlockCodec
    clock: Clock
    tally: Tally

    async def __call__(
        self,
        access: DeviceAccess,
        deliveries: Sequence[Delivery],
        not_read: Sequence[NotRead] = (),
    ) -> list[Receipt]:
        """One receipt for each delivery, in order, after everything kept is durable.

        Raises Unavailable when the queue is full or the store cannot be written; nothing of
        the upload is kept then.
        """
        if self.queue.depth() >= MAX_QUEUED:
            self.tally.count("refused_uploads", "queue_full")
            raise Unavailable("too many batches wait to be processed", retry_after_s=30)
        now_ms = self.clock.now_ms()
        checked = [self._check(access, delivery, now_ms) for delivery in deliveries]
        batches = [one.batch for one in checked if one.batch is not None]
        quarantined = [one.not_understood for one in checked if one.not_understood is not None]
        if not_read and access.gate.allows_anything(now_ms):
            quarantined += [
                _quarantined(access, now_ms, item.reason, item.field, item.payload)
                for item in not_read
            ]
        fresh: list[bool] = []
        if batches or quarantined:
            fresh = await self.queue.accept(Intake(batches, quarantined))
        return self._receipts(checked, iter(fresh))

    def _receipts(self, checked: Sequence[_Checked], fresh: Iterator[bool]) -> list[Receipt]:
        receipts = []
        for one in checked:
            receipt = one.receipt
            refused = one.refused
            if one.batch is not None and not next(fresh):
                receipt = Receipt(receipt.kind, Outcome.DUPLICATE, receipt.sequence)
                refused = ()
            self._count(receipt, refused)
            receipts.append(receipt)
        return receipts

    def _count(self, receipt: Receipt, refused: Sequence[Refusal]) -> None:
        self.tally.count("batches", receipt.outcome.value)
        if receipt.accepted:
            self.tally.count("observations_accepted", amount=receipt.accepted)
        if receipt.reason:
            self.tally.count("refused_batches", receipt.reason)
        if not refused:
            return
        for reason, amount in Counter(refusal.reason for refusal in refused).items():
            self.tally.count("refused_observations", reason, amount)

    def _check(self, access: DeviceAccess, delivery: Delivery, now_ms: int) -> _Checked:
        if delivery.kind not in _KINDS:
            return self._refuse(access, delivery, now_ms, Reason.UNKNOWN_KIND, "kind")
        kind = _KINDS[delivery.kind]
        if kind not in access.gate.kinds():
            return _Checked(_refused(delivery, Reason.NO_CONSENT))
        try:
            encoded = self.codec.encode_json(
                kind,
                delivery.observations,
                EARLIEST_TIME_MS,
                now_ms + MAX_TIME_AHEAD_MS,
                foreign=delivery.foreign,
            )
        except TooManyObservations:
            return _Checked(_refused(delivery, Reason.TOO_MANY_OBSERVATIONS))
        except MalformedObservations:
            return self._refuse(access, delivery, now_ms, Reason.MALFORMED, "observations")
        if encoded.count == 0 and encoded.refused_count == 0:
            return _Checked(_refused(delivery, Reason.NO_OBSERVATIONS))
        not_understood = _left_out(access, kind, delivery, encoded, now_ms)
        encoded = self._consented(access, kind, encoded)
        receipt = _receipt(delivery, encoded)
        if encoded.count == 0:
            return _Checked(receipt, None, not_understood, encoded.refused)
        batch = _batch(access, kind, delivery, encoded, now_ms)
        return _Checked(receipt, batch, not_understood, encoded.refused)

    def _consented(self, access: DeviceAccess, kind: Kind, encoded: Encoded) -> Encoded:
        """What remains of a batch when the hours without consent are taken out."""
        if encoded.count == 0 or access.gate.allows_whole(kind, encoded.first_ms, encoded.last_ms):
            return encoded
        times_ms = self.codec.columns(encoded.block)["time_ms"]
        allowed = access.gate.allowed(kind, times_ms)
        if all(allowed):
            return encoded
        kept = [position for position, yes in enumerate(allowed) if yes]
        refused = [
            Refusal(Reason.NO_CONSENT, "time", encoded.index_at(position))
            for position, yes in enumerate(allowed)
            if not yes
        ]
        return Encoded(
            block=self.codec.keep(encoded.block, kept) if kept else b"",
            count=len(kept),
            first_ms=times_ms[kept[0]] if kept else 0,
            last_ms=times_ms[kept[-1]] if kept else 0,
            refused=[*encoded.refused, *refused],
            refused_count=encoded.refused_count + len(refused),
        )

    def _refuse(
        self, access: DeviceAccess, delivery: Delivery, now_ms: int, reason: Reason, field: str
    ) -> _Checked:
        """The whole batch, for its content: it goes to quarantine.

        Nobody can tell of which times it speaks; consent is asked for the time it came.
        """
        kept = None
        if access.gate.allows_anything(now_ms):
            kept = _quarantined(access, now_ms, reason, field, delivery.observations)
        return _Checked(_refused(delivery, reason), None, kept)


_KINDS = {kind.value: kind for kind in Kind}


def _refused(delivery: Delivery, reason: Reason) -> Receipt:
    return Receipt(delivery.kind[:64], Outcome.REFUSED, delivery.sequence, reason=reason)


def _receipt(delivery: Delivery, encoded: Encoded) -> Receipt:
    named = tuple(encoded.refused[:MAX_NAMED_REFUSALS])
    if encoded.count:
        return Receipt(delivery.kind, Outcome.ACCEPTED, delivery.sequence, encoded.count, named)
    only_consent = all(refusal.reason == Reason.NO_CONSENT for refusal in encoded.refused)
    reason = Reason.NO_CONSENT if only_consent else Reason.NOTHING_VALID
    return Receipt(delivery.kind, Outcome.REFUSED, delivery.sequence, refused=named, reason=reason)


def _batch(
    access: DeviceAccess, kind: Kind, delivery: Delivery, encoded: Encoded, now_ms: int
) -> Batch:
    if delivery.sequence is None:
        identity = identity_of_content(encoded.block)
    else:
        identity = identity_of_sequence(delivery.sequence, access.enrolment)
    return Batch(
        account_id=access.account_id,
        device_id=access.device_id,
        kind=kind,
        identity=identity,
        block=encoded.block,
        count=encoded.count,
        first_ms=encoded.first_ms,
        last_ms=encoded.last_ms,
        received_ms=now_ms,
    )


def _left_out(
    access: DeviceAccess, kind: Kind, delivery: Delivery, encoded: Encoded, now_ms: int
) -> Quarantined | None:
    """The observations that were refused for their content, as one quarantine entry; without
    those of times for which there is no consent.
    """
    if not encoded.refused:
        return None
    observations = json.loads(delivery.observations, parse_int=_integer)
    refused = [(one, observations[one.index]) for one in encoded.refused if one.index is not None]
    times_ms = [_time_of(observation, now_ms) for _, observation in refused]
    allowed = list(compress(refused, access.gate.allowed(kind, times_ms)))
    if not allowed:
        return None
    left_out = [observation for _, observation in allowed]
    first = allowed[0][0]
    payload = json.dumps(left_out, ensure_ascii=False).encode("utf-8", "replace")
    return _quarantined(access, now_ms, first.reason, first.field, payload)


def _time_of(observation: Any, now_ms: int) -> int:
    """When a refused observation says that it happened; `now_ms` where it says nothing of use."""
    said = (
        observation.get("time_ms", observation.get("time"))
        if isinstance(observation, dict)
        else None
    )
    if isinstance(said, str):
        try:
            said = from_datetime(datetime.fromisoformat(said))
        except (ValueError, TypeError, OverflowError):
            return now_ms
    if isinstance(said, int) and EARLIEST_TIME_MS <= said <= now_ms + MAX_TIME_AHEAD_MS:
        return said
    return now_ms


def _integer(digits: str) -> int | str:
    """Python refuses to convert numbers of thousands of digits; such a one is shown as text."""
    return int(digits) if len(digits) < 400 else digits


def _quarantined(
    access: DeviceAccess, now_ms: int, reason: str, field: str, payload: bytes
) -> Quarantined:
    return Quarantined(
        id=new_id(now_ms),
        account_id=access.account_id,
        device_id=access.device_id,
        received_ms=now_ms,
        source=access.agent.value,
        reason=reason,
        field=field,
        payload=payload[:MAX_PAYLOAD_BYTES],
    )
