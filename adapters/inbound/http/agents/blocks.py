"""Uploads of blocks: batches that the agent has encoded itself.

The body is, for each batch: its sequence, a varint; the length of its block in bytes, a varint;
the block. Varints and blocks are those of `native/FORMAT.md`.
"""

from urllib.parse import parse_qs

from adapters.inbound.http.agents.asgi import AgentRequest
from adapters.inbound.http.problems import HttpRefusal
from application.use_cases.accept_batches import Delivery
from domain.batch import MAX_BATCHES_PER_UPLOAD, MAX_SEQUENCE
from domain.refusals import FieldError

MEDIA_TYPE = "application/vnd.fieldpost.block"

_VARINT_BYTES = 10


def holds_blocks(request: AgentRequest) -> bool:
    """Whether the body says that it is blocks and not JSON."""
    said = request.headers.get(b"content-type", b"").partition(b";")[0]
    return said.strip().lower() == MEDIA_TYPE.encode()


def framed_blocks(body: bytes) -> list[Delivery]:
    """The batches of a body, not looked into yet. Raises HttpRefusal."""
    deliveries: list[Delivery] = []
    at = 0
    while at < len(body):
        if len(deliveries) == MAX_BATCHES_PER_UPLOAD:
            raise _impossible("batches", f"has more than {MAX_BATCHES_PER_UPLOAD} items")
        sequence, at = _varint(body, at)
        if sequence > MAX_SEQUENCE:
            raise _impossible(f"batches[{len(deliveries)}].sequence", "must be below 2^53")
        length, at = _varint(body, at)
        if length > len(body) - at:
            raise _badly_framed(at, f"a block of {length} bytes does not end within the body")
        deliveries.append(Delivery.of_block(sequence, body[at : at + length]))
        at += length
    return deliveries


def said_complete(request: AgentRequest) -> bool:
    """`?complete=true`: blocks leave no room for it in the body. Raises HttpRefusal."""
    said = parse_qs(request.query.decode("latin-1"), keep_blank_values=True).get("complete")
    if said is None:
        return False
    if said not in (["true"], ["false"]):
        raise _impossible("complete", "must be true or false")
    return said == ["true"]


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """The number that stands there, and where it ends."""
    value = 0
    for place, part in enumerate(body[at : at + _VARINT_BYTES]):
        value |= (part & 0x7F) << (7 * place)
        if part < 0x80:
            if value >= 1 << 64:
                break
            return value, at + place + 1
    else:
        if len(body) - at < _VARINT_BYTES:
            raise _badly_framed(at, "a varint ends too early")
    raise _badly_framed(at, "a varint exceeds 64 bits")


def _badly_framed(at: int, what: str) -> HttpRefusal:
    return HttpRefusal(400, "The body is not what it says", f"byte {at}: {what}")


def _impossible(field: str, reason: str) -> HttpRefusal:
    return HttpRefusal(
        422,
        "The request has values that cannot be",
        f"{field}: {reason}",
        [FieldError(field, reason)],
    )
