"""What processing does: one conditional write to the journal of each device."""

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.applied_batches import AppliedBatches
from adapters.outbound.dynamodb.at_once import each
from adapters.outbound.dynamodb.batch_marks import Mark, mark_of
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.composing import composed
from adapters.outbound.dynamodb.device_record import DeviceRecord
from adapters.outbound.dynamodb.device_records import DeviceRecords
from adapters.outbound.dynamodb.entry_writing import EntryWriter
from adapters.outbound.dynamodb.merging import StrideMerger
from adapters.outbound.dynamodb.quarantine_shelf import make_room
from adapters.outbound.dynamodb.silence import DueDevices
from application.faults import Unavailable
from application.ports.block_codec import BlockCodec
from application.ports.device_ledger import Effects
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind

_NONCE_BYTES = 6


class DynamoDeviceLedger:
    """A process that applies effects remembers devices, and then reads nothing to apply; one that
    only shows them must not remember, for others change them.
    """

    def __init__(
        self,
        client: DynamoClient,
        records: DeviceRecords,
        merger: StrideMerger,
        codec: BlockCodec,
    ) -> None:
        self._client = client
        self._records = records
        self._merger = merger
        self._codec = codec
        self._applied = AppliedBatches(client)
        self._writer = EntryWriter(client)
        self._due = DueDevices(client, records)

    async def histories(self, devices: Sequence[tuple[str, str]]) -> dict[str, DeviceHistory]:
        if not devices:
            return {}
        records = await self._records.get_many("histories", devices)
        return {record.history.device_id: record.history for record in records}

    async def unapplied(self, batches: Sequence[Batch]) -> list[Batch]:
        by_device: dict[tuple[str, str], list[Batch]] = {}
        for batch in batches:
            by_device.setdefault((batch.account_id, batch.device_id), []).append(batch)
        for device in by_device:
            self._records.forget(keys.device(*device))
        answers = await each([partial(self._of_device, *one) for one in by_device.items()])
        done = {id(batch) for some in answers for batch in some}
        return [batch for batch in batches if id(batch) not in done]

    async def applied(
        self, account_id: str, device_id: str, batches: Sequence[tuple[Kind, str]]
    ) -> list[bool]:
        """Which batches had their effects, by kind and identity. True is certain; of batches that
        are known by content those that are merged are not found.
        """
        record = await self._records.get("applied", account_id, device_id)
        marks = [Mark(kind, identity) for kind, identity in batches]
        return await self._applied.applied("applied", record, marks, days_known=False)

    async def apply(self, effects: Sequence[Effects]) -> list[bool]:
        return await each([partial(self._apply, one) for one in effects]) if effects else []

    async def silent(self, now_ms: int, limit: int) -> list[DeviceHistory]:
        return await self._due.silent(now_ms, limit)

    async def _of_device(self, device: tuple[str, str], batches: list[Batch]) -> list[Batch]:
        """Those that had their effects."""
        record = await self._records.get("applied", *device)
        marks = [mark_of(batch) for batch in batches]
        known = await self._applied.applied("applied", record, marks)
        return [batch for batch, yes in zip(batches, known, strict=True) if yes]

    async def _apply(self, effects: Effects) -> bool:
        history = effects.history
        record = await self._records.get("apply", history.account_id, history.device_id)
        if record.full:
            await self._merger.merge(history.account_id, history.device_id)
            record = await self._records.get("apply", history.account_id, history.device_id)
        marks = [mark_of(batch) for batch in effects.batches]
        if not await self._fits(record, effects, marks):
            self._records.forget(record.partition)
            return False
        entry = composed(self._codec, record, effects, marks, secrets.token_bytes(_NONCE_BYTES))
        try:
            written = await self._writer.write(record, entry, effects)
        except (Exception, asyncio.CancelledError):
            # Nobody knows whether it was written.
            self._records.forget(record.partition)
            raise
        if written:
            self._records.put(record.put(entry, history))
            if effects.quarantined:
                await self._make_room(effects)
        else:
            self._records.forget(record.partition)
        return written

    async def _make_room(self, effects: Effects) -> None:
        # The effects are made: that the shelf is too full for a while is no failure of theirs.
        with suppress(Unavailable):
            await make_room(self._client, effects.quarantined)

    async def _fits(self, record: DeviceRecord, effects: Effects, marks: Sequence[Mark]) -> bool:
        """The effects are built on this record, and none of their batches had its effects."""
        if effects.history.version != record.history.version + 1 or record.full:
            return False
        names = {(mark.kind, mark.identity) for mark in marks}
        return len(names) == len(marks) and not any(
            await self._applied.applied("apply", record, marks)
        )
