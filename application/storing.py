"""Batches as blocks of UTC days: what comes at once of one kind and day is stored together."""

from collections.abc import Iterable, Sequence

from application.ports.block_codec import BlockCodec
from application.ports.device_ledger import StoredBlock
from domain.batch import Batch
from domain.kinds import Kind

MAX_TOGETHER = 10_000
"""A block of more observations is as good as two."""

_Part = tuple[str, bytes, int, int, int]
"""What a batch has of one day: its identity, the block, count, first and last event time."""


def blocks_of(codec: BlockCodec, batches: Sequence[Batch]) -> tuple[StoredBlock, ...]:
    """What the batches of one device, at least one, are stored as. Each block is under the name
    of its first batch, which no other batch of the device and kind has. Raises where a batch
    cannot be read.
    """
    by_day: dict[tuple[Kind, int], list[_Part]] = {}
    for batch in batches:
        # Also of a single day: it looks at the checksum. What nobody can read must not be stored,
        # for then nobody could read its day.
        days = codec.by_day(batch.block)
        for day_ms, block in days:
            if len(days) == 1:
                part = (batch.identity, block, batch.count, batch.first_ms, batch.last_ms)
            else:
                times = codec.columns(block)["time_ms"]
                part = (batch.identity, block, len(times), times[0], times[-1])
            by_day.setdefault((batch.kind, day_ms), []).append(part)
    owner = (batches[0].account_id, batches[0].device_id)
    return tuple(
        _together(codec, owner, kind, day_ms, some)
        for (kind, day_ms), parts in by_day.items()
        for some in _bounded(parts)
    )


def _bounded(parts: Sequence[_Part]) -> Iterable[list[_Part]]:
    """In order, as many at a time as make one block."""
    some: list[_Part] = []
    total = 0
    for part in parts:
        count = part[2]
        if some and total + count > MAX_TOGETHER:
            yield some
            some, total = [], 0
        some.append(part)
        total += count
    yield some


def _together(
    codec: BlockCodec, owner: tuple[str, str], kind: Kind, day_ms: int, parts: Sequence[_Part]
) -> StoredBlock:
    identities, blocks, counts, firsts_ms, lasts_ms = zip(*parts, strict=True)
    account_id, device_id = owner
    return StoredBlock(
        account_id=account_id,
        device_id=device_id,
        kind=kind,
        day_ms=day_ms,
        identity=identities[0],
        block=codec.merge(blocks) if len(blocks) > 1 else blocks[0],
        count=sum(counts),
        first_ms=min(firsts_ms),
        last_ms=max(lasts_ms),
    )
