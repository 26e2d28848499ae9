"""Intake: check what an agent delivers, keep what may be kept, say what was refused and why."""

from collections.abc import Sequence

import attrs

from application.delivery import Delivery, NotRead
from application.device_directory import DeviceAccess
from application.faults import Invalid, Unavailable
from application.intake_gate import KINDS, Checked, IntakeGate
from application.intake_record import IntakeRecord
from application.left_out import quarantined
from application.ports.block_codec import BlockCodec
from application.ports.clock import Clock
from application.ports.intake_queue import MAX_ASKED, Intake, IntakeQueue
from domain.batch import Batch, Outcome, Receipt, identity_of_sequence
from domain.quarantine import Quarantined
from domain.refusals import FieldError

__all__ = ["AcceptBatches", "Delivery", "NotRead"]

MAX_QUEUED = 200_000
"""Batches that may wait; beyond that agents keep their data and are told to come later."""


@attrs.frozen
class AcceptBatches:
    queue: IntakeQueue
    codec: BlockCodec
    clock: Clock
    record: IntakeRecord

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
            self.record.turned_away("queue_full")
            raise Unavailable("too many batches wait to be processed", retry_after_s=30)
        now_ms = self.clock.now_ms()
        checked = IntakeGate(self.codec).check(access, deliveries, now_ms)
        intake = _intake(checked, _unread(access, not_read, now_ms))
        if intake.batches or intake.quarantined:
            fresh = await self.queue.accept(intake)
            if not all(fresh):
                _note_duplicates(checked, fresh)
        self.record.enter(access, checked, not_read, now_ms)
        return [one.receipt for one in checked]

    async def known(self, access: DeviceAccess, batches: Sequence[tuple[str, int]]) -> list[bool]:
        """Which of these batches, by kind and sequence, are kept: for an agent that resumes.

        Raises Invalid when it asks for too many, Unavailable.
        """
        if len(batches) > MAX_ASKED:
            raise Invalid.of([FieldError("batches", f"has more than {MAX_ASKED} items")])
        keys = [
            (KINDS[kind], identity_of_sequence(sequence, access.enrolment))
            for kind, sequence in batches
            if kind in KINDS
        ]
        if not keys:
            return [False] * len(batches)
        found = iter(await self.queue.known(access.account_id, access.device_id, keys))
        return [kind in KINDS and next(found) for kind, _ in batches]


def _unread(
    access: DeviceAccess, not_read: Sequence[NotRead], now_ms: int
) -> Sequence[Quarantined]:
    if not not_read or not access.gate.allows_anything(now_ms):
        return ()
    return [quarantined(access, now_ms, item.reason, item.field, item.payload) for item in not_read]


def _intake(checked: Sequence[Checked], unread: Sequence[Quarantined]) -> Intake:
    batches: list[Batch] = []
    refused = list(unread)
    for one in checked:
        if one.not_understood is not None and one.batch is None:
            refused.append(one.not_understood)
        if one.batch is not None:
            one.batch.left_out = one.not_understood
            batches.append(one.batch)
    return Intake(batches, refused)


def _note_duplicates(checked: Sequence[Checked], fresh: Sequence[bool]) -> None:
    answers = iter(fresh)
    for one in checked:
        if one.batch is not None and not next(answers):
            one.receipt = Receipt(one.receipt.kind, Outcome.DUPLICATE, one.receipt.sequence)
            one.refused = ()
