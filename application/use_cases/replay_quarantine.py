"""Batches that could not be processed are processed again, when what held them up is mended."""

from zoneinfo import ZoneInfo

import attrs

from application.actor import Actor
from application.faults import Conflict, NotFound
from application.job_report import JobReport
from application.ports.block_codec import BlockCodec, Encoded
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.intake_queue import Intake, IntakeQueue
from application.ports.quarantine_shelf import QuarantineShelf
from application.trimming import consented
from application.unmapped_documents import identity_of_replay
from domain.batch import Batch
from domain.consent import ConsentGate
from domain.job import Job
from domain.kinds import Kind
from domain.quarantine import Quarantined

_PAGE = 100


@attrs.frozen
class ReplayQuarantine:
    shelf: QuarantineShelf
    queue: IntakeQueue
    configuration: Configuration
    codec: BlockCodec
    clock: Clock

    async def one(self, actor: Actor, item_id: str) -> None:
        """Raises NotFound, and Conflict for what is no whole batch or has no consent any more."""
        actor.must_change()
        item = await self.shelf.get(actor.account_id, item_id)
        if item is None:
            raise NotFound("there is no such entry")
        why_not = await self._replay(item)
        if why_not:
            raise Conflict(f"the entry cannot be processed again: {why_not}")
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            await tx.audit.add(actor.entry(now_ms, "quarantine.replay", item.id, item.kind))

    async def all(self, job: Job, report: JobReport) -> str:
        """The whole shelf of an account, as a job: what can be processed again is. Where the job
        names a `source`, only what came of that one.
        """
        source = job.params.get("source")
        looked_at = replayed = 0
        cursor: str | None = None
        while True:
            page = await self.shelf.page(job.account_id, cursor, _PAGE)
            for item in page.items:
                # How many there are is not known; the bar moves, and reaches its end at the end.
                if source is not None and item.source != source:
                    continue
                looked_at += 1
                report(looked_at / (looked_at + _PAGE), f"{replayed} of {looked_at} so far")
                if not await self._replay(item):
                    replayed += 1
            cursor = page.next_cursor
            if cursor is None:
                return f"{replayed} of {looked_at} entries are processed again"

    async def _replay(self, item: Quarantined) -> str:
        """Empty when it is done; else why it cannot be."""
        if not item.kind:
            return "it is not a whole batch"
        kind, count, first_ms, last_ms, why = self.codec.describe([item.payload])[0]
        if why:
            return f"its block is not taken: {why}"
        gate = await self._gate(item)
        if gate is None:
            return "its device or its person is gone"
        encoded = Encoded(item.payload, count, first_ms, last_ms, (), 0)
        encoded = consented(self.codec, encoded, Kind(kind), gate)
        if encoded.count == 0:
            return "there is no consent for it"
        batch = Batch(
            account_id=item.account_id,
            device_id=item.device_id,
            kind=Kind(kind),
            identity=identity_of_replay(item),
            block=encoded.block,
            count=encoded.count,
            first_ms=encoded.first_ms,
            last_ms=encoded.last_ms,
            received_ms=item.received_ms,
        )
        await self.queue.accept(Intake([batch]))
        await self.shelf.remove(item.account_id, item.id)
        return ""

    async def _gate(self, item: Quarantined) -> ConsentGate | None:
        async with self.configuration.reading() as tx:
            device = await tx.devices.get(item.account_id, item.device_id)
            person = await tx.people.get(item.account_id, device.person_id) if device else None
            if person is None:
                return None
            consents = await tx.consents.matching(item.account_id, person_id=person.id)
        return ConsentGate(tuple(consents), ZoneInfo(person.time_zone))
