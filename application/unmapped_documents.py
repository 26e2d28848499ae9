"""Documents that did not map, as they stand in quarantine and come back from there.

They are kept as documents all the same. Those of one batch that fail in the same way stand
together, so that a mapping that fails always does not fill the shelf with one mistake.
"""

import hashlib
from collections.abc import Mapping, Sequence

import attrs

from application.ports.block_codec import BlockCodec
from domain.batch import Batch
from domain.mapping import Unmapped
from domain.quarantine import MAX_BLOCK_BYTES, Quarantined

_READ_AGAIN = "~="


@attrs.frozen
class Unread:
    """Why a document is not understood; `field` is a path in the definition of its mapping."""

    reason: Unmapped
    source: str
    field: str = ""


def identity_of_replay(item: Quarantined) -> str:
    """Of the batch that an entry becomes: the same entry has the same, so that replayed twice it
    has its effects once.
    """
    again = item.reason in list(Unmapped)
    return f"{_READ_AGAIN if again else '~'}{item.id}"


def is_read_again(batch: Batch) -> bool:
    """Whether its documents are stored already, and only what they become is new."""
    return batch.identity.startswith(_READ_AGAIN)


def reason_of(batch: Batch, why: str) -> str:
    """Why a batch could not be processed; what came back from quarantine goes back as it came."""
    return Unmapped.MAPPING_FAILED.value if is_read_again(batch) else why


def entries_of(
    codec: BlockCodec, batch: Batch, unread: Mapping[int, Unread]
) -> tuple[Quarantined, ...]:
    """`unread` are documents of the batch by their position. The same of the same batch again."""
    alike: dict[Unread, list[int]] = {}
    for position in sorted(unread):
        alike.setdefault(unread[position], []).append(position)
    return tuple(
        entry
        for why, positions in alike.items()
        for entry in _entries(codec, batch, why, positions)
    )


def _entries(
    codec: BlockCodec, batch: Batch, why: Unread, positions: Sequence[int]
) -> list[Quarantined]:
    block = codec.keep(batch.block, positions)
    if len(block) > MAX_BLOCK_BYTES and len(positions) > 1:
        middle = len(positions) // 2
        halves = (positions[:middle], positions[middle:])
        return [entry for half in halves for entry in _entries(codec, batch, why, half)]
    name = f"{batch.device_id}/{batch.identity}/{why.reason}/{positions[0]}".encode()
    return [
        Quarantined(
            id=f"{batch.received_ms:012x}{hashlib.blake2b(name, digest_size=6).hexdigest()}",
            account_id=batch.account_id,
            device_id=batch.device_id,
            received_ms=batch.received_ms,
            source=why.source,
            reason=why.reason.value,
            field=why.field,
            payload=block,
            kind=batch.kind.value,
        )
    ]
