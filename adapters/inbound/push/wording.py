"""Between the application's words and the tuples of the native connection."""

from collections.abc import Sequence

import attrs
import fieldpost_native

from application.faults import Unavailable
from application.use_cases.accept_batches import Delivery
from application.use_cases.check_in import CheckedIn
from domain.batch import Receipt
from domain.kinds import Kind

KIND_CODES = {Kind(name): code for code, (name, _) in enumerate(fieldpost_native.schema(), 1)}
"""As in native/FORMAT.md; 0 is none of them."""

UNKNOWN_REQUEST = "unknown_request"
UNAVAILABLE = "unavailable"
_MAX_REFUSALS = 100

NativeReceipt = tuple[int, int, str, int, str, int, list[tuple[int, str, str]]]
Arrived = tuple[int, int, str, bytes, str, bool]
"""A batch: kind code, sequence, name of the kind if it is JSON, payload, request, completes."""


@attrs.define
class Answer:
    """Batches of one read that answer the same request; or none, where `request_id` is empty."""

    request_id: str
    batches: list[Arrived]
    completes: bool = False

    def deliveries(self) -> list[Delivery]:
        return [
            Delivery(name, payload, sequence) if name else Delivery.of_block(sequence, payload)
            for _, sequence, name, payload, _, _ in self.batches
        ]


def answers(batches: Sequence[Arrived]) -> list[Answer]:
    """Batches by the request that they answer, in order of the first of each."""
    found: dict[str, Answer] = {}
    for batch in batches:
        request_id = batch[4]
        answer = found.get(request_id)
        if answer is None:
            answer = found[request_id] = Answer(request_id, [])
        answer.batches.append(batch)
        answer.completes |= batch[5]
    return list(found.values())


def told_receipts(batches: Sequence[Arrived], receipts: Sequence[Receipt]) -> list[NativeReceipt]:
    """Under the names that the batches came by: of a bad block nobody else knows the kind."""
    told: list[NativeReceipt] = []
    for batch, receipt in zip(batches, receipts, strict=True):
        refused = [(one.index or 0, one.field, one.reason) for one in receipt.refused]
        told.append(
            (
                batch[0],
                batch[1],
                receipt.outcome.value,
                receipt.accepted,
                receipt.reason or "",
                0,
                refused[:_MAX_REFUSALS],
            )
        )
    return told


def refused(batches: Sequence[Arrived], reason: str) -> list[NativeReceipt]:
    return [(batch[0], batch[1], "refused", 0, reason, 0, []) for batch in batches]


def later(batches: Sequence[Arrived], error: Unavailable) -> list[NativeReceipt]:
    after_s = error.retry_after_s
    return [(batch[0], batch[1], "later", 0, UNAVAILABLE, after_s, []) for batch in batches]


def told_policy(told: CheckedIn) -> list[tuple[str, int]] | None:
    if told.policy is None:
        return None
    return [(kind.value, collection.interval_s) for kind, collection in told.policy.items()]


def told_requests(told: CheckedIn) -> list[tuple[str, str, int, int, int]]:
    return [
        (request.id, request.kind.value, request.from_ms, request.to_ms, request.limit)
        for request in told.pull_requests
    ]
