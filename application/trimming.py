"""What remains of a batch when the observations that may not be kept are taken out."""

from collections.abc import Sequence

from application.ports.block_codec import BlockCodec, Encoded
from domain.consent import ConsentGate
from domain.kinds import Kind
from domain.observations import EARLIEST_TIME_MS
from domain.refusals import Reason, Refusal


def timely(codec: BlockCodec, encoded: Encoded, latest_ms: int) -> Encoded:
    """Without the times that cannot be."""
    if encoded.first_ms >= EARLIEST_TIME_MS and encoded.last_ms <= latest_ms:
        return encoded
    times_ms = codec.columns(encoded.block)["time_ms"]
    return _without(codec, encoded, times_ms, [_misplaced(one, latest_ms) for one in times_ms])


def consented(codec: BlockCodec, encoded: Encoded, kind: Kind, gate: ConsentGate) -> Encoded:
    """Without the hours for which there is no consent."""
    if encoded.count == 0 or gate.allows_whole(kind, encoded.first_ms, encoded.last_ms):
        return encoded
    times_ms = codec.columns(encoded.block)["time_ms"]
    allowed = gate.allowed(kind, times_ms)
    reasons = [None if yes else Reason.NO_CONSENT for yes in allowed]
    return _without(codec, encoded, times_ms, reasons)


def _misplaced(time_ms: int, latest_ms: int) -> Reason | None:
    if time_ms < EARLIEST_TIME_MS:
        return Reason.TOO_EARLY
    return Reason.TOO_LATE if time_ms > latest_ms else None


def _without(
    codec: BlockCodec,
    encoded: Encoded,
    times_ms: Sequence[int],
    reasons: Sequence[Reason | None],
) -> Encoded:
    """Leave out the observations at the positions that have a reason."""
    kept = [position for position, reason in enumerate(reasons) if reason is None]
    if len(kept) == encoded.count:
        return encoded
    refused = [
        Refusal(reason, "time", encoded.index_at(position))
        for position, reason in enumerate(reasons)
        if reason is not None
    ]
    return Encoded(
        block=codec.keep(encoded.block, kept) if kept else b"",
        count=len(kept),
        first_ms=times_ms[kept[0]] if kept else 0,
        last_ms=times_ms[kept[-1]] if kept else 0,
        refused=[*encoded.refused, *refused],
        refused_count=encoded.refused_count + len(refused),
        positions=[encoded.index_at(position) for position in kept],
    )
