"""A job's ticket as a message: a version, then an array in MessagePack.

Fields are only ever added, at the end and with a default.
"""

import msgspec

from adapters.outbound.rabbitmq.upload_message import BadMessage
from application.ports.job_queue import JobTicket

_VERSION = b"\x01"


class _Job(msgspec.Struct, array_like=True, frozen=True):
    account_id: str
    job_id: str
    more_s: float = 0.0


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Job).decode


def to_message(ticket: JobTicket, more_s: float) -> bytes:
    """`more_s` is how long the job has to wait after the message has come."""
    return _VERSION + _encode(_Job(ticket.account_id, ticket.job_id, more_s))


def from_message(body: bytes) -> tuple[JobTicket, float]:
    """Raises BadMessage."""
    if body[:1] != _VERSION:
        raise BadMessage(f"a message of version {body[:1].hex() or 'none'}")
    try:
        job = _decode(memoryview(body)[1:])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadMessage(str(error)) from error
    return JobTicket(job.account_id, job.job_id), job.more_s
