"""The gate of intake: what of each delivery may be kept, what is refused and why.

It asks for the kind, the consent, and the content. Blocks of one upload are judged in one call,
and those with nothing to object to take the shortest way: they come by the thousand.
"""

from collections.abc import Sequence

import attrs

from application.delivery import Delivery
from application.device_directory import DeviceAccess
from application.left_out import left_out, left_out_of_block, quarantined
from application.ports.block_codec import (
    BlockCodec,
    Description,
    Encoded,
    MalformedObservations,
    TooManyObservations,
)
from application.trimming import consented, timely
from domain.batch import (
    Batch,
    Outcome,
    Receipt,
    identity_of_content,
    identity_of_sequence,
)
from domain.kinds import Kind
from domain.observations import EARLIEST_TIME_MS, MAX_TIME_AHEAD_MS
from domain.quarantine import Quarantined
from domain.refusals import Reason, Refusal

MAX_NAMED_REFUSALS = 100

KINDS = {kind.value: kind for kind in Kind}


@attrs.define
class Checked:
    """A delivery after the gate: its receipt if it is new, and what it leaves behind.

    `refused` are all observations that were left out; the receipt names the first of them.
    """

    receipt: Receipt
    batch: Batch | None = None
    not_understood: Quarantined | None = None
    refused: Sequence[Refusal] = ()


@attrs.frozen
class IntakeGate:
    codec: BlockCodec

    def check(
        self, access: DeviceAccess, deliveries: Sequence[Delivery], now_ms: int
    ) -> list[Checked]:
        """One for each delivery, in order."""
        blocks = [one.block for one in deliveries if one.block is not None]
        descriptions = iter(self.codec.describe(blocks) if blocks else ())
        visit = _Visit(self.codec, access, now_ms, now_ms + MAX_TIME_AHEAD_MS)
        return [
            visit.observations(one)
            if one.block is None
            else visit.block(one, one.block, next(descriptions))
            for one in deliveries
        ]


@attrs.define
class _Visit:
    """One device at the gate, at one time."""

    codec: BlockCodec
    access: DeviceAccess
    now_ms: int
    latest_ms: int

    def block(self, delivery: Delivery, block: bytes, description: Description) -> Checked:
        name, count, first_ms, last_ms, fault = description
        kind = KINDS.get(name)
        if fault or kind is None:
            return self._bad_block(delivery, block, kind, fault)
        if (
            first_ms >= EARLIEST_TIME_MS
            and last_ms <= self.latest_ms
            and self.access.gate.allows_whole(kind, first_ms, last_ms)
        ):
            receipt = Receipt(name, Outcome.ACCEPTED, delivery.sequence, count)
            return Checked(receipt, self._batch(kind, delivery, block, count, first_ms, last_ms))
        if kind not in self.access.gate.kinds():
            return Checked(_refused(name, delivery, Reason.NO_CONSENT))
        encoded = Encoded(block, count, first_ms, last_ms, (), 0)
        encoded = timely(self.codec, encoded, self.latest_ms)
        return self._kept(
            kind,
            delivery,
            encoded,
            left_out_of_block(self.access, kind, self.codec, block, encoded.refused, self.now_ms),
        )

    def observations(self, delivery: Delivery) -> Checked:
        """A JSON array."""
        kind = KINDS.get(delivery.kind)
        if kind is None:
            receipt = _refused(delivery.kind[:64], delivery, Reason.UNKNOWN_KIND)
            return self._refuse(receipt, "kind", delivery.observations)
        if kind not in self.access.gate.kinds():
            return Checked(_refused(kind, delivery, Reason.NO_CONSENT))
        try:
            encoded = self.codec.encode_json(
                kind,
                delivery.observations,
                EARLIEST_TIME_MS,
                self.latest_ms,
                foreign=delivery.foreign,
            )
        except TooManyObservations:
            return Checked(_refused(kind, delivery, Reason.TOO_MANY_OBSERVATIONS))
        except MalformedObservations:
            receipt = _refused(kind, delivery, Reason.MALFORMED)
            return self._refuse(receipt, "observations", delivery.observations)
        if encoded.count == 0 and encoded.refused_count == 0:
            return Checked(_refused(kind, delivery, Reason.NO_OBSERVATIONS))
        not_understood = left_out(self.access, kind, delivery, encoded.refused, self.now_ms)
        return self._kept(kind, delivery, encoded, not_understood)

    def _bad_block(
        self, delivery: Delivery, block: bytes, kind: Kind | None, fault: str
    ) -> Checked:
        """A block that is refused whole, under the kind that it claims to be of."""
        if kind is not None and kind not in self.access.gate.kinds():
            return Checked(_refused(kind, delivery, Reason.NO_CONSENT))
        receipt = _refused(kind.value if kind else "", delivery, fault or Reason.BAD_BLOCK)
        if fault in (Reason.TOO_MANY_OBSERVATIONS, Reason.TOO_MUCH_TEXT):
            return Checked(receipt)
        field = "block"
        if fault == Reason.UNKNOWN_FIELD:
            field = "attributes"  # only foreign agents may say more than the kind's fields
            receipt.refused = (Refusal(fault, field),)
        return self._refuse(receipt, field, block)

    def _refuse(self, receipt: Receipt, field: str, payload: bytes) -> Checked:
        """The whole batch, for its content: it goes to quarantine.

        Nobody can tell of which times it speaks; consent is asked for the time it came.
        """
        kept = None
        if self.access.gate.allows_anything(self.now_ms):
            kept = quarantined(self.access, self.now_ms, receipt.reason or "", field, payload)
        return Checked(receipt, None, kept)

    def _kept(
        self, kind: Kind, delivery: Delivery, encoded: Encoded, not_understood: Quarantined | None
    ) -> Checked:
        encoded = consented(self.codec, encoded, kind, self.access.gate)
        receipt = _receipt(kind, delivery, encoded)
        batch = None
        if encoded.count:
            ends = (encoded.first_ms, encoded.last_ms)
            batch = self._batch(kind, delivery, encoded.block, encoded.count, *ends)
        return Checked(receipt, batch, not_understood, encoded.refused)

    def _batch(
        self, kind: Kind, delivery: Delivery, block: bytes, count: int, first_ms: int, last_ms: int
    ) -> Batch:
        access = self.access
        if delivery.sequence is None:
            identity = identity_of_content(block)
        else:
            identity = identity_of_sequence(delivery.sequence, access.enrolment)
        return Batch(
            access.account_id,
            access.device_id,
            kind,
            identity,
            block,
            count,
            first_ms,
            last_ms,
            self.now_ms,
        )


def _refused(kind: str, delivery: Delivery, reason: str) -> Receipt:
    return Receipt(kind, Outcome.REFUSED, delivery.sequence, reason=reason)


def _receipt(kind: Kind, delivery: Delivery, encoded: Encoded) -> Receipt:
    named = tuple(encoded.refused[:MAX_NAMED_REFUSALS])
    if encoded.count:
        return Receipt(kind, Outcome.ACCEPTED, delivery.sequence, encoded.count, named)
    only_consent = all(refusal.reason == Reason.NO_CONSENT for refusal in encoded.refused)
    reason = Reason.NO_CONSENT if only_consent else Reason.NOTHING_VALID
    return Receipt(kind, Outcome.REFUSED, delivery.sequence, refused=named, reason=reason)
