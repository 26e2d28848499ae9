"""A line of the intake log: what one device brought of one kind on one day."""

import attrs

KEPT_DAYS = 31
"""A month at a glance. A device leaves a line a day for each kind: a year would fill disks."""


@attrs.define
class IntakeLine:
    """Batches by what became of them, and observations that were kept and left out.

    `day` is the date, in the person's time zone, on which we received them; `kind` is empty
    where it could not be told. An accepted batch may have had observations that were left out.
    `reason` is why something was refused last.
    """

    account_id: str
    device_id: str
    day: str
    kind: str
    first_at_ms: int
    last_at_ms: int
    accepted_batches: int = 0
    duplicate_batches: int = 0
    refused_batches: int = 0
    accepted: int = 0
    refused: int = 0
    reason: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.account_id, self.device_id, self.day, self.kind

    def add(self, other: "IntakeLine") -> None:
        """What came after it, of the same device, day and kind."""
        self.first_at_ms = min(self.first_at_ms, other.first_at_ms)
        self.last_at_ms = max(self.last_at_ms, other.last_at_ms)
        self.accepted_batches += other.accepted_batches
        self.duplicate_batches += other.duplicate_batches
        self.refused_batches += other.refused_batches
        self.accepted += other.accepted
        self.refused += other.refused
        self.reason = other.reason or self.reason
