"""Batches that nobody could process: they go to quarantine, and can come back from there."""

import hashlib
from collections.abc import Sequence

from application.unmapped_documents import reason_of
from domain.batch import Batch
from domain.quarantine import MAX_BLOCK_BYTES, MAX_PAYLOAD_BYTES, Quarantined


def given_up(batches: Sequence[Batch]) -> list[Quarantined]:
    """An entry for each batch, and what was not understood of it; given up twice both stand there
    once.
    """
    left_out = [batch.left_out for batch in batches if batch.left_out is not None]
    return [*(_entry(batch) for batch in batches), *left_out]


def _entry(batch: Batch) -> Quarantined:
    name = f"{batch.device_id}/{batch.kind}/{batch.identity}".encode()
    whole = len(batch.block) <= MAX_BLOCK_BYTES
    return Quarantined(
        id=f"{batch.received_ms:012x}{hashlib.blake2b(name, digest_size=6).hexdigest()}",
        account_id=batch.account_id,
        device_id=batch.device_id,
        received_ms=batch.received_ms,
        source="processing",
        reason=reason_of(batch, "gave_up"),
        field="",
        payload=batch.block if whole else batch.block[:MAX_PAYLOAD_BYTES],
        kind=batch.kind if whole else "",
    )
