"""What becomes of uploads that nobody could process: quarantine, from where they can come back."""

import hashlib
import time
from collections.abc import Sequence

from application.ports.intake_queue import Intake
from domain.batch import Batch
from domain.quarantine import MAX_BLOCK_BYTES, MAX_PAYLOAD_BYTES, Quarantined

NOBODY = "-"
"""The account of what cannot be read at all: no tenant sees it, those who run the platform do."""


def upload_name(intake: Intake) -> str:
    """The same for the same upload, whoever has it."""
    hashed = hashlib.blake2b(digest_size=16)
    for one in intake.batches:
        hashed.update(f"{one.device_id}/{one.kind}/{one.identity};".encode())
    return hashed.hexdigest()


def given_up(intake: Intake) -> Sequence[Quarantined]:
    """An entry for each batch; given up twice it stands there once."""
    return [_entry(batch) for batch in intake.batches]


def unreadable(body: bytes) -> Quarantined:
    now_ms = time.time_ns() // 1_000_000
    tail = hashlib.blake2b(body, digest_size=6).hexdigest()
    return Quarantined(
        id=f"{now_ms:012x}{tail}",
        account_id=NOBODY,
        device_id=NOBODY,
        received_ms=now_ms,
        source="processing",
        reason="bad_message",
        field="",
        payload=body[:MAX_PAYLOAD_BYTES],
    )


def _entry(batch: Batch) -> Quarantined:
    name = f"{batch.device_id}/{batch.kind}/{batch.identity}".encode()
    whole = len(batch.block) <= MAX_BLOCK_BYTES
    return Quarantined(
        id=f"{batch.received_ms:012x}{hashlib.blake2b(name, digest_size=6).hexdigest()}",
        account_id=batch.account_id,
        device_id=batch.device_id,
        received_ms=batch.received_ms,
        source="processing",
        reason="gave_up",
        field="",
        payload=batch.block if whole else batch.block[:MAX_PAYLOAD_BYTES],
        kind=batch.kind if whole else "",
    )
