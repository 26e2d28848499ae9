"""We ask a device for a kind over a time range; its agent fetches the request and answers."""

from enum import StrEnum

import attrs

from domain.kinds import Kind

DEFAULT_LIMIT = 5_000
MAX_LIMIT = 100_000


class PullState(StrEnum):
    OPEN = "open"
    FETCHED = "fetched"
    ANSWERED = "answered"
    FAILED = "failed"


@attrs.frozen
class PullRequest:
    """`from_ms` inclusive, `to_ms` exclusive; `accepted` counts what has come so far.

    A fetched request is handed out again at the next check-in until it is answered or has
    failed: an agent may have died between fetching and answering.
    """

    id: str
    account_id: str
    device_id: str
    kind: Kind
    from_ms: int
    to_ms: int
    limit: int
    created_at_ms: int
    state: PullState = PullState.OPEN
    accepted: int = 0
    closed_at_ms: int | None = None
    reason: str | None = None

    @property
    def pending(self) -> bool:
        return self.state in (PullState.OPEN, PullState.FETCHED)
