"""Long-running work that somebody has asked for: it outlives its worker, and says how far it is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import attrs

MAX_ATTEMPTS = 5
HEARTBEAT_S = 5.0
LOST_AFTER_MS = 30_000
"""A running job whose worker has not said anything for so long is taken over."""


class JobKind(StrEnum):
    REPLAY_QUARANTINE = "replay_quarantine"
    BACKTEST = "backtest"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@attrs.frozen
class Job:
    """`progress` is a fraction, 0 to 1; `detail` says for people what was done, or why not.

    `result` is what the work was to find out, where it was to find out something.

    `attempt` counts the workers that have begun it; `worker` names the last of them, and
    `heartbeat_at_ms` is when that one was last heard of.
    """

    id: str
    account_id: str
    kind: JobKind
    created_at_ms: int
    params: Mapping[str, Any] = attrs.field(factory=dict)
    state: JobState = JobState.QUEUED
    progress: float = 0.0
    detail: str = ""
    attempt: int = 0
    worker: str | None = None
    heartbeat_at_ms: int | None = None
    finished_at_ms: int | None = None
    result: Mapping[str, Any] | None = None

    @property
    def ended(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
