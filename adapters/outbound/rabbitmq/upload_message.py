"""An upload as a message: a version, then arrays in MessagePack.

Fields are only ever added, at the end and with a default: an older process ignores what it does
not know, a newer one does without.
"""

import hashlib

import msgspec

from application.ports.intake_queue import Intake
from domain.batch import Batch
from domain.kinds import Kind
from domain.quarantine import Quarantined

_VERSION = b"\x01"


class BadMessage(ValueError):
    """Nothing that any version has written."""


class _Remains(msgspec.Struct, array_like=True):
    id: str
    device_id: str
    received_ms: int
    source: str
    reason: str
    field: str
    payload: bytes
    kind: str = ""


class _Batch(msgspec.Struct, array_like=True):
    kind: str
    identity: str
    block: bytes
    count: int
    first_ms: int
    last_ms: int
    received_ms: int
    left_out: _Remains | None = None


class _Upload(msgspec.Struct, array_like=True):
    account_id: str
    device_id: str
    batches: list[_Batch]
    quarantined: list[_Remains]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Upload).decode


def to_message(intake: Intake) -> bytes:
    """Of one device, with at least one batch or one thing that was not understood."""
    account_id, device_id = owner_of(intake)
    batches = [
        _Batch(
            one.kind.value,
            one.identity,
            one.block,
            one.count,
            one.first_ms,
            one.last_ms,
            one.received_ms,
            None if one.left_out is None else _remains(one.left_out),
        )
        for one in intake.batches
    ]
    remains = [_remains(one) for one in intake.quarantined]
    return _VERSION + _encode(_Upload(account_id, device_id, batches, remains))


def upload_name(intake: Intake) -> str:
    """The same for the same upload, whoever has it."""
    hashed = hashlib.blake2b(digest_size=16)
    for one in intake.batches:
        hashed.update(f"{one.device_id}/{one.kind}/{one.identity};".encode())
    return hashed.hexdigest()


def owner_of(intake: Intake) -> tuple[str, str]:
    """Account and device."""
    if intake.batches:
        return intake.batches[0].account_id, intake.batches[0].device_id
    return intake.quarantined[0].account_id, intake.quarantined[0].device_id


def from_message(body: bytes) -> Intake:
    """Raises BadMessage."""
    if body[:1] != _VERSION:
        raise BadMessage(f"a message of version {body[:1].hex() or 'none'}")
    try:
        upload = _decode(memoryview(body)[1:])
        return Intake(
            [_batch(upload, one) for one in upload.batches],
            [_quarantined(upload, one) for one in upload.quarantined],
        )
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadMessage(str(error)) from error


def _batch(upload: _Upload, one: _Batch) -> Batch:
    return Batch(
        upload.account_id,
        upload.device_id,
        Kind(one.kind),
        one.identity,
        one.block,
        one.count,
        one.first_ms,
        one.last_ms,
        one.received_ms,
        None if one.left_out is None else _quarantined(upload, one.left_out),
    )


def _remains(one: Quarantined) -> _Remains:
    return _Remains(
        one.id,
        one.device_id,
        one.received_ms,
        one.source,
        one.reason,
        one.field,
        one.payload,
        one.kind,
    )


def _quarantined(upload: _Upload, one: _Remains) -> Quarantined:
    return Quarantined(
        one.id,
        upload.account_id,
        one.device_id,
        one.received_ms,
        one.source,
        one.reason,
        one.field,
        one.payload,
        one.kind,
    )
